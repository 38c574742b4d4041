"""SLA's web pages for staff: what is due and late, how many of each, and how much of a month was on time."""

from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple, get_args

from aiohttp import web

from services.sla import board
from services.sla.conformance.figures import MilestoneFigures
from services.sla.conformance.month import Month
from services.sla.conformance.verdicts import Verdict
from services.sla.forms import BoardQuery, ClockLine, Glance
from services.sla.model import Clock, Standing
from shared.contracts.values import Language
from shared.errors import Fault
from shared.identity import ALL_STAFF, Unauthenticated
from shared.regulations.words import MILESTONES, SEVERITIES
from shared.service import Running
from shared.web import Call, Page, Route
from shared.web.pages import Pages
from shared.web.sign_in import SignIn

Sla = Running[Clock]

PAGES = Pages("sla", Path(__file__).with_suffix(""))

SIGN_IN = SignIn(PAGES)

MOST_URGENT = BoardQuery(limit=10)
"""What the first page shows of the board."""
PARTS: tuple[Verdict, ...] = ("met", "moved", "missed", "pending")
"""What a bar consists of, from left to right."""


class Stretch(NamedTuple):
    """A part of a bar, in percent of it."""

    verdict: Verdict
    begins: float
    width: float


async def start(call: Call[Sla], query: Glance) -> web.Response:
    """Everything at a glance: the counts, the most urgent clocks, and how a month went."""
    if call.caller.kind != "staff":
        return SIGN_IN.page(call)
    ALL_STAFF.check(call.caller, None)
    month = Month.parse(query.month) if query.month else Month.of(call.service.clock())
    figures = await board.figures(call.service, month)
    return _render(
        call,
        "glance.html",
        counts=await board.counts(call.service),
        urgent=await board.lines(call.service, MOST_URGENT, call.caller),
        figures=figures,
        bars={one.milestone: _bar(one) for one in figures.milestones},
        months=(month.later(-1), month.later(1)),
    )


async def clocks(call: Call[Sla], shown: Page[ClockLine] | Fault) -> web.Response:
    """One page of the board."""
    if isinstance(shown, Unauthenticated):
        return SIGN_IN.page(call, shown)
    if isinstance(shown, Fault):
        raise shown
    query = call.request.query
    following = call.request.rel_url.update_query(cursor=shown.next) if shown.next else ""
    asked = {name: query.get(name, "") for name in ("state", "department")}
    return _render(call, "clocks.html", shown=shown, following=str(following), asked=asked)


ROUTES = [
    Route("GET", "/", start, page=True),
    *SIGN_IN.routes,
    Route("GET", "/clocks", clocks, page=True),
]


def _render(call: Call[Sla], template: str, **values: Any) -> web.Response:
    values |= {
        "departments": call.service.regulations.titles(call.language),
        "milestones": _in(call.language, MILESTONES),
        "severities": _in(call.language, SEVERITIES),
        "standings": get_args(Standing),
        "now": call.service.clock(),
    }
    return PAGES.render(call.request, template, **values)


def _bar(figures: MilestoneFigures) -> list[Stretch]:
    """The promises of a milestone as stretches of one bar; those that do not apply are not part of it."""
    counts = [getattr(figures, part) for part in PARTS]
    whole = sum(counts) or 1
    begins = accumulate(counts, initial=0)
    return [
        Stretch(part, round(100 * begin / whole, 3), round(100 * count / whole, 3))
        for part, begin, count in zip(PARTS, begins, counts, strict=False)
    ]


def _in(language: Language, words: Any) -> dict[str, str]:
    return {name: said[language] for name, said in words.items()}
