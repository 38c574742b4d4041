"""SLA's HTTP face: the clock of a complaint with the derivation of its deadlines, the board, the calendar."""

from datetime import date, timedelta

from pydantic import BaseModel

from services.sla import board
from services.sla.board import STAFF
from services.sla.figures import Figures
from services.sla.forms import BoardQuery, ClockLine, CountsView, FiguresQuery
from services.sla.model import Clock, Notice, Pause, Promise
from services.sla.month import Month
from services.sla.rules import Rules
from shared.contracts.values import Department, Instant, Language, Severity
from shared.errors import NotFound
from shared.service import Running
from shared.web import Call, Page, Route
from shared.worktime import calendar_named

Sla = Running[Clock]


class PromiseView(Promise):
    """One target with the derivation of its deadline in words, one line each."""

    derivation: list[str]


class ClockView(BaseModel):
    """The clock of one complaint."""

    number: str
    status: str
    regulation: str
    severity: Severity
    department: Department | None
    received_at: Instant
    promises: list[PromiseView]
    pauses: list[Pause]
    notices: list[Notice]


class DayView(BaseModel):
    """One day that is not what its weekday says, or a working day; `reason` in the reader's language."""

    day: date
    working: bool
    reason: str


class CalendarView(BaseModel):
    """The days of a year; `provisional` until the official arrangement is published."""

    year: int
    provisional: bool
    days: list[DayView]


async def show_clock(call: Call[Sla]) -> ClockView:
    """The targets of a complaint, each with its derivation in words."""
    clock = (await call.service.repository.get(call.number)).present
    rules = Rules(call.service.regulations.get(clock.regulation, clock.regulation_version))
    promises = [_derived(promise, rules, call.language) for promise in clock.promises]
    return ClockView(**clock.model_dump(include=set(ClockView.model_fields) - {"promises"}), promises=promises)


async def show_board(call: Call[Sla], query: BoardQuery) -> Page[ClockLine]:
    """The board: clocks by state and department, most urgent first."""
    return await board.lines(call.service, query)


async def show_counts(call: Call[Sla]) -> CountsView:
    """How many open clocks of each department run, are at risk, late or waiting.

    Counted when somebody asks and remembered for a while, the longer the more there is to count.
    """
    return await board.counts(call.service)


async def show_figures(call: Call[Sla], query: FiguresQuery) -> Figures:
    """The on-time rate of a month by milestone and department, from facts that nothing done later improves."""
    return await board.figures(call.service, Month.parse(query.month))


async def show_calendar(call: Call[Sla]) -> CalendarView:
    """The working days of a year by the statutory calendar, with the reason for each day."""
    calendar = calendar_named("cn")
    year = int(call.request.match_info["year"])
    if not 2000 <= year <= 2100:
        raise NotFound(f"There is no calendar for {year}.")
    first = date(year, 1, 1)
    days = [first + timedelta(days=place) for place in range((date(year + 1, 1, 1) - first).days)]
    return CalendarView(
        year=year,
        provisional=calendar.provisional(year),
        days=[
            DayView(day=day, working=calendar.is_working_day(day), reason=calendar.why(day, call.language))
            for day in days
        ],
    )


ROUTES = [
    Route("GET", "/clocks", show_board, STAFF),
    Route("GET", "/clocks/{number}", show_clock, STAFF),
    Route("GET", "/counts", show_counts, STAFF),
    Route("GET", "/figures", show_figures, STAFF),
    Route("GET", r"/calendars/{year:\d{4}}", show_calendar, STAFF),
]


def _derived(promise: Promise, rules: Rules, language: Language) -> PromiseView:
    lines = rules.deadline(promise.started_at, promise.within).derivation(language)
    return PromiseView(**promise.model_dump(), derivation=lines)
