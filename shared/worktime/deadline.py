"""A deadline and where it comes from."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shared.contracts.values import Language
from shared.worktime import words
from shared.worktime.duration import Duration

if TYPE_CHECKING:
    from shared.worktime.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due (UTC), and what that was counted from; the words are made only when asked for."""

    start: datetime
    duration: Duration
    due_at: datetime
    calendar: "Calendar"

    @property
    def provisional(self) -> bool:
        """Whether a day of a year whose official arrangement is not yet known was counted."""
        if self.duration.elapsed is not None:
            return False
        years = (self.calendar.day_of(moment).year for moment in (self.start, self.due_at))
        return any(self.calendar.provisional(year) for year in years)

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
        return words.derivation(self, language)

    def explain(self, language: Language = "zh-CN") -> str:
        """The derivation as one line of text."""
        return words.SEPARATOR[language].join(self.derivation(language))
