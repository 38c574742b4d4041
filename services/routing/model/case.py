"""A case: one complaint in the hands of a department, from classification to the answer that holds."""

from services.routing.model.answering import Answering
from services.routing.model.assessment import Assessment, Briefing
from services.routing.model.faults import LeadKeepsIt
from services.routing.model.file import ANSWERED_FOR, LEVELS, MOST_TRANSFERS
from shared.contracts.routing import CaseAccepted, CasePaused, CaseProgressed, CaseReopened, CaseTransferred
from shared.contracts.values import Department, Instant, Milestone, Rung, Sealed
from shared.errors import Invalid, NotYet, WrongState


class Case(Answering):
    """One complaint in the hands of a department."""

    def dispatch(self, briefing: Briefing) -> None:
        """Give the case to the department it was assessed for (分派)."""
        self._move("assigned")
        self._say_routed()
        self._order(briefing)

    def give_to(self, handler: str, *, at: Instant) -> None:
        """Whoever has the least in hand is to handle the case; they still have to take it."""
        if self.is_unclaimed:
            self.handler = handler
            self._did("handed-out", handler, at)

    def ring(self, now: Instant, briefing: Briefing) -> None:
        """Tell who is late with a task, and look again for a handler where there was nobody to give the case to."""
        self.urge_tasks(now, briefing)
        self._rearm(briefing)

    def accept(self, *, by: str, handler: str, at: Instant) -> None:
        """A handler of the department takes the case (签收).

        Raises `Excluded` for one of an earlier round, and for whoever the complaint is about.
        """
        if self.status != "assigned":
            raise WrongState(f"{self.number} is {self.status}; only an assigned case can be taken.", state=self.status)
        self._must_be_new_to_it(handler or by)
        self.must_not_be_about(handler or by)
        self._move("in-progress")
        self.handler = handler or by
        self._did("accepted", by, at)
        self.record(CaseAccepted(handler=self.handler))

    def progress(
        self, step: str, *, note: Sealed | None, visible: bool, by: str, at: Instant,
        promised_at: Instant | None = None,
    ) -> None:  # fmt: skip
        """Put a step on record; a time of reply agreed with the complainant is told to them (S2.4, S4.3)."""
        self.must_be_at_work()
        if promised_at and promised_at <= at:
            raise Invalid("The time that is promised to the complainant has passed already.")
        self.promised_at = promised_at or self.promised_at
        self._did(step, by, at, note)
        visible = visible or promised_at is not None
        self.record(
            CaseProgressed(step=step, note=note, visible_to_complainant=visible, by=by, promised_at=promised_at)
        )

    def pause(self, reason: str, *, waiting_for: str, by: str, at: Instant) -> None:
        """Wait for somebody; the resolution clock waits too."""
        self._move("paused")
        self.waiting_for = waiting_for
        self._did("paused", by, at)
        self.record(CasePaused(reason=reason, waiting_for=waiting_for))

    def resume(self, reason: str, *, by: str, at: Instant) -> None:
        """Go on after a pause."""
        if self.status != "paused":
            raise WrongState(f"{self.number} is {self.status}, not paused.", state=self.status)
        self._go_on(reason, by, at)

    def transfer(
        self, to: Department, *, by: str, reason: str, at: Instant, briefing: Briefing, lead: Department | None = None
    ) -> None:
        """Hand the case to another department, with a reason; refusing it means the same.

        The third time it goes to the department that leads (the regulation's `lead`, or else the one it was meant for),
        under raised supervision, and stays there. Raises `LeadKeepsIt`.
        """
        self.must_be_at_work()
        rises = self.transfers == MOST_TRANSFERS
        to = lead if rises and lead else to
        if self.leads or (rises and lead == self.department):
            raise LeadKeepsIt(f"{self.number} was passed on {self.transfers} times; {self.department} answers it now.")
        if to == self.department:
            raise Invalid(f"{self.number} is with {to} already.")
        self._end_pause(reason, by, at)
        self._move("assigned")
        if rises:
            self.leads, self.supervision = True, LEVELS["raised"]
            self._rank()
        origin, self.department = self.department, to
        self.transfers += 1
        self.handler = ""
        self._take_over(by, at)
        self._did("transferred", by, at)
        self.record(CaseTransferred(origin=origin, to=to, reason=reason, by=by, leads=self.leads))
        self._order(briefing)

    def reclassify(self, assessment: Assessment, *, by: str, reason: str, at: Instant, briefing: Briefing) -> None:
        """Correct category or severity; where that means another department, the case goes there."""
        if self.status != "triage":
            self.must_be_at_work()
        self._end_pause(reason, by, at)
        self._move("assigned")
        if assessment.department != self.department:
            self.handler, self.leads, self.transfers = "", False, 0
        self.category, self.severity = assessment.category, assessment.severity
        self._rank()
        self.department, self.confidence, self.because = (
            assessment.department,
            1.0,
            [f"{by}: {reason}", *assessment.because],
        )
        self._take_over(by, at)
        self._did("reclassified", by, at)
        self._say_routed()
        self._order(briefing)

    def reopen(self, round: int, *, reason: str, at: Instant, briefing: Briefing) -> None:
        """The complainant does not agree: the next round, one level up, and not with those who had it before.

        After the last answer there is no other; the complaint is about to be closed.
        """
        if self.is_final or round < self.round or (self.last and round == self.round):
            return
        if self.status != "answered" or round > self.round:
            raise NotYet(f"{self.number} is {self.status} in round {self.round}, not answered in round {round}")
        self._move("assigned")
        self._release()
        self.round, self.level = round + 1, self.level + 1
        self.supervision, self.counted_from = 0, at
        self._rank()
        self._did("reopened", "", at)
        self.record(CaseReopened(level=self.level, reason=reason, department=self.department))
        self._order(briefing)

    def climb(self, rung: Rung, *, milestone: Milestone, at: Instant, briefing: Briefing) -> None:
        """Supervision has climbed a rung (督办): a department at work is told again, with the level.

        What departments do not answer for, and what came before this round, is passed over.
        """
        bygone = self.counted_from is not None and at < self.counted_from
        if bygone or milestone not in ANSWERED_FOR or LEVELS[rung] <= self.supervision:
            return
        self.supervision = LEVELS[rung]
        self._rank()
        self.order_again(briefing)

    def decline(self) -> None:
        """The complaint was not admissible."""
        self._follow("declined")

    def withdraw(self) -> None:
        """The complainant does not pursue the matter."""
        self._follow("withdrawn")

    def close(self, *, to_sum_up: bool = False) -> None:
        """The answer holds, or was the last one; where the regulation wants it, somebody is still to sum it up."""
        if self._follow("closed"):
            self.to_sum_up = to_sum_up

    def sum_up(self, note: Sealed, *, by: str, at: Instant) -> None:
        """Causes and lessons of a closed case are on record (S3.5); another summary stands beside the first."""
        if self.status != "closed":
            raise WrongState(f"{self.number} is {self.status}; what is closed is summed up.", state=self.status)
        self.to_sum_up = False
        self._put_on_record("summary", note, by, at)

    def supplement(self, what: Sealed, *, briefing: Briefing) -> None:
        """The complainant or staff added facts."""
        self.supplements.append(what)
        self.order_again(briefing)
        self._order_tasks_again(briefing)

    def _release(self) -> None:
        """Nobody who had the case so far has it any more, nor will again."""
        had_it = [*self.earlier_handlers, self.handler, self.answered_by]
        self.earlier_handlers = sorted(set(had_it) - {""})
        self.handler, self.chain, self.approved_by = "", [], []
