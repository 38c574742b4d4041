"""One answer, how it reached the complainant and what they said to it: agreement is something that can be shown."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from shared.contracts.values import Instant, Outcome, Sealed
from shared.errors import Fault

View = Literal["agree", "dispute"]


class AlreadyAnswered(Fault):
    """The complainant has said something else before; each question is answered once."""

    code = "already-answered"
    status = 409


class Superseded(Fault):
    """The link belongs to an earlier answer; a newer one has taken its place."""

    code = "superseded"
    status = 410


class Answer(BaseModel):
    """The department's answer of one round, and the complainant's view of it, in their own words.

    After the `last` one there is no other, but other remedies.
    """

    text: Sealed
    outcome: Outcome
    last: bool = False
    delivered_at: Instant | None = None
    consent_until: Instant | None = None
    view: View | None = None
    reason: str = ""

    def already(self, view: View) -> bool:
        """Whether the complainant has said just this before. Raises `AlreadyAnswered` where it was something else."""
        if self.view not in (view, None):
            raise AlreadyAnswered(f"You have said before that you {self.view}; that stands.", view=self.view)
        return self.view == view

    def viewed(self, view: View, reason: str) -> None:
        """Keep what the complainant said; the time for consent is over."""
        self.view, self.reason, self.consent_until = view, reason, None

    def ran_out(self, now: datetime) -> bool:
        """Whether the time to object has passed without a word."""
        return self.consent_until is not None and self.consent_until <= now
