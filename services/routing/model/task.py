"""A task: what another department is asked to do for the one that leads a case."""

from typing import Literal

from pydantic import BaseModel

from shared.contracts.values import Department, Instant, Outcome, Sealed


class Task(BaseModel):
    """Something that a department is asked for, with a target of its own; the customer hears of the case's answer only.

    `name` tells it from the other tasks of its case. What is asked and what is answered is sealed. A task that nobody
    in particular `asked` for is the regulation's own (S8.5). `urged` says that its department was told it is late.
    """

    name: str
    department: Department
    asks: Sealed
    asked_by: str = ""
    asked_at: Instant
    due_at: Instant
    status: Literal["open", "answered", "withdrawn"] = "open"
    taken_by: str = ""
    urged: bool = False
    ended_by: str = ""
    ended_at: Instant | None = None
    outcome: Outcome | None = None
    answer: Sealed | None = None
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is still to be answered."""
        return self.status == "open"

    def is_late(self, now: Instant) -> bool:
        """Whether its department has not answered in time, and has not been told so."""
        return self.is_open and not self.urged and self.due_at <= now
