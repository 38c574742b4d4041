"""A deadline and where it comes from."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from shared.contracts.values import Language
from shared.worktime.derivation import told
from shared.worktime.duration import Duration
from shared.worktime.phrases import SEPARATOR

if TYPE_CHECKING:
    from shared.worktime.calendar import Calendar


class Pause(NamedTuple):
    """A time during which nothing could go on, and why."""

    since: datetime
    until: datetime
    reason: str = ""


class Deadline(NamedTuple):
    """When something is due (UTC), and what that was counted from; the words are made only when asked for.

    It keeps the calendar it was counted by, whatever edition is in force later.
    """

    start: datetime
    duration: Duration
    due_at: datetime
    calendar: "Calendar"
    pauses: tuple[Pause, ...] = ()

    @property
    def provisional(self) -> bool:
        """Whether a day of a year whose official arrangement is not yet known was counted."""
        return bool(self.provisional_years)

    @property
    def provisional_years(self) -> list[int]:
        """The years that were counted and whose official arrangement is not yet known; none where time elapses."""
        if self.duration.elapsed is not None:
            return []
        first, last = (self.calendar.day_of(moment).year for moment in (self.start, self.due_at))
        return [year for year in range(first, last + 1) if self.calendar.provisional(year)]

    def paused(self, since: datetime, until: datetime, reason: str = "") -> "Deadline":
        """The deadline after a pause, later by the time waited; a pause before its start or after its end is none.

        Elapsed time counts for a limit in hours or less, working time for one in days or weeks. Raises ValueError for
        a pause that ends before it begins.
        """
        if until < since:
            raise ValueError(f"a pause from {since} to {until} ends before it begins")
        since = max(since, self.start)
        if until <= since or since >= self.due_at:
            return self
        due_at = self.calendar.later(self.due_at, self.duration, since, until)
        pauses = (*self.pauses, Pause(since, until, reason))
        return Deadline(self.start, self.duration, due_at, self.calendar, pauses)

    def warning_at(self, share: float) -> datetime:
        """The moment (UTC) at which a share (0 to 1) of the time is used up.

        Elapsed time counts for a limit in hours or less, working time for one in days or weeks.
        """
        if self.duration.elapsed is not None:
            return (self.start + (self.due_at - self.start) * share).astimezone(UTC)
        worktime = self.calendar.worktime_between(self.start, self.due_at)
        return self.calendar.add_worktime(self.start, worktime * share)

    def derivation(self, language: Language = "zh-CN") -> list[str]:
        """How the deadline was counted, one step a line; the last line is the deadline itself."""
        return list(told(self._to_the_second(), language))

    def _to_the_second(self) -> "Deadline":
        """The same as far as words tell it."""
        start, due_at = self.start.replace(microsecond=0), self.due_at.replace(microsecond=0)
        return Deadline(start, self.duration, due_at, self.calendar, self.pauses)

    def explain(self, language: Language = "zh-CN") -> str:
        """The derivation as one line of text."""
        return SEPARATOR[language].join(self.derivation(language))
