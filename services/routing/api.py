"""Routing's HTTP face: the case, the department's commands, the schemas of what is said over the bus."""

from aiohttp import web
from pydantic import BaseModel, TypeAdapter

from services.routing.casework.answer import review, sum_up
from services.routing.casework.department import obey, reclassify
from services.routing.forms import CaseView, Classification, Review
from services.routing.kit import Kit
from services.routing.masses.registry import Registry
from services.routing.masses.views import around
from services.routing.model import Case
from services.routing.showing import obeyed, view
from services.routing.visibility import must_lead, must_see
from shared.contracts.departments import (
    Acceptance,
    DepartmentReply,
    Pause,
    Progress,
    Resolution,
    Resumption,
    Summary,
    Transfer,
    WorkOrder,
)
from shared.handling import Context
from shared.identity import staff
from shared.service import Running
from shared.web import Call, Route

Routing = Running[Case]

READERS = staff("handler", "approver", "supervisor", "dispatcher", "manager", "auditor", "officer", "quality")
DEPARTMENT = staff("handler", "supervisor", "dispatcher", "manager")
APPROVERS = staff("supervisor", "quality", "manager", "approver")


async def show_case(call: Call[Routing]) -> CaseView:
    """The case, with personal data masked, and the mass complaint that it is one of."""
    document = await call.service.repository.get(call.number)
    must_see(call.caller, document.present)
    shown = view(document.present, await call.service.context(document))
    cluster = await around(document.present, Registry(call.service), call.caller)
    return shown.model_copy(update={"cluster": cluster})


async def accept(call: Call[Routing], body: Acceptance) -> CaseView:
    """Take the case (签收)."""
    return await _obey(call, body)


async def progress(call: Call[Routing], body: Progress) -> CaseView:
    """Put a step on record; the complainant sees it where it says so."""
    return await _obey(call, body)


async def pause(call: Call[Routing], body: Pause) -> CaseView:
    """Wait for somebody; the resolution clock waits too."""
    return await _obey(call, body)


async def resume(call: Call[Routing], body: Resumption) -> CaseView:
    """Go on after a pause."""
    return await _obey(call, body)


async def transfer(call: Call[Routing], body: Transfer) -> CaseView:
    """Hand the case to another department, with a reason."""
    return await _obey(call, body)


async def resolve(call: Call[Routing], body: Resolution) -> CaseView:
    """Answer the complaint; where the regulation has others approve it, the answer waits for them (S20.3)."""
    return await _obey(call, body)


async def approve(call: Call[Routing], body: Review) -> CaseView:
    """Approve the proposed answer, or return it with a reason; the last approval sends it out (S20.3 to S20.5)."""

    def change(case: Case, context: Context[Kit]) -> None:
        review(case, body.decision, body.reason, by=call.caller.name, roles=call.caller.roles, context=context)

    return await obeyed(call, must_see, change)


async def sum_up_case(call: Call[Routing], body: Summary) -> CaseView:
    """Put causes and lessons of a closed case on record (S3.5)."""
    by = call.caller.name
    return await obeyed(call, must_lead, lambda case, context: sum_up(case, body, by=by, context=context))


async def correct_classification(call: Call[Routing], body: Classification) -> CaseView:
    """Correct category or severity, with a reason; the right department gets the case."""
    by = call.caller.name
    return await obeyed(
        call, must_see, lambda case, context: reclassify(case, body.category, body.severity, body.reason, by, context)
    )


async def work_order_schema(call: Call[Routing]) -> web.Response:
    """The JSON Schema of a work order, as departments receive it."""
    return web.json_response(WorkOrder.model_json_schema(mode="serialization"))


async def reply_schema(call: Call[Routing]) -> web.Response:
    """The JSON Schema of what departments send to `department.replies`."""
    return web.json_response(TypeAdapter(DepartmentReply).json_schema())


ROUTES = [
    Route("GET", "/cases/{number}", show_case, READERS),
    Route("POST", "/cases/{number}/acceptance", accept, DEPARTMENT),
    Route("POST", "/cases/{number}/progress", progress, DEPARTMENT),
    Route("POST", "/cases/{number}/pause", pause, DEPARTMENT),
    Route("POST", "/cases/{number}/resumption", resume, DEPARTMENT),
    Route("POST", "/cases/{number}/transfer", transfer, DEPARTMENT),
    Route("POST", "/cases/{number}/resolution", resolve, DEPARTMENT),
    Route("POST", "/cases/{number}/approval", approve, APPROVERS),
    Route("POST", "/cases/{number}/summary", sum_up_case, staff("handler", "supervisor", "quality", "manager")),
    Route("PUT", "/cases/{number}/classification", correct_classification, staff("dispatcher")),
    Route("GET", "/schemas/work-order.json", work_order_schema),
    Route("GET", "/schemas/department-reply.json", reply_schema),
]


async def _obey(call: Call[Routing], command: BaseModel) -> CaseView:
    by = call.caller.name
    return await obeyed(call, must_lead, lambda case, context: obey(case, command, by, context))
