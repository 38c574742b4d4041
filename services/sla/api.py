"""SLA's HTTP face: the clock of a complaint with the derivation of its deadlines, the board."""

from pydantic import BaseModel

from services.sla import board
from services.sla.conformance.figures import Figures
from services.sla.conformance.month import Month
from services.sla.counting import derived
from services.sla.forms import BoardQuery, ClockLine, CountsView, FiguresQuery
from services.sla.model import Clock, Notice, Pause, Promise
from shared.conflict import must_see
from shared.contracts.values import Department, Instant, Language, Severity
from shared.identity import ALL_STAFF
from shared.service import Running
from shared.web import Call, Page, Route

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


async def show_clock(call: Call[Sla]) -> ClockView:
    """The targets of a complaint, each with its derivation in words."""
    clock = (await call.service.repository.get(call.number)).present
    must_see(call.caller, call.service.regulations, clock)
    promises = [_derived(promise, clock, call.language) for promise in clock.promises]
    return ClockView(**clock.model_dump(include=set(ClockView.model_fields) - {"promises"}), promises=promises)


async def show_board(call: Call[Sla], query: BoardQuery) -> Page[ClockLine]:
    """The board: clocks by state and department, most urgent first, without those about whoever asks."""
    return await board.lines(call.service, query, call.caller)


async def show_counts(call: Call[Sla]) -> CountsView:
    """How many open clocks of each department run, are at risk, late or waiting, hidden ones included.

    Counted when somebody asks and remembered for a while, the longer the more there is to count.
    """
    return await board.counts(call.service)


async def show_figures(call: Call[Sla], query: FiguresQuery) -> Figures:
    """The on-time rate of a month by milestone and department, from facts that nothing done later improves."""
    return await board.figures(call.service, Month.parse(query.month))


ROUTES = [
    Route("GET", "/clocks", show_board, ALL_STAFF),
    Route("GET", "/clocks/{number}", show_clock, ALL_STAFF),
    Route("GET", "/counts", show_counts, ALL_STAFF),
    Route("GET", "/figures", show_figures, ALL_STAFF),
]


def _derived(promise: Promise, clock: Clock, language: Language) -> PromiseView:
    return PromiseView(**promise.model_dump(), derivation=derived(promise, clock).derivation(language))
