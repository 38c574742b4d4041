"""Working days and business hours of one place, and what is due when."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from shared.contracts.sla import Counting
from shared.contracts.values import Language
from shared.worktime import derivation
from shared.worktime.almanac import Almanac
from shared.worktime.deadline import Deadline
from shared.worktime.duration import Duration
from shared.worktime.edition import STATUTORY, CalendarEdition, OwnDays
from shared.worktime.hours import MICROSECOND, Hours, since_midnight

MIDNIGHT = time()


@dataclass(frozen=True)
class Calendar:
    """The working calendar that deadlines are counted by, in one edition: days, business hours, a time zone.

    Every moment that comes in needs an offset, every day lies between 1950 and 2100 (ValueError otherwise); every
    moment that goes out is in UTC.
    """

    edition: CalendarEdition = STATUTORY

    def __hash__(self) -> int:
        return hash((self.edition.name, self.edition.version))

    @property
    def name(self) -> str:
        """The name by which a pack asks for it."""
        return self.edition.name

    @property
    def version(self) -> int:
        """The number of its edition; 0 is the statutory calendar as it is."""
        return self.edition.version

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone whose wall clock business hours are told by."""
        return self.edition.zone

    @cached_property
    def _almanac(self) -> Almanac:
        return Almanac(self.edition)

    def provisional(self, year: int) -> bool:
        """Whether the official arrangement of a year is not known yet, so that its make-up workdays are missing."""
        return year not in self._almanac.statutory.published

    def is_working_day(self, day: date) -> bool:
        """Whether the company works on that day, make-up workdays (调休) included."""
        return self._almanac.hours_on(day) is not None

    def is_makeup_workday(self, day: date) -> bool:
        """Whether that day is a Saturday or Sunday worked in exchange for a day off (调休)."""
        return day in self._almanac.statutory.makeup and self.is_working_day(day)

    def why(self, day: date, language: Language = "en") -> str:
        """Why a day is worked or not: the company's reason, make-up workday, weekend, or the holidays around."""
        return derivation.why(self, day, language)

    def holidays_on(self, day: date, language: Language = "en") -> tuple[str, ...]:
        """The names of the statutory holidays that fall on a day."""
        names = self._almanac.statutory.off.get(day)
        return names[language] if names else ()

    def own(self, day: date) -> OwnDays | None:
        """What the company itself has decided for a day, None where it has not."""
        return self._almanac.own(day)

    def days_off_around(self, day: date) -> tuple[date, date]:
        """The first and last day of the run of days off that a day off belongs to, all by law or by one decision."""
        one, first, last = timedelta(days=1), day, day
        while self._off_alike(first - one, day):
            first -= one
        while self._off_alike(last + one, day):
            last += one
        return first, last

    def _off_alike(self, day: date, other: date) -> bool:
        return not self.is_working_day(day) and self.own(day) is self.own(other)

    def next_working_day(self, day: date, nth: int = 1) -> date:
        """The nth working day (1 or more) after a day, which itself is not counted (Civil Code, Art. 201)."""
        return self._almanac.working_day_after(day, nth)

    def hours_on(self, day: date) -> Hours:
        """The business hours of a day; of one that is not worked, those that its weekday would have."""
        return self._almanac.hours_on(day) or self.edition.usual_hours(day.weekday())

    def close_of(self, day: date) -> datetime:
        """Close of business of a day (UTC), whether it is a working day or not."""
        close = self._closes.get(day)
        if close is None:
            close = datetime.combine(day, self.hours_on(day).close, self.zone).astimezone(UTC)
            self._closes[day] = close
        return close

    @cached_property
    def _closes(self) -> dict[date, datetime]:
        """What `close_of` has answered: most deadlines end on the same few days."""
        return {}

    def day_of(self, moment: datetime) -> date:
        """The local day that a moment falls on."""
        return self.local(moment).date()

    def local(self, moment: datetime) -> datetime:
        """The moment in the calendar's time zone; ValueError when it has no offset."""
        return _aware(moment).astimezone(self.zone)

    def deadline(self, start: datetime, duration: Duration) -> Deadline:
        """When a limit that starts at a moment is due, and how that was counted; `shared.worktime` has the rules."""
        return Deadline(start, duration, self.due_at(start, duration), self)

    def deadline_of(self, counting: Counting, due_at: datetime) -> Deadline:
        """The deadline that somebody has counted by this calendar and its pauses, and that came out at `due_at`."""
        deadline = self.deadline(counting.start, Duration.parse(counting.within))
        for pause in counting.pauses:
            deadline = deadline.paused(pause.since, pause.until, pause.reason)
        return deadline._replace(due_at=due_at)

    def due_at(self, start: datetime, duration: Duration) -> datetime:
        """The moment (UTC) at which a limit ends: elapsed, or at the close of business of its last day."""
        if duration.elapsed is not None:
            return _aware(start).astimezone(UTC) + duration.elapsed
        return self.close_of(self._last_day(self.local(start), duration))

    def _last_day(self, start: datetime, duration: Duration) -> date:
        day = start.date()
        match duration.unit:
            case "working day":
                return self.next_working_day(day, duration.count)
            case "week":
                return self._on_or_after(day + timedelta(weeks=duration.count))
            case "same day" if self.is_working_day(day) and start.time() < self.hours_on(day).close:
                return day
            case _:
                return self.next_working_day(day)

    def _on_or_after(self, day: date) -> date:
        """A last day that is not worked moves to the next working day (Civil Code, Art. 203)."""
        return day if self.is_working_day(day) else self.next_working_day(day)

    def later(self, due_at: datetime, duration: Duration, since: datetime, until: datetime) -> datetime:
        """A deadline (UTC) moved by a pause: by elapsed time for a limit in hours or less, else by working time."""
        if duration.elapsed is not None:
            return due_at.astimezone(UTC) + (until - since)
        return self.add_worktime(due_at, self.worktime_between(since, until))

    def worktime_between(self, start: datetime, end: datetime) -> timedelta:
        """The business hours that pass between two moments, negative when the end lies before the start."""
        return (self._worktime_before(end) - self._worktime_before(start)) * MICROSECOND

    def add_worktime(self, start: datetime, worktime: timedelta) -> datetime:
        """The earliest moment (UTC) by which so much working time has passed since the start.

        A pause moves a deadline by it. No time at all changes nothing. Raises ValueError for less than that.
        """
        if worktime < timedelta():
            raise ValueError(f"working time runs forward, not by {worktime}")
        if not worktime:
            return start.astimezone(UTC)
        day, clock = self._almanac.reached(self._worktime_before(start) + worktime // MICROSECOND)
        return (datetime.combine(day, MIDNIGHT, self.zone) + clock * MICROSECOND).astimezone(UTC)

    def _worktime_before(self, moment: datetime) -> int:
        local = self.local(moment)
        return self._almanac.worktime_before(local.date(), since_midnight(local))


def _aware(moment: datetime) -> datetime:
    """A moment that has an offset; ValueError when it has none."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} needs an offset, such as +08:00")
    return moment
