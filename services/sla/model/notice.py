"""A notice: what supervision (督办) tells somebody, and who has seen it."""

from typing import NamedTuple

from pydantic import BaseModel

from shared.contracts.sla import NoticeKind
from shared.contracts.values import Department, Instant, Milestone, Role, Severity

TOLD_NOBODY = "none"
"""How a notice was told that nobody could be sent: it stands in the list of notices only."""


class Told(NamedTuple):
    """How a notice that was given at a moment was told; `at` is None where nobody could be."""

    given_at: Instant
    via: str
    at: Instant | None


class Notice(BaseModel):
    """One notice of supervision: to whom, about what, and who saw it when.

    `until` is by when somebody has to act, where no other rung of the ladder follows by itself; a notice that nobody
    heeds is given again (`times`), and `at` is when it was given last. `via` is how it was told, empty as long as it
    waits for that.
    """

    id: str
    kind: NoticeKind
    severity: Severity
    milestone: Milestone | None = None
    role: Role
    department: Department | None = None
    at: Instant
    times: int = 1
    until: Instant | None = None
    via: str = ""
    told_at: Instant | None = None
    seen_by: str = ""
    seen_at: Instant | None = None

    def give_again(self, at: Instant, until: Instant) -> None:
        """Nobody heeded it: it is given once more."""
        self.at, self.until, self.times = at, until, self.times + 1
        self.via, self.told_at = "", None
