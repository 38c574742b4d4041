"""Business hours: when a working day is worked."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from itertools import pairwise

Interval = tuple[time, time]

OFFICE: tuple[Interval, ...] = ((time(9), time(12)), (time(13, 30), time(18)))
"""The default hours, 09:00-12:00 and 13:30-18:00."""


def since_midnight(moment: time | datetime) -> timedelta:
    """What the wall clock shows, as the time passed since 00:00."""
    return timedelta(0, moment.hour * 3600 + moment.minute * 60 + moment.second, moment.microsecond)


@dataclass(frozen=True)
class Hours:
    """The opening intervals of a working day, in order, in the calendar's wall-clock time.

    Raises ValueError when there is none, or when they are empty, overlap or stand out of order.
    """

    intervals: tuple[Interval, ...] = OFFICE

    def __post_init__(self) -> None:
        edges = [edge for interval in self.intervals for edge in interval]
        if not edges or any(later <= earlier for earlier, later in pairwise(edges)):
            raise ValueError(f"business hours are intervals in order that do not overlap, not {self}")

    @cached_property
    def spans(self) -> tuple[tuple[timedelta, timedelta], ...]:
        """The intervals as times since midnight."""
        return tuple((since_midnight(opens), since_midnight(closes)) for opens, closes in self.intervals)

    @cached_property
    def length(self) -> timedelta:
        """The working time of one whole day."""
        return sum((closes - opens for opens, closes in self.spans), timedelta())

    @property
    def close(self) -> time:
        """Close of business."""
        return self.intervals[-1][1]

    def worked_by(self, clock: timedelta) -> timedelta:
        """The working time that has passed when it is `clock` after midnight."""
        passed = (min(clock, closes) - opens for opens, closes in self.spans if clock > opens)
        return sum(passed, timedelta())

    def reached(self, worked: timedelta) -> timedelta:
        """The earliest time since midnight at which `worked` (up to `length`) has passed: noon, not the end of lunch.

        Raises ValueError for more than a day holds.
        """
        for opens, closes in self.spans:
            if worked <= closes - opens:
                return opens + worked
            worked -= closes - opens
        raise ValueError(f"a working day holds {self.length}, and {worked} is left over")

    def __str__(self) -> str:
        return ", ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in self.intervals)
