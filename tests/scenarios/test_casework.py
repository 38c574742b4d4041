"""What the regulations demand between dispatch and answer: steps, approvals, and what the answer has to say."""

import pytest

from shared.contracts.values import Outcome
from tests.scenarios.desk import Desk
from tests.scenarios.given import pack

RECORDS = ("production-record", "packaging-record", "monitoring-record", "inspection-record")
REACTION = ("sample", "particulars", *RECORDS, "retained-sample-compared")
DEFECT = ("nobody-harmed", "sample", *RECORDS, "full-test")
DANGER = ("sample", "particulars", *RECORDS, "full-test", "field-visit")
CORPORATE = ("verification", "complainant-heard", "respondent-heard", "investigation")
DONE = {"measures": "改进包装", "root_cause": "运输破损", "responsible": "仓储部"}


def test_s3_3_no_outcome_before_verification_both_sides_heard_and_investigation() -> None:
    assert Desk("corporate").missing("not-upheld") == dict.fromkeys(CORPORATE, "S3.3") | {
        "investigation": "S3.3, S12.2"
    }


def test_s3_3_a_step_counts_when_it_says_what_was_found() -> None:
    desk = Desk("corporate")
    desk.note(*CORPORATE[1:])
    desk.case.progress("verification", note=None, visible=True, by="amy", at=desk.context.now)

    assert list(desk.missing("not-upheld")) == ["verification"]


def test_s3_8_a_complaint_found_untrue_ends_with_an_explanation_of_the_finding() -> None:
    desk = Desk("corporate")
    desk.note(*CORPORATE)

    desk.answer("not-upheld", "经查不属实。", finding="监控显示当时门店未营业。")

    assert desk.told == "经查不属实。\n\n监控显示当时门店未营业。"


def test_s3_8_without_that_explanation_there_is_no_such_outcome() -> None:
    desk = Desk("corporate")
    desk.note(*CORPORATE)

    assert desk.unsaid("not-upheld") == ["#/finding"]


def test_s5_4_what_is_upheld_has_its_plan_cause_and_responsible_party() -> None:
    desk = Desk("corporate")
    desk.note(*CORPORATE)
    without_plan = desk.missing("upheld")
    desk.note("plan")

    assert (list(without_plan), desk.unsaid("upheld")) == (["plan"], ["#/root_cause", "#/responsible", "#/measures"])


def test_s16_5_a_plan_made_with_the_departments_concerned_is_on_record_and_the_answer_says_its_measures() -> None:
    desk = Desk("corporate")
    desk.note(*CORPORATE, "plan")

    desk.answer("upheld", **DONE)

    assert desk.is_told


@pytest.mark.parametrize("severity", ["major", "critical"])
def test_s5_7_a_severe_complaint_has_a_special_team_and_its_leader_approves(severity) -> None:
    desk = Desk("corporate", severity)
    missing = desk.missing("upheld")
    desk.note(*CORPORATE, "plan", "team")
    desk.answer("upheld", **DONE)
    told_before = desk.is_told

    desk.approve("lea", "manager")

    assert (missing["team"], told_before, desk.is_told) == ("S5.7", False, True)


def test_s8_6_who_approves_what_is_clear_for_each_kind_of_complaint() -> None:
    general, major = Desk("corporate", "general"), Desk("corporate", "major")

    for desk in (general, major):
        desk.note(*CORPORATE, "plan", "team")
        desk.answer("upheld", **DONE)

    assert (general.case.awaiting, major.case.awaiting) == (None, "manager")


def test_s2_9_an_unreasonable_complaint_is_answered_with_reasons() -> None:
    assert Desk("group").unsaid("explained") == ["#/finding"]


@pytest.mark.parametrize(
    ("outcome", "unsaid"),
    [
        ("upheld", ["#/measures", "#/redress"]),
        ("not-upheld", ["#/finding"]),
        ("referred", ["#/referred_to"]),
    ],
)
def test_s7_4_each_outcome_has_its_duties(outcome: Outcome, unsaid: list[str]) -> None:
    desk = Desk("vehicle-repair")
    desk.note("investigation")

    assert desk.unsaid(outcome) == unsaid


def test_s7_4_the_customer_is_told_to_whom_the_complaint_was_forwarded() -> None:
    desk = Desk("vehicle-repair")
    desk.note("investigation")
    silent = desk.unsaid("referred", referred_to="配件厂")

    desk.answer("referred", "已转送配件厂处理。", referred_to="配件厂")

    assert (silent, desk.case.recorded[-1].referred_to) == (["#/answer"], "配件厂")


def test_s7_4_nothing_is_decided_before_the_matter_is_looked_into() -> None:
    assert Desk("vehicle-repair").missing("upheld") == {"investigation": "S7.4"}


def test_s19_5_sample_package_seal_origin_and_expiry_are_checked_before_a_product_is_judged() -> None:
    missing = Desk("medicine").missing("upheld")

    assert [step for step, clause in missing.items() if clause == "S19.5"] == [
        "sample-requested", "package-checked", "origin-confirmed",
    ]  # fmt: skip


def test_s19_5_no_sample_is_asked_for_where_the_complaint_is_about_service() -> None:
    assert Desk("medicine", category="service").missing("upheld") == {"investigation": "S19.2"}


def test_s20_2_class_1_is_answered_at_once_where_words_suffice() -> None:
    desk = Desk("medicine-gmp")

    desk.answer("explained", finding="药片颜色略深属正常批间差异。")

    assert desk.is_told


def test_s20_3_a_reaction_needs_sample_particulars_records_and_the_retained_sample() -> None:
    assert tuple(Desk("medicine-gmp", "major").missing("upheld")) == REACTION


def test_s20_3_the_opinion_passes_from_the_inspector_by_three_hands_to_the_complainant() -> None:
    desk = Desk("medicine-gmp", "major")
    desk.note(*REACTION)
    desk.answer("upheld", measures="召回该批")
    stations = []
    for by, role in (("sue", "supervisor"), ("max", "manager"), ("gao", "approver")):
        stations.append((pack("medicine-gmp").roles[desk.case.awaiting]["zh-CN"], desk.is_told))
        desk.approve(by, role)

    assert (stations, desk.is_told) == (
        [("质量保证部部长", False), ("质量副总", False), ("总经理", False)], True,
    )  # fmt: skip


def test_s20_3_an_opinion_that_is_returned_goes_the_whole_way_again() -> None:
    desk = Desk("medicine-gmp", "major")
    desk.note(*REACTION)
    desk.answer("upheld", measures="召回该批")
    desk.approve("sue", "supervisor")
    desk.send_back("max", "manager", "留样结论不足")

    desk.answer("upheld", measures="召回该批并复检留样")

    assert desk.case.awaiting == "supervisor"


def test_s20_4_where_nobody_was_harmed_both_samples_are_fully_tested_and_the_department_is_told() -> None:
    desk = Desk("medicine-gmp", "major")
    desk.note("nobody-harmed", "sample", *RECORDS)

    assert desk.missing("upheld") == {"full-test": "S20.4", "department-told": "S20.4"}


def test_s20_4_what_is_confirmed_is_returned_or_exchanged_with_the_vice_presidents_approval() -> None:
    desk = Desk("medicine-gmp", "major")
    desk.note(*DEFECT, "department-told")
    unsaid = desk.unsaid("upheld")
    desk.answer("upheld", measures="停用该批包材", redress="换货", responsible="包装车间")
    desk.approve("sue", "supervisor")

    desk.approve("max", "manager")

    assert (unsaid, desk.is_told) == (["#/measures", "#/redress", "#/responsible"], True)


def test_s20_4_what_is_not_ours_is_explained_in_writing_without_further_approval() -> None:
    desk = Desk("medicine-gmp", "major")
    desk.note(*DEFECT)

    desk.answer("not-upheld", "并非我方质量问题。", finding="该药在您处存放温度超过 30℃。")

    assert (desk.is_told, "30℃" in desk.told) == (True, True)


def test_s20_5_danger_needs_field_visit_samples_records_full_tests_and_a_decision_on_recall() -> None:
    desk = Desk("medicine-gmp", "critical")
    desk.note(*DANGER)

    assert (set(Desk("medicine-gmp", "critical").missing("not-upheld")), desk.missing("upheld")) == (
        set(DANGER), {"recall-decision": "S20.5"},
    )  # fmt: skip


def test_s20_5_what_is_confirmed_as_dangerous_goes_up_to_the_general_manager() -> None:
    desk = Desk("medicine-gmp", "critical")
    desk.note(*DANGER, "recall-decision")
    desk.answer("upheld", measures="紧急召回")
    desk.approve("sue", "supervisor")
    desk.approve("max", "manager")

    assert (desk.case.awaiting, desk.is_told) == ("approver", False)


def test_a_returned_opinion_keeps_its_reason_for_the_inspector() -> None:
    desk = Desk("corporate", "major")
    desk.note(*CORPORATE, "plan", "team")
    desk.answer("upheld", **DONE)

    desk.send_back("lea", "manager", "赔付依据不足")

    note = desk.case.steps[-1].note
    assert note is not None
    assert desk.context.keyring.open(note, desk.case.number) == "赔付依据不足"
