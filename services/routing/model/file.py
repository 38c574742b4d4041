"""The file of a case: everything that is known of it, its life cycle, and how its department is told."""

from typing import ClassVar, Literal

from pydantic import BaseModel, Field

from services.routing.learning.lesson import Instructive
from services.routing.masses.traits import Traits
from services.routing.model.assessment import URGENCY, Assessment, Briefing, priority_of
from services.routing.model.faults import Excluded
from shared.aggregate import Transitions
from shared.contracts.departments import WorkOrder
from shared.contracts.intake import Product, SealedComplainant
from shared.contracts.routing import CaseResumed, CaseRouted
from shared.contracts.sla import Counting
from shared.contracts.values import (
    Category,
    Channel,
    Department,
    Instant,
    Milestone,
    Outcome,
    Priority,
    Role,
    Rung,
    Sealed,
    Severity,
)
from shared.errors import WrongState
from shared.text import names

State = Literal[
    "waiting", "triage", "assigned", "in-progress", "paused", "in-approval", "answered", "closed", "declined",
    "withdrawn",
]  # fmt: skip

LEVELS: dict[Rung, int] = {"urge": 1, "written": 2, "raised": 3}
"""What a rung of supervision is called in a work order."""
ORDERED = ("number", "regulation", "department", "category", "severity", "priority", "round",
           "escalation_level", "leads")  # fmt: skip
"""Fields that stand in a work order as they stand in the case."""
ROUTED = tuple(name for name in Assessment._fields if name != "traits")
"""Fields of an assessment that are said of a case."""
AT_WORK = ("assigned", "in-progress", "paused")
"""The department's commands are taken."""
OPEN = (*AT_WORK, "in-approval")
"""There is no answer yet."""
MOST_TRANSFERS = 2
"""How often a case may be passed on; the next time it goes to the department that leads (提级督办)."""
ANSWERED_FOR: frozenset[Milestone] = frozenset({"first-reply", "investigation", "resolution", "measures"})
"""Milestones that the department is supervised for; the others are kept by the office or by Redress itself."""


class Step(BaseModel):
    """One thing that was done, by whom; the note is sealed."""

    at: Instant
    step: str
    by: str = ""
    note: Sealed | None = None


class Moved(BaseModel):
    """A deadline as sla has moved it, when that was, and how it was counted; without `due_at` it was dropped."""

    at: Instant
    due_at: Instant | None = None
    counting: Counting | None = None


class CaseFile(Instructive):
    """What is on file of a case. Paused means that somebody else is waited for.

    `calendar_edition` is that of the receipt, `moved` are the deadlines that are not as on it. `level` counts the
    disputes, `supervision` is the rung reached in this round, and `counted_from` is when this round began, where it is
    not the first. `earlier_handlers` had it in the rounds before. `chain` are the roles whose approval the answer
    needs, `approved_by` who has given it so far. A department that `leads` cannot pass the case on.
    A closed case is `to_sum_up` where the regulation wants its causes and lessons on record, and they are not yet.
    The complaint is about the departments that are `concerned`, which have no part in it.
    """

    TRANSITIONS: ClassVar[Transitions] = {
        "waiting": frozenset({"triage", "assigned", "answered", "declined", "withdrawn"}),
        "triage": frozenset({"assigned", "declined", "withdrawn"}),
        "assigned": frozenset(
            {"assigned", "in-progress", "paused", "in-approval", "answered", "declined", "withdrawn"}
        ),
        "in-progress": frozenset({"assigned", "paused", "in-approval", "answered", "declined", "withdrawn"}),
        "paused": frozenset({"in-progress", "declined", "withdrawn"}),
        "in-approval": frozenset({"in-progress", "answered", "declined", "withdrawn"}),
        "answered": frozenset({"assigned", "closed", "declined", "withdrawn"}),
        "closed": frozenset(),
        "declined": frozenset(),
        "withdrawn": frozenset(),
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
    supplements: list[Sealed] = Field(default_factory=list)
    category: Category
    severity: Severity
    priority: Priority
    urgency: int = URGENCY["normal"]
    department: Department
    confidence: float
    because: list[str]
    tags: list[str] = Field(default_factory=list)
    concerned: list[Department] = Field(default_factory=list)
    traits: Traits = Traits()
    due_at: Instant | None = None
    calendar_edition: int | None = None
    accepted_at: Instant | None = None
    moved: dict[Milestone, Moved] = Field(default_factory=dict)
    promised_at: Instant | None = None
    handler: str = ""
    earlier_handlers: list[str] = Field(default_factory=list)
    waiting_for: str = ""
    transfers: int = 0
    leads: bool = False
    round: int = 1
    level: int = 0
    supervision: int = 0
    counted_from: Instant | None = None
    steps: list[Step] = Field(default_factory=list)
    outcome: Outcome | None = None
    answer: Sealed | None = None
    measures: str = ""
    redress: str = ""
    root_cause: str = ""
    responsible: str = ""
    referred_to: str = ""
    last: bool = False
    answered_by: str = ""
    chain: list[Role] = Field(default_factory=list)
    approved_by: list[str] = Field(default_factory=list)
    to_sum_up: bool = False

    @property
    def escalation_level(self) -> int:
        """What the department is told: how often it was disputed or how far supervision has climbed, the higher."""
        return max(self.level, self.supervision)

    @property
    def awaiting(self) -> Role | None:
        """Whose approval the answer waits for; None where nobody's is needed any more."""
        return self.chain[len(self.approved_by)] if len(self.approved_by) < len(self.chain) else None

    @property
    def on_record(self) -> frozenset[str]:
        """The steps that were taken and noted."""
        return frozenset(step.step for step in self.steps if step.note)

    def order_again(self, briefing: Briefing) -> None:
        """Tell a department that has not answered again, with all that is known now."""
        if self.status in OPEN:
            self._order(briefing)

    def note_moved(self, milestone: Milestone, moved: Moved) -> None:
        """Keep until when something is due now; what was moved later is known already."""
        if milestone not in self.moved or moved.at >= self.moved[milestone].at:
            self.moved[milestone] = moved

    @property
    def is_unclaimed(self) -> bool:
        """Whether the case waits for a handler."""
        return self.status == "assigned" and not self.handler

    def may_be_handled_by(self, *names: str) -> bool:
        """Whether this person, by whatever they are called, has had no hand in it and is not whom it is about."""
        return not self.is_about(*names) and not any(name in self.earlier_handlers for name in names)

    def is_about(self, *persons: str) -> bool:
        """Whether the complaint is about one of these persons, who then have no part in it."""
        return bool(self.respondent) and names(self.respondent, *persons)

    def must_not_be_about(self, *persons: str) -> None:
        """Raises `Excluded` where the complaint is about one of these persons."""
        if self.is_about(*persons):
            raise Excluded(f"Whoever {self.number} is about has no part in it; somebody else has to do this.")

    def _rank(self) -> None:
        """Take the place in every list that is due to it now."""
        self.priority = priority_of(self.severity, self.complainant.tier, self.escalation_level)
        self.urgency = URGENCY[self.priority]

    def must_be_at_work(self) -> None:
        """Raises `WrongState` where no department is at work on the case."""
        if self.status not in AT_WORK:
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

    def _say_routed(self, *, raised: bool = False) -> None:
        said = {name: getattr(self, name) for name in ROUTED}
        self.record(CaseRouted(**said, concerned=self.concerned, cluster=self.traits.cluster, raised=raised))

    def _order(self, briefing: Briefing) -> None:
        self.due_at = briefing.due.get("resolution")
        self._rearm(briefing)
        self.record(self._work_order(briefing))

    def _rearm(self, briefing: Briefing) -> None:
        """Be woken when a handler is to be found."""
        self.wake_at(briefing.hand_out_at if self.is_unclaimed else None)

    def _work_order(self, briefing: Briefing) -> WorkOrder:
        return WorkOrder(
            **{name: getattr(self, name) for name in ORDERED},
            subject_line=briefing.subject_line,
            narrative="\n\n".join([briefing.narrative, *briefing.supplements]),
            complainant=briefing.complainant,
            product=briefing.product,
            place=briefing.place,
            due=briefing.due,
            derivation=briefing.derivation,
            links={"case": briefing.link} | ({"cluster": briefing.cluster_link} if briefing.cluster_link else {}),
        )
