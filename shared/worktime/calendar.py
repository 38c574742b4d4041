"""Working days and business hours of one place, and what is due when."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from shared.contracts.values import Language
from shared.worktime import words
from shared.worktime.deadline import Deadline
from shared.worktime.duration import Duration
from shared.worktime.hours import Hours, since_midnight
from shared.worktime.statutory import PUBLISHED, Year, statutory_year

CALENDARS = ("cn",)
"""The calendars that a pack can name."""


@dataclass(frozen=True)
class Calendar:
    """The working calendar that deadlines are counted by: Chinese statutory days, business hours, a time zone.

    Every moment that comes in needs an offset (ValueError otherwise); every moment that goes out is in UTC.
    """

    name: str = "cn"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    hours: Hours = field(default_factory=Hours)
    version: str = str(max(PUBLISHED))

    def provisional(self, year: int) -> bool:
        """Whether the official arrangement of a year is not known yet, so that its make-up workdays are missing."""
        return year not in PUBLISHED

    def is_working_day(self, day: date) -> bool:
        """Whether the company works on that day, make-up workdays (调休) included."""
        working, ordinal = self._year(day.year).working, day.toordinal()
        place = bisect_left(working, ordinal)
        return place < len(working) and working[place] == ordinal

    def is_makeup_workday(self, day: date) -> bool:
        """Whether that day is a Saturday or Sunday worked in exchange for a day off (调休)."""
        return day in self._year(day.year).makeup

    def why(self, day: date, language: Language = "en") -> str:
        """Why a day is worked or not: working day, make-up workday, weekend, or the holidays of the days off around."""
        return words.why(self, day, language)

    def holiday(self, day: date, language: Language = "en") -> str | None:
        """The name of the holiday that falls on a day, None where there is none."""
        return self._year(day.year).holidays[language].get(day)

    def days_off_around(self, day: date) -> tuple[date, date]:
        """The first and last day of the unbroken run of days off that a day off belongs to."""
        first = last = day
        while not self.is_working_day(first - timedelta(days=1)):
            first -= timedelta(days=1)
        while not self.is_working_day(last + timedelta(days=1)):
            last += timedelta(days=1)
        return first, last

    def next_working_day(self, day: date, nth: int = 1) -> date:
        """The nth working day (1 or more) after a day, which itself is not counted (Civil Code, Art. 201)."""
        year = day.year
        working = self._year(year).working
        place = bisect_right(working, day.toordinal()) + nth - 1
        while place >= len(working):
            place -= len(working)
            year += 1
            working = self._year(year).working
        return date.fromordinal(working[place])

    def close_of(self, day: date) -> datetime:
        """Close of business of a day (UTC), whether it is a working day or not."""
        return datetime.combine(day, self.hours.close, self.zone).astimezone(UTC)

    def day_of(self, moment: datetime) -> date:
        """The local day that a moment falls on."""
        return self.local(moment).date()

    def local(self, moment: datetime) -> datetime:
        """The moment in the calendar's time zone; ValueError when it has no offset."""
        if moment.tzinfo is None:
            raise ValueError(f"{moment} needs an offset, such as +08:00")
        return moment.astimezone(self.zone)

    def deadline(self, start: datetime, duration: Duration) -> Deadline:
        """When a limit that starts at a moment is due, and how that was counted; `shared.worktime` has the rules."""
        return Deadline(start, duration, self.due_at(start, duration), self)

    def due_at(self, start: datetime, duration: Duration) -> datetime:
        """The moment (UTC) at which a limit ends: elapsed, or at the close of business of its last day."""
        local = self.local(start)
        if duration.elapsed is not None:
            return start.astimezone(UTC) + duration.elapsed
        return self.close_of(self._last_day(local, duration))

    def _last_day(self, start: datetime, duration: Duration) -> date:
        day = start.date()
        match duration.unit:
            case "working day":
                return self.next_working_day(day, duration.count)
            case "week":
                return self._on_or_after(day + timedelta(weeks=duration.count))
            case "same day" if self.is_working_day(day) and start.time() < self.hours.close:
                return day
            case _:
                return self.next_working_day(day)

    def _on_or_after(self, day: date) -> date:
        """A last day that is not worked moves to the next working day (Civil Code, Art. 203)."""
        return day if self.is_working_day(day) else self.next_working_day(day)

    def worktime_between(self, start: datetime, end: datetime) -> timedelta:
        """The business hours that pass between two moments, negative when the end lies before the start."""
        first, last = self.local(start), self.local(end)
        days = self._working_days_before(last.date()) - self._working_days_before(first.date())
        if first.year != last.year:
            days += self._working_days_of_years(first.year, last.year)
        return days * self.hours.length + self._worked_today(last) - self._worked_today(first)

    def add_worktime(self, start: datetime, worktime: timedelta) -> datetime:
        """The earliest moment (UTC) by which so much working time has passed since the start.

        A pause moves a deadline by it. No time at all changes nothing. Raises ValueError for less than that.
        """
        if worktime < timedelta():
            raise ValueError(f"working time runs forward, not by {worktime}")
        if not worktime:
            return start.astimezone(UTC)
        local = self.local(start)
        day, left = local.date(), worktime + self._worked_today(local)
        if self.is_working_day(day) and left <= self.hours.length:
            return self._at(day, left)
        if self.is_working_day(day):
            left -= self.hours.length
        whole, rest = divmod(left, self.hours.length)
        days, rest = (whole, self.hours.length) if not rest else (whole + 1, rest)
        return self._at(self.next_working_day(day, days), rest)

    def _at(self, day: date, worked: timedelta) -> datetime:
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return (midnight + self.hours.reached(worked)).astimezone(UTC)

    def _worked_today(self, local: datetime) -> timedelta:
        return self.hours.worked_by(since_midnight(local)) if self.is_working_day(local.date()) else timedelta()

    def _working_days_before(self, day: date) -> int:
        return bisect_left(self._year(day.year).working, day.toordinal())

    def _working_days_of_years(self, first: int, last: int) -> int:
        """The working days of the whole years from the first up to the last, which is not counted."""
        if first > last:
            return -self._working_days_of_years(last, first)
        return sum(len(self._year(year).working) for year in range(first, last))

    def _year(self, year: int) -> Year:
        return statutory_year(year)


@cache
def calendar_named(name: str) -> Calendar:
    """The calendar that a pack names; ValueError when there is none of that name."""
    if name not in CALENDARS:
        raise ValueError(f"there is no calendar {name!r}; there is {', '.join(CALENDARS)}")
    return Calendar(name)
