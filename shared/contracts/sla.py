"""What sla publishes: promises made, kept, in danger and broken."""

from typing import Literal

from shared.contracts.event import Event
from shared.contracts.values import Department, Instant, Milestone, Role, Rung, Severity


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


class TargetAtRisk(TargetEvent):
    """A warning point has passed and the promise is not kept yet."""

    type: Literal["sla.target-at-risk"] = "sla.target-at-risk"


class TargetBreached(TargetEvent):
    """The promise was not kept in time."""

    type: Literal["sla.target-breached"] = "sla.target-breached"


class TargetMet(TargetEvent):
    """The promise was kept, in time or late."""

    type: Literal["sla.target-met"] = "sla.target-met"


class Escalated(Event):
    """The ladder of supervision climbed a rung (督办)."""

    type: Literal["sla.escalated"] = "sla.escalated"
    milestone: Milestone
    rung: Rung
    role: Role
    department: Department | None = None
