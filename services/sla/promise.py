"""What a clock holds: the promises, the pauses, and who had the complaint when."""

from typing import Literal

from pydantic import BaseModel, Field

from shared.contracts.values import Department, Instant, Milestone

TargetState = Literal["open", "met", "cancelled"]


class Pause(BaseModel):
    """A time during which nothing could go on, and why."""

    since: Instant
    until: Instant | None = None
    reason: str
    waiting_for: str


class Placement(BaseModel):
    """Which department had the complaint, from when on."""

    since: Instant
    department: Department


class Promise(BaseModel):
    """One target of one complaint: when it is due, and what has become of it so far.

    `first_due_at` is the deadline as it was first promised; pauses and another severity move `due_at` only.
    """

    milestone: Milestone
    within: str
    clause: str
    started_at: Instant
    due_at: Instant
    first_due_at: Instant = Field(default_factory=lambda known: known["due_at"])
    state: TargetState = "open"
    warnings_given: int = 0
    breached_at: Instant | None = None
    rungs_climbed: int = 0
    met_at: Instant | None = None
    round: int = 1
