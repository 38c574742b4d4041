"""Routing's HTTP face: the worklist, the case, the department's commands, the schemas of what is said over the bus."""

from functools import partial
from typing import Any

from aiohttp import web
from pydantic import BaseModel, TypeAdapter

from services.routing import store
from services.routing.casework import missing, review
from services.routing.forms import CaseLine, CaseQuery, CaseView, Classification, Review, StepDemanded, StepView
from services.routing.kit import Kit, brief
from services.routing.model import OPEN, Case
from services.routing.visibility import departments_of, must_see, sees
from services.routing.work import obey, reclassify
from shared.contracts.departments import (
    Acceptance,
    DepartmentReply,
    Pause,
    Progress,
    Resolution,
    Resumption,
    Transfer,
    WorkOrder,
)
from shared.handling import Context
from shared.identity import staff
from shared.privacy import Keyring, mask_text
from shared.service import Running
from shared.web import Call, Page, Route

Routing = Running[Case]

READERS = staff("handler", "approver", "supervisor", "dispatcher", "manager", "auditor", "officer", "quality")
DEPARTMENT = staff("handler", "supervisor", "dispatcher", "manager")
APPROVERS = staff("supervisor", "quality", "manager", "approver")


TOLD_APART = {"subject_line", "narrative", "supplements", "complainant", "steps", "missing", "answer", "awaiting"}
"""What a view does not show as it stands in the case."""


async def list_cases(call: Call[Routing], query: CaseQuery) -> Page[CaseLine]:
    """The worklist, most urgent first; open cases unless a state is asked for, those of one's own departments only.

    Personal data in a subject line is masked.
    """
    departments = departments_of(call.caller, query.department)
    states = [query.state] if query.state else OPEN
    seen = partial(sees, call.caller)
    cases, following = await store.worklist(
        call.service, seen, states, departments, query.handler, query.limit, query.cursor
    )
    keyring = await call.service.vault.unlock({case.key_id for case in cases})
    return Page(items=[_line(case, keyring) for case in cases], next=following)


async def show_case(call: Call[Routing]) -> CaseView:
    """The case, with personal data masked."""
    document = await call.service.repository.get(call.number)
    must_see(call.caller, document.present)
    return _view(document.present, await call.service.context(document))


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
        must_see(call.caller, case)
        review(case, body.decision, body.reason, by=call.caller.name, roles=call.caller.roles, context=context)

    return await _changed(call, change)


async def correct_classification(call: Call[Routing], body: Classification) -> CaseView:
    """Correct category or severity, with a reason; the right department gets the case."""

    def change(case: Case, context: Context[Kit]) -> None:
        must_see(call.caller, case)
        reclassify(case, body.category, body.severity, body.reason, call.caller.name, context)

    return await _changed(call, change)


async def work_order_schema(call: Call[Routing]) -> web.Response:
    """The JSON Schema of a work order, as departments receive it."""
    return web.json_response(WorkOrder.model_json_schema(mode="serialization"))


async def reply_schema(call: Call[Routing]) -> web.Response:
    """The JSON Schema of what departments send to `department.replies`."""
    return web.json_response(TypeAdapter(DepartmentReply).json_schema())


ROUTES = [
    Route("GET", "/cases", list_cases, READERS),
    Route("GET", "/cases/{number}", show_case, READERS),
    Route("POST", "/cases/{number}/acceptance", accept, DEPARTMENT),
    Route("POST", "/cases/{number}/progress", progress, DEPARTMENT),
    Route("POST", "/cases/{number}/pause", pause, DEPARTMENT),
    Route("POST", "/cases/{number}/resumption", resume, DEPARTMENT),
    Route("POST", "/cases/{number}/transfer", transfer, DEPARTMENT),
    Route("POST", "/cases/{number}/resolution", resolve, DEPARTMENT),
    Route("POST", "/cases/{number}/approval", approve, APPROVERS),
    Route("PUT", "/cases/{number}/classification", correct_classification, staff("dispatcher")),
    Route("GET", "/schemas/work-order.json", work_order_schema),
    Route("GET", "/schemas/department-reply.json", reply_schema),
]


async def _obey(call: Call[Routing], command: BaseModel) -> CaseView:
    def change(case: Case, context: Context[Kit]) -> None:
        must_see(call.caller, case)
        obey(case, command, call.caller.name, context)

    return await _changed(call, change)


async def _changed(call: Call[Routing], change: Any) -> CaseView:
    contexts: list[Context[Kit]] = []

    def remember(case: Case, context: Context[Kit]) -> None:
        contexts.append(context)
        change(case, context)

    case = await call.service.change(call.number, remember)
    return _view(case, contexts[-1])


def _line(case: Case, keyring: Keyring) -> CaseLine:
    own = set(CaseLine.model_fields) - {"subject_line", "awaiting"}
    person = keyring.person(case.complainant.sealed, case.number)
    return CaseLine(
        **case.model_dump(include=own), subject_line=mask_text(case.subject_line, person), awaiting=case.awaiting
    )


def _view(case: Case, context: Context[Kit]) -> CaseView:
    briefing = brief(case, context)
    reading = context.keyring.open
    lacking = missing(case, "upheld", context)
    steps = [
        StepView(at=step.at, step=step.step, by=step.by, note=reading(step.note, case.number) if step.note else "")
        for step in case.steps
    ]
    own = set(CaseView.model_fields) - TOLD_APART
    return CaseView(
        **case.model_dump(include=own),
        subject_line=briefing.subject_line,
        narrative=briefing.narrative,
        supplements=briefing.supplements,
        complainant=briefing.complainant,
        steps=steps,
        missing=[StepDemanded(step=rule.step, title=rule.title, clause=rule.clause) for rule in lacking],
        awaiting=case.awaiting,
        answer=reading(case.answer, case.number) if case.answer else "",
    )
