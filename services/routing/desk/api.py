"""Routing's HTTP face for whoever works off a list: claiming from it, who is on duty."""

from functools import partial

from services.routing.api import DEPARTMENT, READERS, Routing
from services.routing.casework.department import claim
from services.routing.desk.forms import Claim, ColleagueView, DutyNote, DutyQuery, DutyView
from services.routing.forms import CaseView
from services.routing.kit import Kit
from services.routing.model import Case, Colleague, Duty
from services.routing.showing import changed
from services.routing.visibility import departments_of, known_department, must_see, sees
from services.routing.worklist import store
from shared.handling import Context
from shared.identity import Forbidden
from shared.web import Call, Route

WHO_SEND = frozenset({"supervisor", "dispatcher", "manager", "administrator"})
"""Roles that say of others whether they are on duty."""


async def claim_next(call: Call[Routing], body: Claim) -> CaseView:
    """Take the most urgent case that waits for a handler (签收); no two people who ask get the same one."""
    running, seen = call.service, partial(sees, call.caller)
    departments = departments_of(call.caller, body.department)
    waiting = store.unclaimed(running.repository.collection, departments, call.caller.name, seen)

    def change(case: Case, context: Context[Kit]) -> None:
        must_see(call.caller, case)
        claim(case, call.caller.name, context)

    view: CaseView = await running.kit.claims.first(waiting, partial(changed, running, change=change))
    return view


async def note_duty(call: Call[Routing], body: DutyNote) -> DutyView:
    """Say that one is on duty in a department, or is not; supervisors and dispatchers say so of others, too."""
    departments_of(call.caller, body.department)
    known_department(body.department, call.service.regulations)
    if body.person and not call.caller.roles & WHO_SEND:
        raise Forbidden("Only supervisors and dispatchers say of others whether they are on duty.")
    person, full_name = (body.person, "") if body.person else (call.caller.name, call.caller.full_name)
    colleague = Colleague(person=person, full_name=full_name, on_duty=body.on_duty, since=call.service.clock())
    return await _duty(call, await call.service.kit.roster.note(body.department, colleague))


async def show_duty(call: Call[Routing], query: DutyQuery) -> DutyView:
    """Who is on duty in a department, and how much each has in hand."""
    departments_of(call.caller, query.department)
    return await _duty(call, await call.service.kit.roster.duty(query.department))


ROUTES = [
    Route("POST", "/claims", claim_next, DEPARTMENT),
    Route("GET", "/duty", show_duty, READERS),
    Route("PUT", "/duty", note_duty, DEPARTMENT),
]


async def _duty(call: Call[Routing], duty: Duty) -> DutyView:
    in_hand = await call.service.kit.roster.in_hand([one.person for one in duty.present])
    present = [ColleagueView(person=one.person, since=one.since, in_hand=in_hand[one.person]) for one in duty.present]
    return DutyView(department=duty.number, present=present)
