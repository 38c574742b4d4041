"""Who may answer a case, who has to approve the answer, and who may not have it any more."""

import pytest

from services.routing.model import Case, Excluded, LeadKeepsIt, NotYourTurn
from shared.contracts.departments import WorkOrder
from shared.contracts.routing import CaseProgressed, CaseProposed, CaseResolved, CaseReviewed, CaseRouted
from shared.contracts.values import Department, Role
from shared.errors import Invalid, WrongState
from tests.routing.given import (
    BRIEFING,
    SEALED,
    UPHELD,
    a_case,
    a_waiting_case,
    an_accepted_case,
    an_answered_case,
    an_assessment,
    later,
)
from tests.routing.test_model import Change, kinds, pause, progress, reclassify, reopen, resolve, transfer


def pass_on(case: Case, to: Department, lead: Department | None = "general-affairs") -> None:
    case.transfer(to, by="amy", reason="not ours", at=later(30), briefing=BRIEFING, lead=lead)


def propose(case: Case, *chain: Role) -> None:
    case.resolve(UPHELD, SEALED, by="amy", at=later(60), chain=chain or ("supervisor", "manager"))


def approve(case: Case, by: str, *roles: str) -> None:
    case.approve(by=by, roles=roles, note=None, at=later(70))


def a_proposed_case() -> Case:
    case = an_accepted_case()
    propose(case)
    return case


def test_an_answer_that_others_have_to_approve_is_proposed_and_not_yet_said() -> None:
    case = a_proposed_case()

    assert (case.status, case.recorded[-1]) == (
        "in-approval", CaseProposed(outcome="upheld", by="amy", awaiting="supervisor"),
    )  # fmt: skip


def test_the_answer_goes_out_with_the_last_approval() -> None:
    case = a_proposed_case()
    approve(case, "sue", "supervisor")

    approve(case, "max", "manager")

    assert (case.status, kinds(case, 2)) == ("answered", [CaseReviewed, CaseResolved])


def test_an_approved_answer_is_still_that_of_whoever_proposed_it() -> None:
    case = a_proposed_case()
    approve(case, "sue", "supervisor")

    approve(case, "max", "manager")

    assert (case.steps[-1].step, case.steps[-1].by) == ("resolved", "amy")


def test_an_approval_says_who_comes_next() -> None:
    case = a_proposed_case()

    approve(case, "sue", "supervisor")

    assert case.recorded[-1] == CaseReviewed(decision="approve", role="supervisor", by="sue", awaiting="manager")


def test_approvals_are_given_in_their_order() -> None:
    with pytest.raises(NotYourTurn, match="supervisor"):
        approve(a_proposed_case(), "max", "manager")


def test_nobody_approves_an_answer_of_their_own() -> None:
    with pytest.raises(Excluded):
        approve(a_proposed_case(), "amy", "supervisor")


def test_the_handler_does_not_approve_what_somebody_else_has_answered_for_them() -> None:
    case = an_accepted_case()
    case.resolve(UPHELD, SEALED, by="bob", at=later(60), chain=("supervisor",))

    with pytest.raises(Excluded):
        approve(case, "amy", "supervisor")


def test_nobody_approves_twice() -> None:
    case = a_proposed_case()
    approve(case, "sue", "supervisor", "manager")

    with pytest.raises(Excluded):
        approve(case, "sue", "supervisor", "manager")


def test_a_returned_answer_is_the_handlers_again_with_the_reason_on_record() -> None:
    case = a_proposed_case()

    case.send_back(by="sue", roles=["supervisor"], note=SEALED, at=later(70))

    assert (case.status, case.handler, case.steps[-1].note) == ("in-progress", "amy", SEALED)


def test_a_returned_answer_is_approved_from_the_beginning_when_it_comes_again() -> None:
    case = a_proposed_case()
    approve(case, "sue", "supervisor")
    case.send_back(by="max", roles=["manager"], note=SEALED, at=later(70))

    propose(case)

    assert case.awaiting == "supervisor"


@pytest.mark.parametrize("case", [a_case(), an_accepted_case(), an_answered_case()])
def test_there_is_nothing_to_approve_where_nothing_is_proposed(case: Case) -> None:
    with pytest.raises(WrongState):
        approve(case, "sue", "supervisor")


@pytest.mark.parametrize("change", [transfer, reclassify, resolve, progress, pause])
def test_a_proposed_answer_stays_as_it_is_until_it_is_approved_or_returned(change: Change) -> None:
    with pytest.raises(WrongState):
        change(a_proposed_case())


def test_a_complaint_settled_on_the_spot_is_routed_and_answered_and_ordered_from_nobody() -> None:
    case = a_waiting_case()

    case.settle("explained", SEALED, by="rita", at=later(1))

    assert (case.handler, [type(event) for event in case.recorded]) == ("rita", [CaseRouted, CaseResolved])


def test_the_third_transfer_goes_to_the_department_that_leads_under_raised_supervision() -> None:
    case = an_accepted_case(department="service")
    pass_on(case, "quality")
    pass_on(case, "service")

    pass_on(case, "quality")

    order = case.recorded[-1]
    assert isinstance(order, WorkOrder)
    assert (order.department, order.escalation_level, order.leads) == ("general-affairs", 3, True)


def test_where_the_regulation_names_no_lead_the_third_department_leads() -> None:
    case = an_accepted_case(department="service", transfers=2)

    pass_on(case, "quality", lead=None)

    assert (case.department, case.leads) == ("quality", True)


def test_the_department_that_leads_cannot_pass_the_case_on() -> None:
    case = an_accepted_case(department="service", transfers=2)
    pass_on(case, "quality")

    with pytest.raises(LeadKeepsIt):
        pass_on(case, "quality")


def test_a_department_that_a_dispatcher_found_instead_does_not_lead() -> None:
    case = an_accepted_case(department="service", transfers=2)
    pass_on(case, "quality")

    case.reclassify(an_assessment(department="service"), by="dan", reason="manners", at=later(90), briefing=BRIEFING)

    assert (case.department, case.leads, case.transfers) == ("service", False, 0)


def test_the_lead_is_not_rid_of_a_case_by_being_the_third_to_pass_it_on() -> None:
    with pytest.raises(LeadKeepsIt):
        pass_on(an_accepted_case(department="general-affairs", transfers=2), "quality")


def test_a_dispute_is_never_taken_by_whoever_handled_it_before() -> None:
    case = an_answered_case()
    reopen(case)

    with pytest.raises(Excluded):
        case.accept(by="bob", handler="amy", at=later(100))


def test_a_dispute_is_never_answered_by_whoever_answered_it_before() -> None:
    case = an_answered_case()
    reopen(case)

    with pytest.raises(Excluded):
        resolve(case)


def test_a_time_promised_to_the_complainant_is_always_told() -> None:
    case = an_accepted_case()

    case.progress("called", note=None, visible=False, by="amy", at=later(15), promised_at=later(600))

    assert case.recorded[-1] == CaseProgressed(
        step="called", visible_to_complainant=True, by="amy", promised_at=later(600)
    )


def test_a_dispute_of_the_last_answer_reopens_nothing() -> None:
    case = an_accepted_case()
    case.resolve(UPHELD, SEALED, by="amy", at=later(60), last=True)

    reopen(case)

    assert (case.status, case.round) == ("answered", 1)


def test_no_time_is_promised_that_has_passed_already() -> None:
    with pytest.raises(Invalid):
        an_accepted_case().progress("called", note=None, visible=True, by="amy", at=later(15), promised_at=later(14))
