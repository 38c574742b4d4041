"""Pauses: times during which nothing could go on, each with its reason, and no more of them than the pack allows."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import zip_longest

from pydantic import BaseModel

from services.sla.rules import Rules
from shared.contracts.values import Instant


class Pause(BaseModel):
    """A time during which somebody was waited for, and why.

    `goes_on_at` is when the clock goes on by itself, where the regulation limits pauses; `capped` says that it has.
    """

    since: Instant
    until: Instant | None = None
    reason: str
    waiting_for: str
    goes_on_at: Instant | None = None
    capped: bool = False

    @property
    def stands_still(self) -> bool:
        """Whether the clock stands still in it now."""
        return self.until is None and not self.capped

    def stopped_until(self, as_of: datetime | None = None) -> datetime | None:
        """Until when it kept the clock from running, seen from `as_of`; None where it still does."""
        moments = [moment for moment in (self.until, as_of, self.goes_on_at if self.capped else None) if moment]
        return max(min(moments), self.since) if moments else None


def pair(pauses: list[Pause], ends: Sequence[datetime]) -> None:
    """Give each pause its end by time, in whatever order the messages have come."""
    pauses.sort(key=lambda pause: pause.since)
    for pause, end in zip_longest(pauses, sorted(ends)):
        pause.until = end


def limit(pauses: Sequence[Pause], rules: Rules, now: datetime) -> None:
    """Let no clock stand still longer than the regulation allows for all its pauses together."""
    left = rules.standstill(pauses[0].since) if pauses else None
    if left is None:
        return
    for pause in pauses:
        pause.goes_on_at = rules.goes_on(pause.since, left)
        pause.capped = pause.goes_on_at < pause.until if pause.until else pause.goes_on_at <= now
        if until := pause.stopped_until():
            left = max(left - rules.stood(pause.since, until), timedelta())
