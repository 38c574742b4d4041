"""A promise: one target of one complaint."""

from typing import Literal

from pydantic import BaseModel, Field

from services.sla.counting import CountedBy
from shared.contracts.values import Instant, Milestone

TargetState = Literal["open", "met", "cancelled"]

PAUSABLE: frozenset[Milestone] = frozenset({"resolution", "investigation", "measures"})
"""What waits while somebody is asked for something; the receipt and the decision never do."""

OWN: frozenset[Milestone] = frozenset({"survey", "filing"})
"""What is owed once the complaint is closed, and to no complainant who waits for it."""


class Promise(BaseModel):
    """One target of one complaint: when it is due, and what has become of it so far.

    `first_due_at` is the deadline as it was first promised: whatever moves `due_at` later leaves it alone.
    """

    milestone: Milestone
    within: str
    clause: str
    started_at: Instant
    due_at: Instant
    first_due_at: Instant = Field(default_factory=lambda promise: promise["due_at"])
    state: TargetState = "open"
    warnings_given: int = 0
    breached_at: Instant | None = None
    rungs_climbed: int = 0
    met_at: Instant | None = None
    cancelled_at: Instant | None = None
    round: int = 1
    counted_by: CountedBy = CountedBy()

    def was_open_at(self, moment: Instant) -> bool:
        """Whether it was to be kept then, although it has been settled since."""
        settled_at = self.met_at or self.cancelled_at
        return settled_at is not None and self.started_at <= moment < settled_at

    def cancel(self, at: Instant) -> None:
        """It is owed to nobody any more."""
        self.state, self.cancelled_at = "cancelled", at
