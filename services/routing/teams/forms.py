"""What is asked and shown of the departments that work on a complaint for the one that leads."""

from pydantic import BaseModel, Field

from shared.contracts.values import Department, Instant, Outcome
from shared.web import Body, Line


class TaskView(BaseModel):
    """What another department was asked for, and what became of it; personal data is masked."""

    name: str
    department: Department
    asks: str
    asked_by: str
    asked_at: Instant
    due_at: Instant
    status: str
    taken_by: str
    ended_by: str
    ended_at: Instant | None
    outcome: Outcome | None
    answer: str
    reason: str


class TeamFormed(Body):
    """Who is on the special team besides its leader."""

    members: list[Line] = Field(min_length=1, max_length=50)
