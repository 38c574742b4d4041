"""Business hours: when a working day is worked."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Self

Interval = tuple[time, time]

OFFICE: tuple[Interval, ...] = ((time(9), time(12)), (time(13, 30), time(18)))
"""The default hours, 09:00-12:00 and 13:30-18:00."""

_CLOCK = r"((?:[01]\d|2[0-3]):[0-5]\d)"
_INTERVAL = re.compile(rf"{_CLOCK}-{_CLOCK}", re.ASCII)


MICROSECOND = timedelta(microseconds=1)
"""The unit of all counting inside: whole numbers are added and compared faster than `timedelta`."""


def since_midnight(moment: time | datetime) -> int:
    """What the wall clock shows, in microseconds since 00:00."""
    return ((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1_000_000 + moment.microsecond


@dataclass(frozen=True)
class Hours:
    """The opening intervals of a working day, in order, in the calendar's wall-clock time.

    Raises ValueError when there is none, or when they are empty, overlap or stand out of order.
    """

    intervals: tuple[Interval, ...] = OFFICE

    def __post_init__(self) -> None:
        edges = [edge for interval in self.intervals for edge in interval]
        if not edges or any(later <= earlier for earlier, later in pairwise(edges)):
            raise ValueError(f"business hours are intervals in order that do not overlap, not {str(self) or 'none'}")

    @classmethod
    def parse(cls, text: "str | Hours") -> Self:
        """Read hours such as `09:00-12:00, 13:30-18:00`; ValueError says how they are written."""
        if isinstance(text, cls):
            return text
        spans = [_INTERVAL.fullmatch(span.strip()) for span in text.split(",")] if isinstance(text, str) else [None]
        if None in spans:
            raise ValueError(f'{text!r} are not business hours; write "{cls()}"')
        return cls(tuple((time.fromisoformat(span[1]), time.fromisoformat(span[2])) for span in spans if span))

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The intervals in microseconds since midnight."""
        return tuple((since_midnight(opens), since_midnight(closes)) for opens, closes in self.intervals)

    @cached_property
    def length(self) -> int:
        """The working time of one whole day, in microseconds."""
        return sum(closes - opens for opens, closes in self.spans)

    @cached_property
    def close(self) -> time:
        """Close of business."""
        return self.intervals[-1][1]

    def worked_by(self, clock: int) -> int:
        """The working time that has passed at `clock`, both in microseconds since midnight."""
        worked = 0
        for opens, closes in self.spans:
            if clock > opens:
                worked += min(clock, closes) - opens
        return worked

    def reached(self, worked: int) -> int:
        """The earliest time at which `worked` (up to `length`) has passed: noon, not the end of lunch.

        Both in microseconds since midnight. Raises ValueError for more than a day holds.
        """
        for opens, closes in self.spans:
            if worked <= closes - opens:
                return opens + worked
            worked -= closes - opens
        raise ValueError(f"a working day holds {self.length * MICROSECOND}, and {worked * MICROSECOND} is left over")

    def __str__(self) -> str:
        return ", ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in self.intervals)
