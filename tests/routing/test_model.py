"""What a department may do with a case, and what is said of it."""

from collections.abc import Callable

import pytest

from services.routing.model import Case
from shared.contracts.departments import WorkOrder
from shared.contracts.routing import (
    CaseAccepted,
    CasePaused,
    CaseProgressed,
    CaseReopened,
    CaseResolved,
    CaseResumed,
    CaseRouted,
    CaseTransferred,
)
from shared.contracts.values import Milestone, Rung
from shared.errors import Invalid, NotYet, WrongState
from tests.routing.given import (
    BRIEFING,
    SEALED,
    UPHELD,
    a_case,
    a_paused_case,
    a_waiting_case,
    an_accepted_case,
    an_answered_case,
    an_assessment,
    later,
)

Change = Callable[[Case], None]


def kinds(case: Case, last: int) -> list[type]:
    return [type(message) for message in case.recorded[-last:]]


def transfer(case: Case) -> None:
    case.transfer("quality", by="amy", reason="broken seal, not bad manners", at=later(30), briefing=BRIEFING)


def reclassify(case: Case) -> None:
    case.reclassify(an_assessment(), by="dan", reason="broken seal", at=later(30), briefing=BRIEFING)


def resolve(case: Case) -> None:
    case.resolve(UPHELD, SEALED, by="amy", at=later(60))


def reopen(case: Case, round: int = 1) -> None:
    case.reopen(round, reason="nobody came", at=later(90), briefing=BRIEFING)


def climb(case: Case, rung: Rung, milestone: Milestone = "resolution", minutes: int = 100) -> None:
    case.climb(rung, milestone=milestone, at=later(minutes), briefing=BRIEFING)


def progress(case: Case) -> None:
    case.progress("called", note=None, visible=True, by="amy", at=later(15))


def pause(case: Case) -> None:
    case.pause("invoice missing", waiting_for="complainant", by="amy", at=later(20))


def test_a_dispatched_case_is_said_to_be_routed_and_ordered_from_its_department() -> None:
    case = a_case()

    assert kinds(case, 2) == [CaseRouted, WorkOrder]


def test_a_work_order_goes_to_the_department_that_has_the_case() -> None:
    case = a_case(department="quality")

    assert case.recorded[-1].routing_key == "department.quality"


def test_whoever_accepts_is_the_handler_unless_another_is_named() -> None:
    assert an_accepted_case().handler == "amy"


def test_an_accepted_case_is_not_accepted_again() -> None:
    with pytest.raises(WrongState):
        an_accepted_case().accept(by="bob", handler="", at=later(11))


def test_a_step_is_said_with_whether_the_complainant_sees_it() -> None:
    case = an_accepted_case()

    progress(case)

    assert case.recorded[-1] == CaseProgressed(step="called", visible_to_complainant=True, by="amy")


def test_a_pause_says_who_is_waited_for() -> None:
    case = a_paused_case()

    assert case.recorded[-1] == CasePaused(reason="invoice missing", waiting_for="complainant")


def test_the_end_of_a_pause_says_who_was_waited_for() -> None:
    case = a_paused_case()

    case.resume("invoice came", by="amy", at=later(40))

    assert case.recorded[-1] == CaseResumed(reason="invoice came", waiting_for="complainant")


def test_a_transfer_says_where_the_case_came_from() -> None:
    case = an_accepted_case(department="service")

    transfer(case)

    assert case.recorded[-2] == CaseTransferred(
        origin="service", to="quality", reason="broken seal, not bad manners", by="amy"
    )


def test_a_transferred_case_waits_for_a_handler_of_the_new_department() -> None:
    case = an_accepted_case()

    transfer(case)

    assert (case.status, case.handler, case.department) == ("assigned", "", "quality")


def test_a_case_is_not_transferred_to_where_it_is() -> None:
    with pytest.raises(Invalid):
        transfer(a_case(department="quality"))


@pytest.mark.parametrize("change", [transfer, reclassify, resolve])
def test_whatever_ends_a_pause_says_that_the_waiting_is_over(change: Change) -> None:
    case = a_paused_case()
    before = len(case.recorded)

    change(case)

    assert type(case.recorded[before]) is CaseResumed


def test_a_correction_gives_the_case_to_the_right_department() -> None:
    case = an_accepted_case()

    reclassify(case)

    assert (case.department, case.because, kinds(case, 2)) == ("quality", ["dan: broken seal"], [CaseRouted, WorkOrder])


def test_an_answer_is_said_with_its_round() -> None:
    case = an_answered_case()

    assert case.recorded[-1] == CaseResolved(outcome="upheld", answer=SEALED, round=1)


def test_a_disputed_answer_reopens_the_case_one_level_up_in_the_next_round() -> None:
    case = an_answered_case()

    reopen(case)

    assert (case.status, case.round, case.level, kinds(case, 2)) == ("assigned", 2, 1, [CaseReopened, WorkOrder])


def test_a_work_order_says_which_round_it_is_for() -> None:
    case = an_answered_case()

    reopen(case)

    assert [order.round for order in case.recorded if isinstance(order, WorkOrder)] == [1, 2]


def test_a_dispute_of_an_earlier_round_changes_nothing() -> None:
    case = an_answered_case()
    reopen(case)
    before = case.model_dump()

    reopen(case, round=1)

    assert case.model_dump() == before


@pytest.mark.parametrize(("case", "round"), [(an_accepted_case(), 1), (a_paused_case(), 1), (an_answered_case(), 2)])
def test_a_dispute_that_has_overtaken_the_answer_waits_for_it(case: Case, round: int) -> None:
    with pytest.raises(NotYet):
        reopen(case, round)


def test_a_late_department_is_told_again_with_the_level_of_supervision() -> None:
    case = an_accepted_case()

    climb(case, "written")

    assert case.recorded[-1].escalation_level == 2  # type: ignore[attr-defined]  # a work order


def test_supervision_never_climbs_down() -> None:
    case = an_accepted_case()
    climb(case, "raised")
    before = len(case.recorded)

    climb(case, "urge")

    assert (case.supervision, len(case.recorded)) == (3, before)


def test_supervision_that_begins_before_a_department_has_the_case_is_told_with_its_first_work_order() -> None:
    case = a_waiting_case()
    climb(case, "written")

    case.dispatch(BRIEFING)

    assert [order.escalation_level for order in case.recorded if isinstance(order, WorkOrder)] == [2]


def test_supervision_that_comes_after_the_answer_is_kept_but_nobody_is_urged() -> None:
    case = an_answered_case()
    before = len(case.recorded)

    climb(case, "urge")

    assert (case.supervision, len(case.recorded)) == (1, before)


@pytest.mark.parametrize("milestone", ["acknowledgement", "decision", "survey", "filing"])
def test_a_department_is_not_urged_for_what_it_does_not_answer_for(milestone: Milestone) -> None:
    case = an_accepted_case()
    before = len(case.recorded)

    climb(case, "urge", milestone)

    assert (case.supervision, len(case.recorded)) == (0, before)


def test_supervision_begins_anew_with_each_round() -> None:
    case = an_accepted_case()
    climb(case, "raised")
    resolve(case)

    reopen(case)

    assert (case.level, case.supervision, case.recorded[-1].escalation_level) == (1, 0, 1)  # type: ignore[attr-defined]


def test_supervision_of_an_earlier_round_says_nothing_of_this_one() -> None:
    case = an_answered_case()
    reopen(case)

    climb(case, "written", minutes=80)

    assert case.supervision == 0


def test_what_was_added_comes_to_a_department_at_work_with_its_work_order() -> None:
    case = an_accepted_case()

    case.supplement(SEALED, briefing=BRIEFING._replace(supplements=["还划伤了地板"]))

    assert case.recorded[-1].narrative == "寄来的电饭煲漏电\n\n还划伤了地板"  # type: ignore[attr-defined]  # a work order


@pytest.mark.parametrize("case", [a_waiting_case(), an_answered_case()])
def test_what_is_added_while_no_department_is_at_work_is_kept_for_the_next_work_order(case: Case) -> None:
    before = len(case.recorded)

    case.supplement(SEALED, briefing=BRIEFING)

    assert (case.supplements, len(case.recorded)) == ([SEALED], before)


@pytest.mark.parametrize("case", [a_waiting_case(), a_case(), an_accepted_case(), a_paused_case(), an_answered_case()])
def test_a_complaint_may_be_declined_or_withdrawn_wherever_its_case_has_got_to(case: Case) -> None:
    declined, withdrawn = case.model_copy(), case.model_copy()

    declined.decline()
    withdrawn.withdraw()

    assert (declined.status, withdrawn.status) == ("declined", "withdrawn")


@pytest.mark.parametrize("change", [transfer, reclassify, resolve, progress, pause])
@pytest.mark.parametrize("status", ["waiting", "answered", "closed", "declined", "withdrawn"])
def test_a_case_that_is_not_being_handled_takes_no_commands(status: str, change: Change) -> None:
    case = a_waiting_case(status=status)

    with pytest.raises(WrongState):
        change(case)


def test_an_answer_that_holds_closes_the_case() -> None:
    case = an_answered_case()

    case.close()

    assert case.is_final


def test_a_case_is_not_closed_before_it_is_answered() -> None:
    with pytest.raises(NotYet):
        an_accepted_case().close()


def test_taking_a_case_is_said() -> None:
    assert an_accepted_case().recorded[-1] == CaseAccepted(handler="amy")
