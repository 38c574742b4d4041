"""A case: one complaint in the hands of a department, from classification to the answer that holds."""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from services.routing.learning.lesson import Instructive
from shared.aggregate import Transitions
from shared.contracts.departments import MaskedComplainant, Resolution, WorkOrder
from shared.contracts.intake import Product, SealedComplainant
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
from shared.contracts.values import (
    Category,
    Channel,
    Department,
    Instant,
    Milestone,
    Outcome,
    Priority,
    Rung,
    Sealed,
    Severity,
)
from shared.errors import Invalid, NotYet, WrongState

State = Literal["waiting", "triage", "assigned", "in-progress", "paused", "answered", "closed", "declined", "withdrawn"]

URGENCY: dict[Priority, int] = {"urgent": 0, "high": 1, "normal": 2}
LEVELS: dict[Rung, int] = {"urge": 1, "written": 2, "raised": 3}
ORDERED = ("number", "regulation", "department", "category", "severity", "priority", "round", "product", "place")
"""Fields that stand in a work order as they stand in the case."""
OPEN = ("assigned", "in-progress", "paused")
ANSWERED_FOR: frozenset[Milestone] = frozenset({"first-reply", "investigation", "resolution", "measures"})
"""Milestones that the department is supervised for; the others are kept by the office or by Redress itself."""


class Assessment(BaseModel):
    """What a complaint is about, how grave, how urgent, and who answers it, with the reasons."""

    model_config = ConfigDict(frozen=True)

    category: Category
    severity: Severity
    priority: Priority
    department: Department
    confidence: float
    because: list[str]
    tags: list[str] = []


class Briefing(BaseModel):
    """What a department is told beyond the case's own fields; made for the work order, never stored."""

    model_config = ConfigDict(frozen=True)

    subject_line: str
    narrative: str
    supplements: list[str] = []
    complainant: MaskedComplainant
    due: dict[Milestone, Instant]
    link: str


class Step(BaseModel):
    """One thing that was done, by whom; the note is sealed."""

    at: Instant
    step: str
    by: str = ""
    note: Sealed | None = None


class Case(Instructive):
    """One complaint in the hands of a department. Paused means that somebody else is waited for.

    `level` counts the disputes, `supervision` is the rung reached in this round, and `counted_from` is when this round
    began, where it is not the first.
    """

    TRANSITIONS: ClassVar[Transitions] = {
        "waiting": frozenset({"triage", "assigned", "declined", "withdrawn"}),
        "triage": frozenset({"assigned", "declined", "withdrawn"}),
        "assigned": frozenset({"assigned", "in-progress", "paused", "answered", "declined", "withdrawn"}),
        "in-progress": frozenset({"assigned", "paused", "answered", "declined", "withdrawn"}),
        "paused": frozenset({"in-progress", "declined", "withdrawn"}),
        "answered": frozenset({"assigned", "closed", "declined", "withdrawn"}),
        **dict.fromkeys(("closed", "declined", "withdrawn"), frozenset()),
    }

    status: State
    channel: Channel
    received_at: Instant
    written: bool = False
    subject_line: str = ""
    narrative: Sealed
    complainant: SealedComplainant
    respondent: str = ""
    claim: str = ""
    product: Product | None = None
    place: str = ""
    supplements: list[Sealed] = []
    category: Category
    severity: Severity
    priority: Priority
    urgency: int = URGENCY["normal"]
    department: Department
    confidence: float
    because: list[str]
    tags: list[str] = []
    due_at: Instant | None = None
    handler: str = ""
    waiting_for: str = ""
    transfers: int = 0
    round: int = 1
    level: int = 0
    supervision: int = 0
    counted_from: Instant | None = None
    steps: list[Step] = []
    outcome: Outcome | None = None
    answer: Sealed | None = None
    measures: str = ""
    redress: str = ""
    root_cause: str = ""
    responsible: str = ""

    @property
    def escalation_level(self) -> int:
        """What the department is told: how often it was disputed or how far supervision has climbed, the higher."""
        return max(self.level, self.supervision)

    def dispatch(self, briefing: Briefing) -> None:
        """Give the case to the department it was assessed for (分派)."""
        self._move("assigned")
        self._say_routed()
        self._order(briefing)

    def accept(self, *, by: str, handler: str, at: Instant) -> None:
        """A handler of the department takes the case (签收)."""
        if self.status != "assigned":
            raise WrongState(f"{self.number} is {self.status}; only an assigned case can be taken.", state=self.status)
        self._move("in-progress")
        self.handler = handler or by
        self._did("accepted", by, at)
        self.record(CaseAccepted(handler=self.handler))

    def progress(self, step: str, *, note: Sealed | None, visible: bool, by: str, at: Instant) -> None:
        """Put a step on record."""
        self._must_be_open()
        self._did(step, by, at, note)
        self.record(CaseProgressed(step=step, note=note, visible_to_complainant=visible, by=by))

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

    def transfer(self, to: Department, *, by: str, reason: str, at: Instant, briefing: Briefing) -> None:
        """Hand the case to another department, with a reason."""
        self._must_be_open()
        if to == self.department:
            raise Invalid(f"{self.number} is with {to} already.")
        self._end_pause(reason, by, at)
        self._move("assigned")
        origin, self.department = self.department, to
        self.transfers += 1
        self.handler = ""
        self._did("transferred", by, at)
        self.record(CaseTransferred(origin=origin, to=to, reason=reason, by=by))
        self._order(briefing)

    def resolve(self, resolution: Resolution, answer: Sealed, *, by: str, at: Instant) -> None:
        """Answer the complaint; `answer` is the resolution's answer, sealed."""
        self._end_pause("answered", by, at)
        self._move("answered")
        self.outcome, self.answer = resolution.outcome, answer
        self.measures, self.redress = resolution.measures, resolution.redress
        self.root_cause, self.responsible = resolution.root_cause, resolution.responsible
        self._did("resolved", by, at)
        self.record(
            CaseResolved(
                outcome=resolution.outcome,
                answer=answer,
                measures=resolution.measures,
                redress=resolution.redress,
                root_cause=resolution.root_cause,
                responsible=resolution.responsible,
                round=self.round,
            )
        )

    def reclassify(self, assessment: Assessment, *, by: str, reason: str, at: Instant, briefing: Briefing) -> None:
        """Correct category or severity; where that means another department, the case goes there."""
        if self.status != "triage":
            self._must_be_open()
        self._end_pause(reason, by, at)
        self._move("assigned")
        if assessment.department != self.department:
            self.handler = ""
        self.category, self.severity = assessment.category, assessment.severity
        self.priority, self.urgency = assessment.priority, URGENCY[assessment.priority]
        self.department, self.confidence, self.because = assessment.department, 1.0, [f"{by}: {reason}"]
        self._did("reclassified", by, at)
        self._say_routed()
        self._order(briefing)

    def reopen(self, round: int, *, reason: str, at: Instant, briefing: Briefing) -> None:
        """The complainant does not agree: the next round, one level up."""
        if self.is_final or round < self.round:
            return
        if self.status != "answered" or round > self.round:
            raise NotYet(f"{self.number} is {self.status} in round {self.round}, not answered in round {round}")
        self._move("assigned")
        self.round, self.level, self.handler = round + 1, self.level + 1, ""
        self.supervision, self.counted_from = 0, at
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
        self.order_again(briefing)

    def decline(self) -> None:
        """The complaint was not admissible."""
        self._follow("declined")

    def withdraw(self) -> None:
        """The complainant does not pursue the matter."""
        self._follow("withdrawn")

    def close(self) -> None:
        """The answer holds."""
        self._follow("closed")

    def supplement(self, what: Sealed, *, briefing: Briefing) -> None:
        """The complainant or staff added facts."""
        self.supplements.append(what)
        self.order_again(briefing)

    def order_again(self, briefing: Briefing) -> None:
        """Tell a department that is at work again, with all that is known now."""
        if self.status in OPEN:
            self._order(briefing)

    def _must_be_open(self) -> None:
        if self.status not in OPEN:
            raise WrongState(f"{self.number} is {self.status}; it is not being handled.", state=self.status)

    def _end_pause(self, reason: str, by: str, at: Instant) -> None:
        if self.status == "paused":
            self._go_on(reason, by, at)

    def _go_on(self, reason: str, by: str, at: Instant) -> None:
        self._move("in-progress")
        self.record(CaseResumed(reason=reason, waiting_for=self.waiting_for))
        self.waiting_for = ""
        self._did("resumed", by, at)

    def _did(self, step: str, by: str, at: Instant, note: Sealed | None = None) -> None:
        self.steps.append(Step(at=at, step=step, by=by, note=note))

    def _say_routed(self) -> None:
        self.record(CaseRouted(**{name: getattr(self, name) for name in Assessment.model_fields}))

    def _order(self, briefing: Briefing) -> None:
        self.due_at = briefing.due.get("resolution")
        self.record(
            WorkOrder(
                **{name: getattr(self, name) for name in ORDERED},
                subject_line=briefing.subject_line,
                narrative="\n\n".join([briefing.narrative, *briefing.supplements]),
                complainant=briefing.complainant,
                due=briefing.due,
                escalation_level=self.escalation_level,
                links={"case": briefing.link},
            )
        )
