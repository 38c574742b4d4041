"""Whatever is done to a case, by whomever, in whatever order: it follows its table and says what it does."""

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.routing.model import MOST_TRANSFERS, OPEN, Case, Excluded, LeadKeepsIt, NotYourTurn, TasksOpen
from shared.contracts.departments import WorkOrder
from shared.contracts.routing import CasePaused, CaseReopened, CaseResolved, CaseResumed, CaseTransferred
from shared.contracts.values import Role, Rung
from shared.errors import Invalid, NotFound, NotYet, WrongState
from tests.routing.given import BRIEFING, SEALED, UPHELD, a_task, a_waiting_case, an_assessment, later

DEPARTMENTS = st.sampled_from(["quality", "service", "general-affairs"])
PEOPLE = st.sampled_from(["amy", "bob", "cat", "eve"])
CHAINS = st.sampled_from([(), ("supervisor",), ("supervisor", "manager", "approver")])
ROLES = st.sampled_from(["supervisor", "manager", "approver"])
TASKS = st.sampled_from(["1", "2", "3"])
RUNGS = st.sampled_from(["urge", "written", "raised"])
NOW = later(10)
LEAD = "general-affairs"
REFUSALS = (Excluded, Invalid, LeadKeepsIt, NotFound, NotYet, NotYourTurn, TasksOpen, WrongState)


def reachable(before: str) -> set[str]:
    """Where one command may lead: a step of the table, or two where a pause ends first."""
    steps = set(Case.TRANSITIONS[before])
    return steps | (set(Case.TRANSITIONS["in-progress"]) if before == "paused" else set())


class CaseLife(RuleBasedStateMachine):
    """Department, dispatcher, complainant and clock do what they like."""

    def __init__(self) -> None:
        super().__init__()
        self.case = a_waiting_case()

    @rule()
    def dispatch(self) -> None:
        self._try(lambda case: case.dispatch(BRIEFING))

    @rule()
    def hold_back(self) -> None:
        self._try(Case.hold_back)

    def settle(self) -> None:
        self._try(lambda case: case.settle("explained", SEALED, by="amy", at=NOW))

    @rule(handler=PEOPLE)
    def accept(self, handler: str) -> None:
        had_it = handler in self.case.earlier_handlers
        said = self._try(lambda case: case.accept(by="amy", handler=handler, at=NOW))
        assert not (said and had_it)

    @rule(visible=st.booleans())
    def progress(self, visible: bool) -> None:
        self._try(lambda case: case.progress("called", note=None, visible=visible, by="amy", at=NOW))

    @rule()
    def pause(self) -> None:
        self._try(lambda case: case.pause("invoice missing", waiting_for="complainant", by="amy", at=NOW))

    @rule()
    def resume(self) -> None:
        self._try(lambda case: case.resume("invoice came", by="amy", at=NOW))

    @rule(to=DEPARTMENTS)
    def transfer(self, to: str) -> None:
        origin, third = self.case.department, self.case.transfers == MOST_TRANSFERS
        said = self._try(
            lambda case: case.transfer(to, by="amy", reason="not ours", at=NOW, briefing=BRIEFING, lead=LEAD)
        )
        transfers = [event for event in said if isinstance(event, CaseTransferred)]
        assert [(event.origin, event.to) for event in transfers] == ([(origin, LEAD if third else to)] if said else [])

    @rule(by=PEOPLE, chain=CHAINS)
    def resolve(self, by: str, chain: Sequence[Role]) -> None:
        said = self._try(lambda case: case.resolve(UPHELD, SEALED, by=by, at=NOW, chain=chain))
        answers = [event.round for event in said if isinstance(event, CaseResolved)]
        assert answers == ([] if chain else [self.case.round][: len(said)])

    @rule(by=PEOPLE, role=ROLES)
    def approve(self, by: str, role: Role) -> None:
        hands = {self.case.answered_by, self.case.handler, *self.case.approved_by}
        said = self._try(lambda case: case.approve(by=by, roles={role}, note=None, at=NOW))
        assert not (said and by in hands)

    @rule(by=PEOPLE, role=ROLES)
    def send_back(self, by: str, role: Role) -> None:
        self._try(lambda case: case.send_back(by=by, roles={role}, note=SEALED, at=NOW))

    @rule(department=DEPARTMENTS)
    def ask(self, department: str) -> None:
        name = str(len(self.case.tasks) + 1)
        task = a_task(name=name, department=department, due_at=later(60))
        self._try(lambda case: case.ask(task, at=NOW, briefing=BRIEFING))

    @rule(name=TASKS)
    def take_task(self, name: str) -> None:
        self._try(lambda case: case.take_task(case.task(name), by="eve", at=NOW))

    @rule(name=TASKS)
    def answer_task(self, name: str) -> None:
        open_before = [task.name for task in self.case.tasks if task.is_open]
        said = self._try(lambda case: case.answer_task(case.task(name), "explained", SEALED, by="eve", at=NOW))
        assert not said or name in open_before

    @rule(name=TASKS)
    def withdraw_task(self, name: str) -> None:
        self._try(lambda case: case.withdraw_task(case.task(name), "found", by="amy", at=NOW, briefing=BRIEFING))

    @rule(minutes=st.integers(0, 120))
    def ring(self, minutes: int) -> None:
        self._try(lambda case: case.ring(later(minutes), BRIEFING))

    @rule(handler=PEOPLE)
    def give_to(self, handler: str) -> None:
        had_one = self.case.handler
        self._try(lambda case: case.give_to(handler, at=NOW))
        assert not had_one or self.case.handler == had_one

    @rule(department=DEPARTMENTS)
    def reclassify(self, department: str) -> None:
        assessment = an_assessment(department=department)
        self._try(lambda case: case.reclassify(assessment, by="dan", reason="seal", at=NOW, briefing=BRIEFING))

    @rule(round=st.integers(1, 3))
    def reopen(self, round: int) -> None:
        before = self.case.round
        said = self._try(lambda case: case.reopen(round, reason="nobody came", at=NOW, briefing=BRIEFING))
        assert self.case.round == before + any(isinstance(event, CaseReopened) for event in said)

    @rule(rung=RUNGS)
    def climb(self, rung: Rung) -> None:
        before, level = self.case.supervision, self.case.level
        self._try(lambda case: case.climb(rung, milestone="resolution", at=NOW, briefing=BRIEFING))
        assert self.case.supervision >= before
        assert self.case.level == level

    @rule(really=st.integers(0, 4))
    def end(self, really: int) -> None:
        ends: list[Callable[[Case], None]] = [Case.close, Case.decline, Case.withdraw]
        for end in ends[really : really + 1]:
            self._try(end)

    @invariant()
    def every_pause_but_the_present_one_has_ended(self) -> None:
        kinds = [type(event) for event in self.case.recorded]
        present = kinds.count(CasePaused) - kinds.count(CaseResumed)
        assert present == (self.case.status == "paused") or self.case.is_final

    @invariant()
    def the_department_at_work_has_the_latest_order(self) -> None:
        orders = [event for event in self.case.recorded if isinstance(event, WorkOrder) and not event.task]
        if self.case.status in OPEN:
            assert (orders[-1].department, orders[-1].escalation_level) == (
                self.case.department, self.case.escalation_level,
            )  # fmt: skip

    @invariant()
    def nobody_is_told_an_answer_that_still_waits_for_approval(self) -> None:
        assert (self.case.status == "in-approval") == (self.case.awaiting is not None) or self.case.is_final

    @invariant()
    def a_department_that_has_a_task_was_told_of_it_and_does_not_lead(self) -> None:
        orders = {event.task: event for event in self.case.recorded if isinstance(event, WorkOrder)}
        told = [orders[task.name].department for task in self.case.tasks if task.name in orders]
        assert told == [task.department for task in self.case.tasks]
        assert self.case.department not in self.case.asked

    @invariant()
    def the_customer_is_not_answered_while_others_work_on_it(self) -> None:
        if self.case.status in ("in-approval", "answered", "closed"):
            assert not [task for task in self.case.tasks if task.is_open]

    @invariant()
    def a_case_is_woken_when_a_task_becomes_late(self) -> None:
        waiting = [task for task in self.case.tasks if task.is_open and not task.urged]
        if waiting and self.case.status in OPEN:
            assert self.case.alarm_at == later(60)

    @invariant()
    def a_case_is_passed_on_three_times_at_most(self) -> None:
        assert self.case.transfers <= MOST_TRANSFERS + 1
        assert self.case.leads == (self.case.transfers > MOST_TRANSFERS)

    @invariant()
    def only_an_answered_or_closed_case_need_have_an_answer(self) -> None:
        if self.case.status in ("answered", "closed"):
            assert self.case.answer

    def _try(self, command: Callable[[Case], Any]) -> list[Any]:
        """Do it if it may be done; returns what was said. What is refused changes nothing and says nothing."""
        before, said = self.case.model_dump(), len(self.case.recorded)
        try:
            command(self.case)
        except REFUSALS:
            assert (self.case.model_dump(), len(self.case.recorded)) == (before, said)
            return []
        after = self.case.status
        assert after == before["status"] or after in reachable(before["status"])
        return self.case.recorded[said:]


TestCaseLife = CaseLife.TestCase
