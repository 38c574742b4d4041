"""S3, S5, S8 to S12 and S16: one company's regulation."""

from datetime import timedelta

import pytest

from services.feedback.model import Attempt
from services.routing.classifier import Classifier, load_lexicon
from services.routing.model import Excluded, priority_of
from shared.contracts.feedback import ComplaintClosed
from shared.contracts.routing import CaseProgressed, CaseResolved
from tests.feedback.builders import MONDAY, NUMBER, after, registered, resolved, sealed, travelled
from tests.intake.given import a_complaint
from tests.routing.given import BRIEFING, SEALED, UPHELD, an_accepted_case, an_answered_case, later
from tests.scenarios.given import admitted, departments, letters, limit, pack, steps

PACK = pack("corporate")
SOON = MONDAY + timedelta(hours=1)


def agreed():
    """A conversation in which the answer was read and agreed with."""
    conversation = after(registered(regulation="corporate"), resolved())
    conversation.note(Attempt("answer-1", "sent", "email"), at=MONDAY, regulation=PACK)
    conversation.agree(1, at=SOON, regulation=PACK)
    return conversation


def test_s3_1_phone_letter_and_visit_are_taken():
    assert admitted("corporate", "hotline", "letter", "visit") == ["hotline", "letter", "visit"]


async def test_s3_2_on_receipt_the_customer_is_told_process_and_time_nodes():
    receipt = (await letters("corporate"))["receipt"]

    assert all(words in receipt for words in ["2. 回访确认事实和诉求", "首次答复：不迟于 2026-11-24 18:00"])


def test_s3_3_a_complaint_goes_through_verification_investigation_and_handling():
    stages = [step.partition("：")[0] for step in steps("corporate")]

    assert [stage for stage in stages if stage in ("初步核实", "调查取证", "处理反馈")] == [
        "初步核实",
        "调查取证",
        "处理反馈",
    ]


def test_s3_3_both_sides_are_heard():
    assert any("听取投诉方和被投诉方的意见" in step for step in steps("corporate"))


def test_s3_6_after_closing_the_customer_is_asked_how_satisfied_they_are():
    assert (agreed().asked_survey.status, limit("corporate", "survey")) == ("asked", "2 weeks (S3.6)")


def test_s3_7_the_file_is_archived_within_5_working_days_of_closing():
    target = PACK.targets_for()["filing"]

    assert (str(target.within), target.starts, target.clause) == ("5 working days", "closing", "S3.7")


async def test_s3_8_a_complaint_found_untrue_ends_with_an_explanation_of_the_finding():
    untrue = CaseResolved(outcome="not-upheld", answer=sealed("监控显示当时无人在场。"), round=1)

    answer = (await letters("corporate", travelled(untrue)))["answer"]

    assert all(words in answer for words in ["投诉不成立", "监控显示当时无人在场。"])


def test_s5_1_hotline_mailbox_service_centre_social_media_and_online_are_open():
    channels = ["hotline", "email", "front-desk", "social", "web"]

    assert admitted("corporate", *channels) == channels


def test_s5_3_the_customer_is_called_back_about_facts_and_demands_the_next_day():
    assert (steps("corporate")[1], limit("corporate", "first-reply")) == ("回访确认事实和诉求", "next day (S5.3, S8.3)")


async def test_s5_5_progress_is_reported_to_the_customer():
    step = CaseProgressed(step="现场检测", note=sealed("已取样"), visible_to_complainant=True)

    assert "现场检测" in (await letters("corporate", travelled(step)))["progress"]


def test_s8_1_complaints_of_every_source_come_together_in_one_place():
    assert PACK.channels == "all"


def test_s8_2_who_received_it_is_recorded():
    assert a_complaint(received_by="前台 李娟").recorded[0].received_by == "前台 李娟"


def test_s8_3_the_customer_quickly_hears_of_the_next_steps():
    assert limit("corporate", "first-reply") == "next day (S5.3, S8.3)"


@pytest.mark.parametrize(("severity", "priority"), [("general", "normal"), ("major", "high"), ("critical", "urgent")])
def test_s8_4_content_and_urgency_decide_the_priority(severity, priority):
    assert priority_of(severity, "standard") == priority


def test_s9_1_subject_time_place_and_persons_are_taken_down():
    assert PACK.requires == ("subject_line", "occurred_at", "place", "respondent")


@pytest.mark.parametrize(
    "text", ["再不处理我就起诉", "你们泄露个人信息", "员工索要好处，属于商业贿赂", "My lawyer will be in touch"]
)
def test_s9_2_legal_and_compliance_matters_are_assessed_as_severe(text):
    assert "(S9.2)" in PACK.severity_of(text).because[0]


def test_s9_3_the_solution_is_agreed_with_the_customer():
    assert ComplaintClosed(outcome="upheld", agreed=True, rounds=1) in agreed().recorded


@pytest.mark.parametrize(("text", "kind"), [
    ("冰箱用了三个月就不制冷，质量太差", "product/"), ("店员态度恶劣，爱理不理", "service/attitude"),
])  # fmt: skip
def test_s10_1_complaints_are_classified_as_product_quality_service_attitude_and_so_on(text, kind):
    assert Classifier(load_lexicon()).classify(text).tags[0].startswith(kind)


def test_s10_2_root_cause_and_correction_are_put_on_record():
    case = an_accepted_case()

    found = UPHELD.model_copy(update={"root_cause": "接线松动", "measures": "全部返检"})
    case.resolve(found, SEALED, by="amy", at=later(60))

    assert (case.recorded[-1].root_cause, case.recorded[-1].measures) == ("接线松动", "全部返检")


def test_s11_1_a_written_complaint_is_acknowledged_within_24_hours():
    assert limit("corporate", "acknowledgement", written=True, channel="letter") == "24 hours (S11.1)"


def test_s11_3_operations_quality_and_customer_service_share_the_work():
    assert departments("corporate") == {"product": "质量部门", "service": "客户服务部门", "other": "运营部门"}


def test_s11_3_leadership_supervises():
    last = PACK.ladder_for("general")[-1]

    assert PACK.roles[last.role]["zh-CN"] == "领导班子"


async def test_s12_1_the_receipt_names_number_process_and_time():
    receipt = (await letters("corporate"))["receipt"]

    assert all(words in receipt for words in [NUMBER, "1. 登记投诉", "告知处理结果：不迟于 2026-11-30 18:00"])


def test_s12_2_the_investigation_has_a_time_limit_of_its_own():
    assert limit("corporate", "investigation") == "3 working days (S12.2)"


def test_s12_3_what_was_agreed_is_carried_out_within_a_stated_time():
    target = PACK.targets_for()["measures"]

    assert (str(target.within), target.starts, target.clause) == ("10 working days", "agreement", "S12.3")


def test_s12_4_a_customer_who_is_not_satisfied_goes_to_the_superior():
    case = an_answered_case()

    case.reopen(1, reason="不满意", at=later(90), briefing=BRIEFING)

    assert (case.level, PACK.consent.rounds) == (1, 1)


def test_s12_4_the_superiors_answer_is_the_last_and_other_remedies_are_told():
    assert (PACK.is_last(2), "12315" in PACK.remedies.text["zh-CN"]) == (True, True)


def test_s12_4_the_superior_is_not_whoever_answered_first():
    case = an_answered_case()
    case.reopen(1, reason="不满意", at=later(90), briefing=BRIEFING)

    with pytest.raises(Excluded):
        case.accept(by="amy", handler="", at=later(100))


def test_s16_1_phone_mail_web_and_post_are_taken():
    assert admitted("corporate", "hotline", "email", "web", "letter") == ["hotline", "email", "web", "letter"]


def test_s16_2_the_receipt_goes_out_within_24_hours():
    assert limit("corporate", "acknowledgement", channel="web") == "24 hours (S16.2)"


def test_s16_2_every_department_has_a_place_that_the_receipt_can_name():
    assert all(entry.place["zh-CN"] for entry in PACK.departments.values())


async def test_s16_6_afterwards_the_customer_is_asked_whether_it_is_solved():
    assert "请告诉我们您是否同意" in (await letters("corporate", resolved()))["answer"]
