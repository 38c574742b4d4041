"""One letter to the complainant, and the proof of what became of it."""

from datetime import datetime
from typing import Literal, NamedTuple

from pydantic import BaseModel

from shared.contracts.values import Instant, Sealed

Kind = Literal["receipt", "progress", "answer", "declined", "withdrawn", "closing", "reminder"]

Result = Literal["sent", "again", "failed", "unreachable"]


class Attempt(NamedTuple):
    """What came of handing one letter to the messenger.

    `again` is tried once more at `again_at`; `unreachable` means that the messenger has no way to this person.
    """

    letter: str
    result: Result
    via: str = ""
    reason: str = ""
    again_at: datetime | None = None


class Letter(BaseModel):
    """A letter that waits, or what became of it (S6.7).

    `name` tells it from all others of the complaint: `receipt-1`, `answer-2`. `text` is what it has to tell beyond what
    the conversation knows (a reason, a step); `note` is the same where it is sealed.
    """

    name: str
    kind: Kind
    text: str = ""
    note: Sealed | None = None
    state: Literal["waiting", "sent", "failed", "recalled"] = "waiting"
    attempts: int = 0
    next_try_at: Instant | None = None
    via: str = ""
    settled_at: Instant | None = None
    reason: str = ""

    def tried(self, attempt: Attempt, at: datetime) -> bool:
        """Keep what came of an attempt; whether the letter is settled by it."""
        self.attempts += 1
        self.via, self.reason = attempt.via, attempt.reason
        if attempt.result == "again":
            self.next_try_at = attempt.again_at
            return False
        self.state, self.settled_at, self.next_try_at = "sent" if attempt.result == "sent" else "failed", at, None
        return True

    def recall(self) -> None:
        """Do not send it any more; a letter already settled stays as it is."""
        if self.state == "waiting":
            self.state, self.next_try_at = "recalled", None
