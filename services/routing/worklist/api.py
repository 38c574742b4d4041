"""Routing's HTTP face of the worklist: its pages, its counts, its saved views, and its changes as they come."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from aiohttp import hdrs, web

from services.routing.api import READERS, Routing
from services.routing.model import OPEN
from services.routing.visibility import EVERYWHERE, departments_of, known_department, sees
from services.routing.worklist import store
from services.routing.worklist.feed import Feed, follow
from services.routing.worklist.forms import (
    CaseLine,
    CaseQuery,
    CountsQuery,
    CountsView,
    DepartmentCounts,
    ViewKept,
    ViewLine,
    ViewQuery,
    ViewsView,
)
from services.routing.worklist.lines import lines
from services.routing.worklist.live import Change, Live
from services.routing.worklist.store import Count
from services.routing.worklist.views import View, owner_of
from shared.contracts.values import Department
from shared.remembered import Figure
from shared.web import Call, Page, Route

STREAM = {hdrs.CONTENT_TYPE: "text/event-stream", hdrs.CACHE_CONTROL: "no-store", "X-Accel-Buffering": "no"}
"""An event stream as a proxy has to let it through: at once."""


async def list_cases(call: Call[Routing], query: CaseQuery) -> Page[CaseLine]:
    """The worklist, most urgent first; open cases unless a state is asked for, those of one's own departments only.

    Personal data in a subject line is masked.
    """
    wanted = wanted_of(call, query)
    documents = call.service.repository.collection
    cases, following = await store.worklist(documents, wanted, partial(sees, call.caller), query.limit, query.cursor)
    return Page(items=await lines(call.service, cases), next=following)


def wanted_of(call: Call[Routing], query: CaseQuery) -> store.Wanted:
    """What a question to the worklist comes to for whoever asks."""
    departments = departments_of(call.caller, query.asked or query.department)
    if query.asked:  # their department has a task; the case itself may be with any other
        departments = [query.department] if query.department else []
    return store.Wanted(
        departments=departments,
        asked=query.asked,
        states=[query.state] if query.state else OPEN,
        handler=call.caller.name if query.handler == "me" else query.handler,
        severity=query.severity,
        tag=query.tag,
        due_before=query.due_before,
    )


async def watch_cases(call: Call[Routing], query: CaseQuery) -> web.StreamResponse:
    """The first page of the worklist, and then its changes as they come, as server-sent events.

    `case` carries a line that is new or has changed, `gone` the number of one that does not belong there any more.
    The stream ends when the service stops, and after an hour; browsers come back by themselves.
    """
    wanted, running = wanted_of(call, query), call.service
    live: Live = running.kit.live
    async with live.watching() as watcher:
        documents = running.repository.collection
        cases, _ = await store.worklist(documents, wanted, partial(sees, call.caller), query.limit, query.cursor)
        feed = Feed(call.caller, wanted)
        begin = feed.of([Change(*pair) for pair in zip(cases, await lines(running, cases), strict=True)])
        response = web.StreamResponse(headers=STREAM)
        with suppress(ConnectionResetError):  # whoever watched has left
            await response.prepare(call.request)
            await response.write(b"retry: 2000\n\n" + begin)
            await follow(watcher, feed, response, live.heartbeat)
    return response


async def show_counts(call: Call[Routing], query: CountsQuery) -> CountsView:
    """How many cases wait where, and how many are late, by department, what is hidden from whoever asks included.

    Counted when somebody asks and remembered for a while, the longer the more there is to count.
    """
    departments, running = departments_of(call.caller, query.department), call.service

    async def count() -> list[DepartmentCounts]:
        documents = running.repository.collection
        late = await store.overdue(documents, running.clock())
        return _counted(await store.counts(documents), late)

    figure: Figure[list[DepartmentCounts]] = await running.kit.figures.get("worklist", count)
    shown = [line for line in figure.value if not departments or line.department in departments]
    return CountsView(as_of=figure.as_of, departments=shown)


async def list_views(call: Call[Routing]) -> ViewsView:
    """The views that one has kept, and those that the departments share whose cases one sees."""
    return await _views(call)


async def keep_view(call: Call[Routing], body: ViewKept) -> ViewsView:
    """Keep a view of the worklist under a name, for oneself or for everybody of a department."""
    owner = _owner(call, body.department)
    view = View(name=call.request.match_info["name"], filter=body.filter)
    await call.service.kit.shelves.keep(owner, view, call.service.clock())
    return await _views(call)


async def drop_view(call: Call[Routing], query: ViewQuery) -> ViewsView:
    """Drop a view, one's own or a department's."""
    owner = _owner(call, query.department)
    await call.service.kit.shelves.drop(owner, call.request.match_info["name"], call.service.clock())
    return await _views(call)


ROUTES = [
    Route("GET", "/cases", list_cases, READERS),
    Route("GET", "/cases/live", watch_cases, READERS, {200: "An event stream"}),
    Route("GET", "/counts", show_counts, READERS),
    Route("GET", "/views", list_views, READERS),
    Route("PUT", "/views/{name}", keep_view, READERS),
    Route("DELETE", "/views/{name}", drop_view, READERS),
]


def _owner(call: Call[Routing], department: Department | None) -> str:
    departments_of(call.caller, department)
    known_department(department, call.service.regulations)
    return owner_of(call.caller.name, department)


async def _views(call: Call[Routing]) -> ViewsView:
    owners: dict[str, Department | None] = {owner_of(call.caller.name, None): None}
    everywhere = call.caller.roles & EVERYWHERE
    theirs = call.service.regulations.departments() if everywhere else sorted(call.caller.departments)
    owners |= {owner_of("", department): department for department in theirs}
    shelves = await call.service.kit.shelves.of_owners(list(owners))
    return ViewsView(views=[
        ViewLine(**dict(view), department=owners[shelf.number], link=view.filter.link)
        for shelf in shelves for view in shelf.views
    ])  # fmt: skip


def _counted(counts: Sequence[Count], late: dict[Department, int]) -> list[DepartmentCounts]:
    lines: dict[Department, DepartmentCounts] = {}
    for department, state, severity, cases in counts:
        line = lines.setdefault(
            department, DepartmentCounts(department=department, states={}, severities={}, overdue=late[department])
        )
        line.states[state] = line.states.get(state, 0) + cases
        line.severities[severity] = line.severities.get(severity, 0) + cases
    return list(lines.values())
