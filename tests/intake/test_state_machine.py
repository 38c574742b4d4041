"""Whatever complainant, officer and departments do: a complaint follows its table, and its end is its end."""

from collections.abc import Callable
from typing import Any, cast, get_args

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.intake.model import Complaint
from shared.contracts.intake import (
    ComplaintAccepted,
    ComplaintDeclined,
    ComplaintSupplemented,
    ComplaintWithdrawn,
)
from shared.contracts.values import Milestone, Status
from shared.errors import NotYet, WrongState
from tests.intake.given import SEALED, a_complaint, accepted, later, reopened, resolved, routed, transferred

SAID = {ComplaintAccepted: "accepted", ComplaintDeclined: "declined", ComplaintWithdrawn: "withdrawn"}
DEPARTMENTS = st.sampled_from(["quality", "service"])


class ComplaintLife(RuleBasedStateMachine):
    """Minute by minute, a command or an event."""

    @initialize(needs_decision=st.booleans())
    def register(self, needs_decision: bool) -> None:
        self.complaint = a_complaint(needs_decision=needs_decision)
        self.minute = 1

    @rule()
    def accept(self) -> None:
        self._try(lambda complaint: complaint.accept(by="olga", reason="", at=self._now()))

    @rule(really=st.integers(0, 4))
    def decline_or_withdraw(self, really: int) -> None:
        if really == 0:
            self._try(lambda complaint: complaint.decline(by="olga", reason="not ours", at=self._now()))
        if really == 1:
            self._try(lambda complaint: complaint.withdraw(by="complainant", reason="", at=self._now()))

    @rule()
    def supplement(self) -> None:
        before = len(self.complaint.supplements)
        said = self._try(lambda complaint: complaint.supplement(SEALED, by="complainant", at=self._now()))
        assert len(self.complaint.supplements) - before == len(said)

    @rule(department=DEPARTMENTS)
    def assign(self, department: str) -> None:
        self._try(lambda complaint: complaint.assign(department, routed(self.minute, department)))

    @rule(department=DEPARTMENTS)
    def hand_over(self, department: str) -> None:
        self._try(lambda complaint: complaint.hand_over(department, transferred(self.minute, department)))

    @rule()
    def take(self) -> None:
        self._try(lambda complaint: complaint.progress("in-progress", accepted(self.minute)))

    @rule()
    def answer(self) -> None:
        self._try(lambda complaint: complaint.progress("answered", resolved(self.minute)))

    @rule()
    def reopen(self) -> None:
        self._try(lambda complaint: complaint.progress("reopened", reopened(self.minute)))

    @rule(status=st.sampled_from(["closed", "archived"]))
    def finish(self, status: Status) -> None:
        self._try(lambda complaint: complaint.finish(status, resolved(self.minute)))

    @rule(milestone=st.sampled_from(get_args(Milestone)), minute=st.integers(1, 9999))
    def promise(self, milestone: Milestone, minute: int) -> None:
        self._try(lambda complaint: complaint.promise(milestone, later(minute), at=self._now()))
        assert self.complaint.promises[milestone] == later(minute)

    @invariant()
    def what_was_decided_is_what_was_said(self) -> None:
        for event in self.complaint.recorded:
            if type(event) in (ComplaintDeclined, ComplaintWithdrawn):
                assert self.complaint.status == SAID[type(event)]

    @invariant()
    def nothing_is_said_after_the_last_word(self) -> None:
        kinds = [type(event) for event in self.complaint.recorded]
        last = [place for place, kind in enumerate(kinds) if kind in (ComplaintDeclined, ComplaintWithdrawn)]
        assert not last or last == [len(kinds) - 1]

    @invariant()
    def the_timeline_is_in_the_order_of_time(self) -> None:
        moments = [entry.at for entry in self.complaint.timeline]
        assert moments == sorted(moments)

    @invariant()
    def every_supplement_is_said(self) -> None:
        said = sum(isinstance(event, ComplaintSupplemented) for event in self.complaint.recorded)
        assert said == len(self.complaint.supplements)

    @invariant()
    def whoever_is_at_work_is_known(self) -> None:
        at_work = self.complaint.status in ("assigned", "in-progress")
        assert self.complaint.department or not at_work

    def _now(self) -> Any:
        return later(self.minute)

    def _try(self, command: Callable[[Complaint], None]) -> list[Any]:
        """Do it if it may be done; returns what was said. What is refused changes nothing; an end stays the end."""
        self.minute += 1
        before, said, was_final = self.complaint.model_dump(), len(self.complaint.recorded), self.complaint.is_final
        try:
            command(self.complaint)
        except (NotYet, WrongState):
            assert (self.complaint.model_dump(), len(self.complaint.recorded)) == (before, said)
            return []
        after = self.complaint.status
        assert after == before["status"] or after in self._reachable(cast("Status", before["status"]))
        assert not was_final or after == before["status"]
        return self.complaint.recorded[said:]

    def _reachable(self, before: Status) -> frozenset[str]:
        """A step of the table, or the two that an assignment takes where nobody decides."""
        steps = Complaint.TRANSITIONS[before]
        return steps | {"assigned"} if before == "registered" and not self.complaint.needs_decision else steps


TestComplaintLife = ComplaintLife.TestCase
