"""What sla publishes: promises made, kept, in danger and broken."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.event import Event
from shared.contracts.values import Department, Instant, Milestone, Role, Rung, Severity

NoticeKind = Literal["alert", "urge", "written", "raised"]
"""What a notice of supervision is: told at once of a grave complaint, or a rung of the ladder."""


class TargetEvent(Event):
    """One milestone of one complaint; `lateness` is in seconds, negative while there is time left."""

    milestone: Milestone
    due_at: Instant
    department: Department | None = None
    severity: Severity = "general"
    lateness: float = 0.0


class TargetSet(TargetEvent):
    """A promise was made, or moved."""

    type: Literal["sla.target-set"] = "sla.target-set"


class Standstill(BaseModel):
    """A time during which a deadline waited, and why."""

    model_config = ConfigDict(frozen=True)

    since: Instant
    until: Instant
    reason: str = ""


class Counting(BaseModel):
    """How a deadline was counted: from when, how long, by which edition of which calendar, and what it waited for."""

    model_config = ConfigDict(frozen=True)

    start: Instant
    within: str
    calendar: str
    edition: int = 0
    pauses: tuple[Standstill, ...] = ()


class TargetMoved(TargetEvent):
    """A promise to the complainant is not what the receipt says: it was moved, or was made since.

    It is said beside `sla.target-set`, which says every promise. `before` is when it was due; None for a new one.
    """

    type: Literal["sla.target-moved"] = "sla.target-moved"
    before: Instant | None = None
    counting: Counting


class TargetDropped(TargetEvent):
    """A promise is owed no more, because the severity or the version that counts now does not make it."""

    type: Literal["sla.target-dropped"] = "sla.target-dropped"


class TargetAtRisk(TargetEvent):
    """A warning point has passed and the promise is not kept yet."""

    type: Literal["sla.target-at-risk"] = "sla.target-at-risk"


class TargetBreached(TargetEvent):
    """The promise was not kept in time."""

    type: Literal["sla.target-breached"] = "sla.target-breached"


class TargetMet(TargetEvent):
    """The promise was kept, in time or late; `by` names who said so, where that was a person."""

    type: Literal["sla.target-met"] = "sla.target-met"
    by: str = ""


class Escalated(Event):
    """The ladder of supervision climbed a rung (督办)."""

    type: Literal["sla.escalated"] = "sla.escalated"
    milestone: Milestone
    rung: Rung
    role: Role
    department: Department | None = None


class Alerted(Event):
    """Somebody was told at once of a grave complaint (S2.7, S20.5); unseen by then, the next in rank is told."""

    type: Literal["sla.alerted"] = "sla.alerted"
    severity: Severity
    role: Role
    department: Department | None = None
    seen_by_when: Instant


class NoticeSeen(Event):
    """A notice of supervision was seen by somebody who has its role."""

    type: Literal["sla.notice-seen"] = "sla.notice-seen"
    notice: str
    notice_kind: NoticeKind = Field(alias="kind")
    role: Role
    by: str
