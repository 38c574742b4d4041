"""How a deadline was counted, in words: for the handler, the complainant and the auditor."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from shared.contracts.values import Language
from shared.worktime import phrases
from shared.worktime.edition import SATURDAY
from shared.worktime.phrases import COMMA, dated, say, timed

if TYPE_CHECKING:
    from shared.worktime.calendar import Calendar
    from shared.worktime.deadline import Deadline, Pause

MOST_REMEMBERED = 4096
"""Derivations whose words are kept: complaints that come in within the same second share theirs."""


@lru_cache(MOST_REMEMBERED)
def told(deadline: "Deadline", language: Language) -> tuple[str, ...]:
    """The steps by which a deadline was counted, one a line."""
    return tuple(Derivation(deadline, language).lines())


def why(calendar: "Calendar", day: date, language: Language) -> str:
    """Why a day is worked or not, in one or a few words."""
    if own := calendar.own(day):
        return say(language, "own workday", reason=own.reason[language]) if own.worked else own.reason[language]
    if calendar.is_makeup_workday(day):
        return say(language, "makeup")
    return say(language, "working day") if calendar.is_working_day(day) else _why_off(calendar, day, language)


def _why_off(calendar: "Calendar", day: date, language: Language) -> str:
    """What a run of days off is for; an unnamed weekday in it was moved there for the holiday that it names."""
    first, last = calendar.days_off_around(day)
    days = _days(first, last)
    names = dict.fromkeys(name for day in days for name in calendar.holidays_on(day, language))
    plain = "weekend" if all(day.weekday() >= SATURDAY for day in days) else "day off"
    return COMMA[language].join(names) or say(language, plain)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=nth) for nth in range((last - first).days + 1)]


class Derivation:
    """The steps by which one deadline was counted, in one language."""

    def __init__(self, deadline: "Deadline", language: Language) -> None:
        self._deadline, self._calendar, self._language = deadline, deadline.calendar, language
        self._duration = deadline.duration
        self._start = self._calendar.local(deadline.start)
        self._due = self._calendar.local(deadline.due_at)
        self._last = self._calendar.day_of(self._calendar.due_at(deadline.start, deadline.duration))

    def lines(self) -> Iterator[str]:
        """One step a line; the last line is the deadline itself."""
        limit = phrases.limit(self._language, self._duration)
        yield self._say("from", moment=self._moment(self._start), zone=self._calendar.zone, limit=limit)
        yield from self._edition()
        yield from self._steps()
        for pause in self._deadline.pauses:
            yield self._pause(pause)
        if years := self._deadline.provisional_years:
            yield self._say("provisional", years=COMMA[self._language].join(map(str, years)))
        at_close = self._duration.elapsed is None and self._deadline.due_at == self._calendar.close_of(self._due.date())
        yield self._say("due at close" if at_close else "due", moment=self._moment(self._due))

    def _edition(self) -> Iterator[str]:
        edition = self._calendar.edition
        if edition.version and self._duration.elapsed is None:
            yield self._say("edition", title=edition.title[self._language], version=edition.version)

    def _steps(self) -> Iterator[str]:
        match self._duration.unit:
            case "working day" | "next day":
                return self._working_days()
            case "week":
                return self._weeks()
            case "same day":
                return self._same_day()
            case _:
                return iter([self._say("elapsed")])

    def _working_days(self) -> Iterator[str]:
        """Tell the first and the last working day, every one that is not self-evident, and every run of days off."""
        yield self._say("not counted")
        day, nth = self._start.date(), 0
        while day < self._last:
            following = self._calendar.next_working_day(day)
            yield from self._days_off(day, following)
            day, nth = following, nth + 1
            if nth == 1 or day == self._last or self._mark(day):
                yield self._nth(nth, day)

    def _weeks(self) -> Iterator[str]:
        last = self._start.date() + timedelta(weeks=self._duration.count)
        yield self._say("not counted")
        yield self._say("week", count=7 * self._duration.count, day=self._marked(last))
        if last != self._last:
            yield from self._days_off(last - timedelta(days=1), self._last)
            yield self._say("moved", day=self._marked(self._last))

    def _same_day(self) -> Iterator[str]:
        day = self._start.date()
        close = f"{self._calendar.hours_on(day).close:%H:%M}"
        if day == self._last:
            yield self._say("same", day=self._marked(day), close=close)
            return
        if self._calendar.is_working_day(day):
            yield self._say("closed", day=self._day(day), close=close)
        yield from self._days_off(day - timedelta(days=1), self._last)
        yield self._nth(1, self._last)

    def _nth(self, nth: int, day: date) -> str:
        return self._say("nth", nth=nth, day=self._marked(day))

    def _days_off(self, before: date, after: date) -> Iterator[str]:
        """Tell the days off between two days: those by law in one run, and each of the company's own decisions."""
        off = [day for day in _days(before, after)[1:-1] if not self._calendar.is_working_day(day)]
        for _, days in groupby(off, self._calendar.own):
            first, *others = days
            last = others[-1] if others else first
            reason = self._calendar.why(first, self._language)
            yield self._say("off" if others else "off one", first=self._day(first), last=self._day(last), why=reason)

    def _pause(self, pause: "Pause") -> str:
        elapsed = self._duration.elapsed is not None
        length = pause.until - pause.since if elapsed else self._calendar.worktime_between(pause.since, pause.until)
        return self._say(
            ("paused" if elapsed else "paused work") + (" because" if pause.reason else ""),
            since=self._moment(self._calendar.local(pause.since)),
            until=self._moment(self._calendar.local(pause.until)),
            reason=pause.reason,
            length=phrases.length(self._language, length),
        )

    def _marked(self, day: date) -> str:
        mark = self._mark(day)
        return self._say("marked", day=self._day(day), mark=mark) if mark else self._day(day)

    def _mark(self, day: date) -> str:
        """What is remarkable about a working day, nothing for one that goes by the week."""
        own = self._calendar.own(day)
        if own and own.worked:
            phrase = "by hours" if own.hours else "by decision"
            return self._say(phrase, hours=own.hours, reason=own.reason[self._language])
        return self._say("by makeup") if self._calendar.is_makeup_workday(day) else ""

    def _moment(self, local: datetime) -> str:
        return timed(self._language, local)

    def _day(self, day: date) -> str:
        return dated(self._language, day, "%m-%d" if day.year == self._start.year else "%Y-%m-%d")

    def _say(self, phrase: str, **values: object) -> str:
        return say(self._language, phrase, **values)
