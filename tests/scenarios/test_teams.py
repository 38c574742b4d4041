"""What the regulations say of several departments on one complaint, and of a team that a leader leads."""

import pytest

from services.routing.casework.answer import review
from services.routing.casework.department import obey
from services.routing.classifier import Classifier, load_lexicon
from services.routing.handlers import on_complaint_registered, on_department_reply
from services.routing.kit import Kit
from services.routing.model import Case, TasksOpen
from services.routing.teams.tasks import ask, form_team
from shared.contracts.departments import Progress, Resolution, ResolveReply, TaskAsked, WorkOrder
from shared.contracts.intake import Hints
from shared.contracts.routing import CaseResolved
from shared.contracts.values import Severity
from shared.errors import Invalid
from shared.handling import Context
from shared.identity import Caller, Forbidden
from shared.privacy import Keyring
from tests.feedback.builders import KEY, MONDAY, TOKENS, registered, sealed
from tests.scenarios.given import PACKS, due

STEPS = ("verification", "complainant-heard", "respondent-heard", "investigation", "plan")
ANSWER = Resolution(outcome="upheld", answer="已整改", root_cause="排班不当", responsible="运营部", measures="调整排班")
LEADER = Caller("staff", "max", frozenset({"manager"}))
KIT = Kit(Classifier(load_lexicon()), "https://complaints.example")
CONTEXT = Context(MONDAY, PACKS, Keyring([KEY]), TOKENS, KIT)


def a_case(severity: Severity, regulation: str = "corporate") -> Case:
    """A complaint as it is when it has been dispatched."""
    hints = Hints(category="product", severity=severity)
    complaint = registered(
        regulation=regulation, narrative=sealed("冰箱用了三个月就不制冷"), subject_line="", hints=hints
    )
    return on_complaint_registered(None, complaint, CONTEXT)


def asked(case: Case) -> list[str]:
    """The departments that got a work order beside the one that leads."""
    return [event.department for event in case.recorded if isinstance(event, WorkOrder) and event.task]


def answers(case: Case, department: str) -> None:
    """A department answers its task over the bus."""
    said = ResolveReply(number=case.number, by="eve", department=department, outcome="explained", answer="当日两人请假")
    on_department_reply(case, said, CONTEXT)


def worked_on(case: Case) -> Case:
    """Everything is on record that has to be before an answer."""
    for step in STEPS:
        obey(case, Progress(step=step, note="见附件"), "amy", CONTEXT)
    return case


@pytest.mark.parametrize("severity", ["major", "critical"])
def test_s8_5_a_team_of_departments_works_on_what_is_grave_from_the_beginning(severity):
    case = a_case(severity)

    assert {case.department, *asked(case)} == {"quality", "service", "operations"}


def test_s8_5_which_departments_are_on_it_depends_on_what_it_is_about():
    teams = [PACKS.get("corporate").team_for("major", category) for category in ("product", "service")]

    assert [len(team.departments) for team in teams] == [3, 2]


def test_s8_5_each_has_a_target_of_its_own_before_the_customers():
    case = a_case("major")

    assert [task.due_at < case.due_at for task in case.tasks] == [True, True]


def test_s8_5_nobody_else_is_bothered_with_what_is_general():
    assert asked(a_case("general")) == []


def test_s10_3_a_simple_complaint_is_settled_by_whoever_received_it():
    assert PACKS.get("corporate").settles("general", "hotline")


def test_s10_3_a_complex_one_is_coordinated_across_departments_and_the_customer_gets_one_answer():
    case = worked_on(a_case("general"))
    ask(case, TaskAsked(department="service", asks="请说明排班"), by="amy", context=CONTEXT)
    with pytest.raises(TasksOpen):
        obey(case, ANSWER, "amy", CONTEXT)
    answers(case, "service")

    obey(case, ANSWER, "amy", CONTEXT)

    assert [event.outcome for event in case.recorded if isinstance(event, CaseResolved)] == ["upheld"]


def test_s10_3_those_who_coordinate_read_what_the_others_answered():
    case = a_case("general")
    ask(case, TaskAsked(department="service", asks="请说明排班"), by="amy", context=CONTEXT)

    answers(case, "service")

    assert case.tasks[0].answer
    assert CONTEXT.keyring.open(case.tasks[0].answer, case.number) == "当日两人请假"


def test_s5_7_a_special_team_is_led_by_a_leader():
    case = a_case("major")

    form_team(case, ["amy", "eve"], LEADER, CONTEXT)

    assert (case.leader, case.members, "team" in case.on_record) == ("max", ["amy", "eve"], True)


def test_s5_7_nobody_but_a_leader_leads_it():
    with pytest.raises(Forbidden):
        form_team(a_case("major"), ["eve"], Caller("staff", "amy", frozenset({"handler"})), CONTEXT)


def test_s5_7_what_is_general_has_no_special_team():
    with pytest.raises(Invalid):
        form_team(a_case("general"), ["eve"], LEADER, CONTEXT)


def test_s5_7_the_teams_answer_goes_out_when_a_leader_has_approved_it():
    case = worked_on(a_case("critical"))
    form_team(case, ["amy"], LEADER, CONTEXT)
    for department in asked(case):
        answers(case, department)
    obey(case, ANSWER, "amy", CONTEXT)
    before = case.status

    review(case, "approve", "", by="lea", roles={"manager"}, context=CONTEXT)

    assert (before, case.status) == ("in-approval", "answered")


def test_s5_7_severe_complaints_are_solved_within_three_working_days():
    assert due("corporate", "resolution", "2026-11-23 10:00", severity="major") == "2026-11-26 18:00"
