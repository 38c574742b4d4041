"""S2: complaints to a group of real estate, scenic area and property management."""

from datetime import datetime, timedelta

import pytest

from services.feedback.handlers import SUBSCRIPTIONS
from shared.contracts.routing import CaseProgressed
from tests.feedback.builders import MONDAY, a_context, after, registered, reopened, resolved, travelled
from tests.routing.given import SEALED, UPHELD, an_accepted_case, later
from tests.scenarios.given import SHANGHAI, alerted, due, letters, limit, pack


def test_s2_1_complaints_come_by_phone_visit_letter_box_web_media_and_petition():
    assert pack("group").channels == ("hotline", "visit", "letter", "suggestion-box", "web", "media", "petition")


def test_s2_2_name_address_and_phone_are_taken_down():
    assert set(pack("group").requires) == {"complainant.name", "complainant.address", "complainant.phone"}


@pytest.mark.parametrize("channel", ["visit", "hotline"])
def test_s2_5_what_is_said_face_to_face_or_by_phone_is_replied_to_the_same_day(channel):
    assert limit("group", "first-reply", channel=channel) == "same day (S2.5)"


@pytest.mark.parametrize("channel", ["letter", "suggestion-box", "web", "hotline"])
def test_s2_5_what_is_written_is_replied_to_within_2_working_days(channel):
    assert limit("group", "first-reply", channel=channel, written=True) == "2 working days (S2.5)"


@pytest.mark.parametrize(("received", "replied"), [
    ("2026-09-30 10:00", "2026-09-30 18:00"),
    ("2026-09-30 18:00", "2026-10-08 18:00"),
    ("2026-10-10 09:00", "2026-10-10 18:00"),
])  # fmt: skip
def test_s2_5_the_same_day_ends_with_business_and_begins_again_on_a_working_day(received, replied):
    assert due("group", "first-reply", received, channel="hotline") == replied


def test_s2_5_a_letter_of_the_day_before_the_holidays_is_replied_to_after_them():
    assert due("group", "first-reply", "2026-09-30 10:00", channel="letter", written=True) == "2026-10-09 18:00"


def test_s2_6_negotiation_goes_on_round_by_round_until_both_agree():
    conversation = after(registered(regulation="group"))
    for round_ in range(1, 6):
        conversation = SUBSCRIPTIONS.handle(conversation, resolved(round_), a_context())
        if round_ < 5:
            conversation.dispute(round_, reason="还不行", at=MONDAY + timedelta(hours=round_), regulation=pack("group"))
            conversation = SUBSCRIPTIONS.handle(conversation, reopened(round_), a_context())

    conversation.agree(5, at=MONDAY + timedelta(days=1), regulation=pack("group"))

    assert conversation.status == "agreed"


@pytest.mark.parametrize("severity", ["major", "critical"])
def test_s2_7_a_major_complaint_goes_to_the_leader_in_charge_at_once(severity):
    assert alerted("group", severity) == [("主管领导", "15 minutes")]


def test_s2_7_what_is_not_settled_in_time_goes_to_the_responsible_leader():
    last = pack("group").ladder_for("general")[-1]

    assert (last.rung, pack("group").roles[last.role]["zh-CN"]) == ("raised", "分管领导")


def test_s2_9_an_unreasonable_complaint_ends_with_a_patient_explanation():
    case = an_accepted_case(regulation="group")

    case.resolve(UPHELD.model_copy(update={"outcome": "explained"}), SEALED, by="amy", at=later(60))

    assert (case.recorded[-1].outcome, case.recorded[-1].answer) == ("explained", SEALED)


def test_s2_6_no_answer_is_the_last_one():
    assert not pack("group").is_last(20)


async def test_s2_4_the_time_of_reply_that_was_agreed_is_told_to_the_customer():
    promised_at = datetime(2026, 11, 25, 10, 0, tzinfo=SHANGHAI)
    agreed = CaseProgressed(step="已约定", visible_to_complainant=True, promised_at=promised_at)

    assert "2026-11-25 10:00" in (await letters("group", travelled(agreed)))["progress"]


@pytest.mark.parametrize(("severity", "settled"), [("general", True), ("major", False), ("critical", False)])
def test_s2_3_minor_complaints_are_settled_on_the_spot_and_no_others(severity, settled):
    assert pack("group").settles(severity, "visit") is settled


def test_s11_2_what_can_be_solved_at_once_is_solved_at_once():
    assert pack("corporate").settles("general", "letter")
