"""The HTTP face of supervision: the notices, the receipt for having seen one, and measures carried out."""

from functools import partial

from pydantic import BaseModel

from services.sla.model import Clock, Notice, Promise
from services.sla.notices import noticed, wanted
from services.sla.rules import Rules
from shared.conflict import must_see, sees
from shared.contracts.values import Department, Role, Severity
from shared.handling import Context
from shared.identity import ALL_STAFF, Caller, Forbidden, staff
from shared.service import Running
from shared.web import Call, Page, Route
from shared.web.body import Paging

Sla = Running[Clock]

SUPERVISED = staff("officer", "dispatcher", "handler", "approver", "supervisor", "quality", "archivist", "manager")
VERIFYING = staff("handler", "supervisor", "quality", "manager")


class NoticeQuery(Paging):
    """Which notices: a role's, a department's, those that were seen or were not."""

    role: Role | None = None
    department: Department | None = None
    seen: bool | None = None


class NoticesOf(BaseModel):
    """The notices about one complaint that were asked for, the newest first."""

    number: str
    severity: Severity
    department: Department | None
    notices: list[Notice]


async def list_notices(call: Call[Sla], query: NoticeQuery) -> Page[NoticesOf]:
    """Notices of supervision by complaint, the newest first; none of a complaint about whoever asks."""
    criteria, running = wanted(query.role, query.department, query.seen), call.service
    documents, seen = running.repository.collection, partial(sees, call.caller, running.regulations)
    clocks, following = await noticed(documents, criteria, seen, query.limit, query.cursor)
    return Page(items=[_of(clock, query) for clock in clocks], next=following)


async def sign_for_notice(call: Call[Sla]) -> Notice:
    """Say that one has seen a notice of one's role; who did so first, and when, stays on record."""
    id = call.request.match_info["id"]
    clock = (await call.service.repository.get(call.number)).present
    must_see(call.caller, call.service.regulations, clock)
    notice = clock.notice(id)
    if not call.caller.roles & {notice.role, "administrator"}:
        raise Forbidden(f"This notice is for the role {notice.role}.")
    if not concerns(call.caller, notice):
        raise Forbidden(f"This notice is for the department {notice.department}.")
    clock = await call.service.change(call.number, partial(_see, id=id, by=call.caller.name))
    return clock.notice(id)


async def carry_out_measures(call: Call[Sla]) -> Promise:
    """Say that the measures that were agreed have been carried out, and that this was checked (S12.3)."""
    clock = await call.service.change(call.number, partial(_carry_out, by=call.caller))
    return next(promise for promise in clock.promises if promise.milestone == "measures")


ROUTES = [
    Route("GET", "/notices", list_notices, ALL_STAFF),
    Route("POST", "/clocks/{number}/notices/{id}/receipt", sign_for_notice, SUPERVISED),
    Route("POST", "/clocks/{number}/measures", carry_out_measures, VERIFYING),
]


def concerns(caller: Caller, notice: Notice) -> bool:
    """Handlers sign for their own department only; whoever stands above departments signs for any."""
    if notice.role != "handler" or "administrator" in caller.roles:
        return True
    return notice.department in (None, *caller.departments)


def _see(clock: Clock, context: Context[object], *, id: str, by: str) -> None:
    clock.see(id, by, context.now, Rules.of(clock, context))


def _carry_out(clock: Clock, context: Context[object], *, by: Caller) -> None:
    must_see(by, context.regulations, clock)
    clock.carry_out(by.name, context.now, Rules.of(clock, context))


def _of(clock: Clock, query: NoticeQuery) -> NoticesOf:
    fitting = [notice for notice in clock.notices if _fits(notice, query)]
    notices = sorted(fitting, key=lambda notice: notice.at, reverse=True)
    return NoticesOf(number=clock.number, severity=clock.severity, department=clock.department, notices=notices)


def _fits(notice: Notice, query: NoticeQuery) -> bool:
    return (
        query.role in (None, notice.role)
        and query.department in (None, notice.department)
        and query.seen in (None, notice.seen_at is not None)
    )
