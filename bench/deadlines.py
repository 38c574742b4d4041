"""Deadlines per second of one processor, beside those of a plain program that walks from day to day.

A deadline is `Calendar.deadline()` with a limit of any kind, from any second of two years; one in four is then moved by
a pause. The plain program asks the `holidays` package for each day, and adds up the hours of each.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from holidays.countries.china import China

from bench.ground import Ground
from bench.measure import Figures, Plan, by_turns, named
from shared.worktime import Calendar, Duration, calendar_named

COUNT = 10_000
SINCE, SECONDS = datetime(2025, 1, 1, tzinfo=UTC), 700 * 86_400
LONGEST_PAUSE = 10 * 86_400
LIMITS = [
    Duration.parse(limit)
    for limit in ("30 working days", "5 working days", "3 working days", "same day", "next day", "1 week", "24 hours")
]
ZONE = ZoneInfo("Asia/Shanghai")
OPEN = ((timedelta(hours=9), timedelta(hours=12)), (timedelta(hours=13.5), timedelta(hours=18)))
CLOSE = timedelta(hours=18)
DAY = timedelta(days=1)

Pause = tuple[datetime, datetime]


class Case(NamedTuple):
    """One deadline to count: when it starts, its limit, and a pause that moves it."""

    start: datetime
    limit: Duration
    pause: Pause | None


async def measure(ground: Ground, plan: Plan) -> Figures:
    """Both in this very process; no server takes part."""
    chosen = cases(COUNT)
    sides = partial(_ours, plan.seconds, chosen), partial(_plain, plan.seconds, chosen)
    ours, plain = await by_turns(plan, "deadlines", *sides)
    return ours | plain


def cases(count: int) -> Sequence[Case]:
    """So many cases, the same ones every time."""
    chance = random.Random(1)
    starts = [SINCE + timedelta(seconds=chance.randrange(SECONDS)) for _ in range(count)]
    return [
        Case(start, LIMITS[place % len(LIMITS)], _pause(start, chance) if place % 4 == 0 else None)
        for place, start in enumerate(starts)
    ]


def _pause(start: datetime, chance: random.Random) -> Pause:
    since = start + timedelta(seconds=chance.randrange(3600))
    return since, since + timedelta(seconds=chance.randrange(LONGEST_PAUSE))


async def _ours(seconds: float, chosen: Sequence[Case]) -> Figures:
    calendar = calendar_named("cn")
    pauses = [_pause(case.start, random.Random(place)) for place, case in enumerate(chosen)]
    work: dict[str, Callable[[], object]] = {
        "per_s": lambda: [due(calendar, case) for case in chosen],
        "worktime_between_per_s": lambda: [calendar.worktime_between(*pause) for pause in pauses],
        "add_worktime_per_s": lambda: [calendar.add_worktime(since, until - since) for since, until in pauses],
    }
    return named("deadlines", {name: _rate(task, len(chosen), seconds / len(work)) for name, task in work.items()})


async def _plain(seconds: float, chosen: Sequence[Case]) -> Figures:
    plain = PlainCalendar()
    return {"deadlines_baseline_per_s": _rate(lambda: [plain.due(case) for case in chosen], len(chosen), seconds)}


def _rate(work: Callable[[], object], count: int, seconds: float) -> float:
    """How often one processor does a thing in a second: `work` does it `count` times, for about so many seconds."""
    begin = spent = time.process_time()
    done = 0
    while spent - begin < seconds:
        work()
        done += count
        spent = time.process_time()
    return done / (spent - begin)


def due(calendar: Calendar, case: Case) -> datetime:
    """When a case is due by our calendar."""
    deadline = calendar.deadline(case.start, case.limit)
    return deadline.paused(*case.pause).due_at if case.pause else deadline.due_at


class PlainCalendar:
    """Deadlines as anybody would count them first."""

    def __init__(self) -> None:
        self._china = China(years=range(2024, 2032), expand=False)  # type: ignore[no-untyped-call]  # package has none

    def due(self, case: Case) -> datetime:
        """When a case is due."""
        elapsed = case.limit.elapsed
        moment = self._at(self._last_day(case), CLOSE) if elapsed is None else case.start + elapsed
        if case.pause is None or case.pause[0] >= moment:
            return moment
        since, until = case.pause
        return moment + (until - since) if elapsed is not None else self._later(moment, self._worked(since, until))

    def _last_day(self, case: Case) -> date:
        local = case.start.astimezone(ZONE)
        day = local.date()
        match case.limit.unit:
            case "working day":
                return self._after(day, case.limit.count)
            case "week":
                last = day + timedelta(weeks=case.limit.count)
                return last if self._china.is_working_day(last) else self._after(last, 1)
            case "same day" if self._china.is_working_day(day) and local.hour < 18:
                return day
            case _:
                return self._after(day, 1)

    def _after(self, day: date, count: int) -> date:
        while count:
            day += DAY
            count -= self._china.is_working_day(day)
        return day

    def _worked(self, since: datetime, until: datetime) -> timedelta:
        spans = self._spans(since)
        worked = timedelta()
        while (span := next(spans))[0] < until:
            worked += max(min(span[1], until) - max(span[0], since), timedelta())
        return worked

    def _later(self, moment: datetime, worktime: timedelta) -> datetime:
        spans = self._spans(moment)
        while worktime:
            opens, closes = next(spans)
            begin = max(opens, moment)
            if closes > begin:
                moment = min(begin + worktime, closes)
                worktime -= moment - begin
        return moment

    def _spans(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = since.astimezone(ZONE).date()
        while True:
            if self._china.is_working_day(day):
                yield from ((self._at(day, opens), self._at(day, closes)) for opens, closes in OPEN)
            day += DAY

    def _at(self, day: date, clock: timedelta) -> datetime:
        return (datetime(day.year, day.month, day.day, tzinfo=ZONE) + clock).astimezone(UTC)
