"""Which edition of the working calendar counts for a clock, and for each of its promises. Pure."""

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel, ConfigDict

from shared.contracts.sla import Counting, Standstill
from shared.contracts.values import Instant, Milestone
from shared.errors import NotYet
from shared.worktime import CALENDARS, Calendar, Deadline

if TYPE_CHECKING:
    from services.sla.model import Clock, Promise
    from services.sla.model.targets import Promising


class CountedBy(BaseModel):
    """The edition of a working calendar that deadlines are counted by."""

    model_config = ConfigDict(frozen=True)

    calendar: str = "cn"
    edition: int = 0

    @property
    def known(self) -> Calendar:
        """The calendar itself. Raises `NotYet` where this replica has not heard of the edition."""
        try:
            return CALENDARS.get(self.calendar, self.edition)
        except ValueError as unknown:
            raise NotYet(str(unknown)) from unknown

    def covers(self, other: "CountedBy") -> bool:
        """Whether what was counted by this needs no counting by the other: it is the same calendar, and not newer."""
        return self.calendar == other.calendar and self.edition >= other.edition


@cache
def counted_by(calendar: str, edition: int) -> CountedBy:
    """The same, made once: there are few editions, and every clock and promise names one."""
    return CountedBy(calendar=calendar, edition=edition)


class Move(NamedTuple):
    """One promise that another edition of its calendar, or version of its regulation, has moved."""

    milestone: Milestone
    before: Instant
    after: Instant

    def makes_late(self, now: Instant) -> bool:
        """Whether it was still in time before, and is not any more."""
        return self.after <= now < self.before


def counting(promise: "Promise", clock: "Promising", as_of: datetime | None = None) -> Counting:
    """What the promise's deadline was counted from: its own edition, and the pauses it has lived through by then."""
    pauses = [
        Standstill(since=pause.since, until=until, reason=pause.reason)
        for pause in clock.pauses_of(promise)
        if (until := pause.stopped_until(as_of))
    ]
    return Counting(
        start=promise.started_at,
        within=promise.within,
        calendar=promise.counted_by.calendar,
        edition=promise.counted_by.edition,
        pauses=tuple(pauses),
    )


def derived(promise: "Promise", clock: "Clock") -> Deadline:
    """The promise's deadline with what it was counted from. Raises `NotYet` for an edition not heard of here."""
    return promise.counted_by.known.deadline_of(counting(promise, clock, promise.met_at), promise.due_at)
