"""Policies over HTTP: a year of a calendar, as it counts and entered otherwise, and what moving complaints would do."""

from pydantic import BaseModel, Field

from services.sla.model import Clock
from services.sla.policies import recount
from services.sla.policies.calendars import YearEntry, calendar_of, calendar_under, days_of, revised, year_of
from services.sla.policies.effect import Effect, open_clocks, shown_to
from services.sla.policies.recount import Revision
from services.sla.rules import Rules
from shared.contracts.values import Day, Language
from shared.identity import ALL_STAFF, staff
from shared.service import Running
from shared.web import Answer, Body, Call, Line, Route
from shared.worktime import CALENDARS, Calendar, CalendarEdition
from shared.worktime.edition import STATUTORY, OpeningHours, Weekday

Sla = Running[Clock]

NOT_ENDED = {"$ne": "ended"}
"""What is closed is not moved, although it may still have to be filed."""


class Which(Body):
    """Which calendar is meant, and in which edition; the one in force where none is named."""

    name: Line = STATUTORY.name
    edition: int | None = None


class Trial(Body):
    """`preview`: say what would happen, and let nothing happen."""

    preview: bool = False


class DayView(BaseModel):
    """One day: whether it is worked, why, in the reader's language, and whether the company decided so itself."""

    day: Day
    working: bool
    reason: str
    own: bool


class CalendarView(BaseModel):
    """The days of a year; `provisional` until the official arrangement is published, or `entered` by hand."""

    year: int
    name: str
    edition: int
    title: str
    hours: OpeningHours
    weekdays: dict[Weekday, OpeningHours]
    provisional: bool
    entered: bool
    days: list[DayView]


class Origin(Body):
    """The version that complaints are moved from; all older ones where none is named."""

    origin: Line = Field("", alias="from")


class MoveEffect(Effect):
    """What the move would do; `refused` complaints stay, because the version does not have their department."""

    regulation: str
    version: str
    refused: int = 0


async def show_calendar(call: Call[Sla], query: Which) -> CalendarView:
    """The working days of a year, with the reason for each day."""
    return _view(calendar_of(query.name, query.edition), year_of(call.request.match_info["year"]), call.language)


async def enter_calendar(call: Call[Sla], query: Trial, body: YearEntry) -> Answer[Revision]:
    """Enter a year: every open deadline is counted again by it; with `preview`, say first which would move."""
    year = year_of(call.request.match_info["year"])
    await call.service.policies.look_at_calendars()
    present = _present(body.name)
    edition = revised(present.edition, year, body)
    is_old = body.name in CALENDARS
    if is_old and edition == present.edition.model_copy(update={"version": edition.version}):
        return Answer(await _shown(call, await recount.progress(call.service, present)))
    if query.preview:
        return Answer(await _shown(call, await recount.preview(call.service, Calendar(edition))))
    await call.service.policies.enter(edition)
    begun = await recount.progress(call.service, calendar_of(body.name, edition.version))
    return Answer(await _shown(call, begun), 202)


async def show_revision(call: Call[Sla]) -> Revision:
    """How many open clocks have been counted by an edition, how many have moved, and how many are left."""
    return await _shown(call, await recount.progress(call.service, calendar_under(call.request.match_info["id"])))


async def show_effect(call: Call[Sla], query: Origin) -> MoveEffect:
    """How many open clocks a move to this version would move, and which would be late at once; nothing is moved."""
    service, now, path = call.service, call.service.clock(), call.request.match_info
    regulation = service.regulations.get(path["name"], path["version"])
    effect = MoveEffect(regulation=regulation.name, version=regulation.version)
    versions = {"$in": service.regulations.origins(regulation, query.origin)}
    concerned = {"state.regulation": regulation.name, "state.regulation_version": versions, "state.status": NOT_ENDED}
    async for clock in open_clocks(service, concerned):
        if clock.department and clock.department not in regulation.departments:
            effect.refused += 1
        else:
            effect.add(clock.number, clock.go_over(Rules(regulation), regulation.version, now, now), now)
    return await shown_to(call.caller, effect, service)


ROUTES = [
    Route("GET", r"/calendars/{year:\d{4}}", show_calendar, ALL_STAFF),
    Route(
        "PUT", r"/calendars/{year:\d{4}}", enter_calendar, staff(),
        {202: "Entered; open clocks are being counted by it", 200: "What it would do, or that nothing is new"},
    ),
    Route("GET", "/revisions/{id}", show_revision, ALL_STAFF),
    Route("GET", "/regulations/{name}/moves/{version}", show_effect, staff()),
]  # fmt: skip


async def _shown(call: Call[Sla], revision: Revision) -> Revision:
    return await shown_to(call.caller, revision, call.service)


def _present(name: str) -> Calendar:
    """The edition in force; of a new calendar, the statutory days."""
    return CALENDARS.get(name) if name in CALENDARS else Calendar(_founded(name))


def _founded(name: str) -> CalendarEdition:
    return STATUTORY.model_copy(update={"name": name, "title": dict.fromkeys(STATUTORY.title, name)})


def _view(calendar: Calendar, year: int, language: Language) -> CalendarView:
    edition = calendar.edition
    return CalendarView(
        year=year,
        name=calendar.name,
        edition=calendar.version,
        title=edition.title[language],
        hours=edition.hours,
        weekdays=edition.weekdays,
        provisional=calendar.provisional(year),
        entered=any(one.year == year for one in edition.arrangements),
        days=[
            DayView(
                day=day,
                working=calendar.is_working_day(day),
                reason=calendar.why(day, language),
                own=calendar.own(day) is not None,
            )
            for day in days_of(year)
        ],
    )
