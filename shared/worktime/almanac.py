"""The days of one calendar edition, counted ahead, so that no deadline has to walk from day to day."""

from array import array
from bisect import bisect_left
from datetime import date
from itertools import accumulate

from shared.worktime.edition import FIRST_DAY, FIRST_YEAR, LAST_DAY, LAST_YEAR, SATURDAY, CalendarEdition, OwnDays
from shared.worktime.hours import Hours
from shared.worktime.statutory import statutory_days

FIRST = FIRST_DAY.toordinal()
DAYS = LAST_DAY.toordinal() - FIRST + 1
BEYOND = f"lies outside the working calendar, which reaches from {FIRST_YEAR} to {LAST_YEAR}"


class Almanac:
    """Every day from 1950 to 2100 by one edition: its hours, and how many working days and hours lie before it.

    With these prefix sums a working day is found at once, and a moment by working time in one binary search. Every
    method raises ValueError for what lies outside these years.
    """

    def __init__(self, edition: CalendarEdition) -> None:
        self.statutory = statutory_days().arranged(edition.arrangements)
        self._own = {day: entry for entry in edition.days for day in entry.days}
        self._hours = self._opened(edition)
        self._working = array("l", (FIRST + place for place, hours in enumerate(self._hours) if hours))
        self._workdays = array("l", accumulate((hours is not None for hours in self._hours), initial=0))
        lengths = (hours.length if hours else 0 for hours in self._hours)
        self._worktime = array("q", accumulate(lengths, initial=0))

    def _opened(self, edition: CalendarEdition) -> list[Hours | None]:
        """The hours of each day, None for one that is not worked: the week, then the law, then the company."""
        usual = [edition.usual_hours(weekday) for weekday in range(7)]
        week = [*usual[:SATURDAY], None, None]
        opened = [week[(FIRST_DAY.weekday() + place) % 7] for place in range(DAYS)]
        for day in self.statutory.off:
            opened[self._place(day)] = None
        for day in self.statutory.makeup:
            opened[self._place(day)] = usual[day.weekday()]
        for day, entry in self._own.items():
            opened[self._place(day)] = (entry.hours or usual[day.weekday()]) if entry.worked else None
        return opened

    def own(self, day: date) -> OwnDays | None:
        """What the company itself has decided for a day."""
        return self._own.get(day)

    def hours_on(self, day: date) -> Hours | None:
        """The hours of a day, None when it is not worked."""
        return self._hours[self._place(day)]

    def working_day_after(self, day: date, nth: int) -> date:
        """The nth working day (1 or more) after a day, which itself is not counted."""
        number = self._workdays[self._place(day) + 1] + nth - 1
        if number >= len(self._working):
            raise ValueError(f"{nth} working days after {day} {BEYOND}")
        return date.fromordinal(self._working[number])

    def worktime_before(self, day: date, clock: int) -> int:
        """The working time from the first day of all until `clock` on a day, both in microseconds."""
        place = self._place(day)
        hours = self._hours[place]
        return self._worktime[place] + hours.worked_by(clock) if hours else self._worktime[place]

    def reached(self, worktime: int) -> tuple[date, int]:
        """The day, and the earliest time on it, by which so much working time has passed since the first day of all.

        The inverse of `worktime_before`, for more than no time at all; both in microseconds.
        """
        place = bisect_left(self._worktime, worktime) - 1
        hours = self._hours[place] if 0 <= place < DAYS else None
        if hours is None:
            raise ValueError(f"so much working time {BEYOND}")
        return date.fromordinal(FIRST + place), hours.reached(worktime - self._worktime[place])

    def _place(self, day: date) -> int:
        place = day.toordinal() - FIRST
        if not 0 <= place < DAYS:
            raise ValueError(f"{day} {BEYOND}")
        return place
