"""What is promised, from when, and that every promise of every pack comes to an end."""

import pytest

from services.sla.model import Clock
from shared.contracts.sla import TargetMet, TargetSet
from shared.contracts.values import Milestone, Severity
from shared.errors import Invalid, NotYet
from shared.regulations import load_regulations
from tests.sla.given import a_clock, hours, promise, rules, said

PACKS = [regulation.name for regulation in load_regulations()]
SEVERITIES: tuple[Severity, ...] = ("general", "major", "critical")


def lived(pack: str, *, measures: bool = True, severity: Severity = "general") -> Clock:
    """A clock whose complaint was accepted, answered, agreed with and closed, an hour after the other."""
    clock, by = a_clock(pack), rules(pack)
    clock.accepted(hours(1), by, hours(1))
    clock.regrade(severity, hours(1), by, hours(1))
    clock.resolved(1, hours(2), by, hours(2), has_measures=measures)
    clock.agreed(1, hours(3), by, hours(3))
    clock.close("upheld", hours(4), by, hours(4))
    return clock


def states(clock: Clock) -> dict[Milestone, str]:
    return {promise.milestone: promise.state for promise in clock.promises}


def test_survey_and_filing_count_from_closing() -> None:
    clock = lived("corporate")

    assert {promise(clock, "survey").started_at, promise(clock, "filing").started_at} == {hours(4)}


def test_measures_count_from_agreement() -> None:
    assert promise(lived("corporate"), "measures").started_at == hours(3)


def test_an_answer_without_measures_promises_none() -> None:
    assert "measures" not in states(lived("corporate", measures=False))


@pytest.mark.parametrize("outcome", ["withdrawn", "declined"])
def test_what_ends_without_an_answer_is_filed_and_nobody_is_surveyed(outcome: str) -> None:
    clock = a_clock("corporate")

    clock.close(outcome, hours(1), rules("corporate"), hours(1))  # type: ignore[arg-type]  # an outcome

    assert {name for name, state in states(clock).items() if state == "open"} == {"filing"}


def test_an_answer_ends_the_investigation() -> None:
    assert states(lived("corporate"))["investigation"] == "met"


@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize("pack", PACKS)
def test_every_promise_of_every_regulation_can_be_kept_or_ends(pack: str, severity: Severity) -> None:
    clock, by = lived(pack, severity=severity), rules(pack)
    for done in ("survey", "filing", "measures"):
        clock.meet(done, hours(5), by, hours(5))  # type: ignore[arg-type]  # a milestone

    clock.ring(by, hours(24 * 365))

    assert ([name for name, state in states(clock).items() if state == "open"], clock.alarm_at) == ([], None)


def test_a_survey_that_nobody_answered_is_given_up() -> None:
    clock = lived("corporate")

    clock.give_up_survey(rules("corporate"), hours(200))

    assert states(clock)["survey"] == "cancelled"


def test_a_survey_is_not_given_up_before_the_complaint_is_closed() -> None:
    with pytest.raises(NotYet):
        a_clock("corporate").give_up_survey(rules("corporate"), hours(1))


def test_what_is_filed_before_the_closing_is_heard_of_was_filed() -> None:
    clock, by = a_clock("corporate"), rules("corporate")
    clock.meet("filing", hours(5), by, hours(6))

    clock.close("withdrawn", hours(4), by, hours(6))

    assert (promise(clock, "filing").state, promise(clock, "filing").met_at) == ("met", hours(5))


def test_what_was_done_first_counts_whichever_is_heard_of_first() -> None:
    clock, by = a_clock("corporate"), rules("corporate")
    clock.meet("first-reply", hours(5), by, hours(6))

    clock.meet("first-reply", hours(2), by, hours(6))

    assert promise(clock, "first-reply").met_at == hours(2)


def test_an_investigation_that_came_before_the_grading_that_demands_it_counts() -> None:
    clock, by = a_clock("medicine-gmp"), rules("medicine-gmp")
    clock.meet("investigation", hours(1), by, hours(1))

    clock.regrade("critical", hours(2), by, hours(2))

    assert states(clock)["investigation"] == "met"


def test_what_a_lighter_grade_does_not_promise_is_due_no_more() -> None:
    clock, by = a_clock("medicine-gmp"), rules("medicine-gmp")
    clock.regrade("critical", hours(1), by, hours(1))

    clock.regrade("general", hours(2), by, hours(2))

    assert states(clock)["investigation"] == "cancelled"


def test_what_a_graver_grade_promises_again_is_due_again() -> None:
    clock, by = a_clock("medicine-gmp"), rules("medicine-gmp")
    for hour, severity in enumerate(("critical", "general", "critical"), 1):
        clock.regrade(severity, hours(hour), by, hours(hour))  # type: ignore[arg-type]  # a severity

    assert states(clock)["investigation"] == "open"


def test_the_first_deadline_stays_what_it_was_whatever_moves_the_present_one() -> None:
    clock, by = a_clock(), rules()
    first = promise(clock, "resolution").due_at
    clock.pause("photos", "complainant", hours(24), by, hours(24))
    clock.resume(hours(48), by, hours(48))

    clock.regrade("critical", hours(49), by, hours(49))

    assert (promise(clock, "resolution").first_due_at, promise(clock, "resolution").due_at == first) == (first, False)


def test_a_clock_stored_before_first_deadlines_were_kept_takes_the_present_one() -> None:
    stored = a_clock().model_dump()
    for one in stored["promises"]:
        del one["first_due_at"]

    clock = Clock.model_validate(stored)

    assert [one.first_due_at for one in clock.promises] == [one.due_at for one in clock.promises]


def test_a_transfer_says_who_keeps_the_promises_now() -> None:
    clock = a_clock()
    clock.hand_over("service", hours(1))
    before = len(clock.recorded)

    clock.hand_over("quality", hours(2))

    assert [(event.milestone, event.department) for event in said(clock, TargetSet)[before:]] == [
        ("acknowledgement", "quality"),
        ("resolution", "quality"),
    ]


def test_the_first_department_is_no_transfer() -> None:
    clock = a_clock()
    before = len(clock.recorded)

    clock.hand_over("service", hours(1))

    assert len(clock.recorded) == before


def test_a_reopened_complaint_keeps_its_history() -> None:
    clock, by = a_clock(), rules()
    clock.resolved(1, hours(2), by, hours(2))

    clock.reopen(hours(3), by, hours(3))

    assert [(p.round, p.state) for p in clock.promises if p.milestone == "resolution"] == [(1, "met"), (2, "open")]


def test_an_answer_waits_for_the_acceptance_from_which_it_counts() -> None:
    with pytest.raises(NotYet):
        a_clock("vehicle-repair").resolved(1, hours(2), rules("vehicle-repair"), hours(2))


def test_agreement_waits_for_the_answer_that_was_agreed_with() -> None:
    with pytest.raises(NotYet):
        a_clock().agreed(1, hours(2), rules(), hours(2))


def test_whoever_says_that_measures_were_carried_out_is_named() -> None:
    clock = lived("corporate")

    clock.carry_out("amy", hours(5), rules("corporate"))

    assert said(clock, TargetMet)[-1].by == "amy"


def test_measures_that_nobody_agreed_on_cannot_be_carried_out() -> None:
    with pytest.raises(Invalid):
        a_clock().carry_out("amy", hours(5), rules())
