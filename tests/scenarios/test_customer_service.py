"""S4: customer service and customer relations."""

from services.routing.model import priority_of
from tests.routing.given import SEALED, UPHELD, an_accepted_case, later
from tests.scenarios.given import due, limit, pack


def test_s4_1_receipt_is_confirmed_within_24_hours():
    assert limit("customer-service", "acknowledgement") == "24 hours (S4.1)"


def test_s4_2_the_name_is_taken_down_beside_contact_content_and_time():
    assert pack("customer-service").requires == ("complainant.name",)


def test_s4_3_the_result_is_told_within_48_hours():
    assert limit("customer-service", "resolution") == "48 hours (S4.3)"


def test_s4_3_the_48_hours_run_through_holidays():
    assert due("customer-service", "resolution", "2026-09-30 17:40") == "2026-10-02 17:40"


def test_s4_4_apology_visit_and_compensation_are_each_on_record():
    case = an_accepted_case(regulation="customer-service")
    case.progress("致电道歉", note=None, visible=True, by="amy", at=later(20))
    case.progress("上门回访", note=None, visible=True, by="amy", at=later(40))

    case.resolve(UPHELD.model_copy(update={"redress": "补偿100元"}), SEALED, by="amy", at=later(60))

    assert ([step.step for step in case.steps][1:3], case.redress) == (["致电道歉", "上门回访"], "补偿100元")


def test_s4_5_important_customers_come_first_in_every_queue():
    assert (priority_of("general", "important"), priority_of("general", "standard")) == ("high", "normal")


def test_s4_5_important_customers_are_promised_more():
    promised = [
        limit("customer-service", milestone, tier="important") for milestone in ("acknowledgement", "resolution")
    ]

    assert promised == ["4 hours (S4.5)", "24 hours (S4.5)"]
