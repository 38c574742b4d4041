"""Routing's HTTP face for several departments on one complaint: tasks asked, answered, withdrawn; the special team."""

from pydantic import BaseModel

from services.routing.api import DEPARTMENT, Routing
from services.routing.forms import CaseView
from services.routing.kit import Kit
from services.routing.model import Case
from services.routing.showing import obeyed
from services.routing.teams.forms import TeamFormed
from services.routing.teams.tasks import ask, form_team, obey_task
from services.routing.visibility import must_have, must_lead, must_see
from shared.contracts.departments import Acceptance, Progress, TaskAnswer, TaskAsked, TaskWithdrawal
from shared.handling import Context
from shared.identity import staff
from shared.web import Call, Route


async def ask_department(call: Call[Routing], body: TaskAsked) -> CaseView:
    """Ask another department for something; it gets a work order of its own, and the answer to the customer waits."""
    by = call.caller.name
    return await obeyed(call, must_lead, lambda case, context: ask(case, body, by=by, context=context))


async def take_task(call: Call[Routing], body: Acceptance) -> CaseView:
    """Take one's department's task on."""
    return await _obey(call, body)


async def report_on_task(call: Call[Routing], body: Progress) -> CaseView:
    """Put a step for one's department's task on the record of the case."""
    return await _obey(call, body)


async def answer_task(call: Call[Routing], body: TaskAnswer) -> CaseView:
    """Answer one's department's task, for those who lead."""
    return await _obey(call, body)


async def withdraw_task(call: Call[Routing], body: TaskWithdrawal) -> CaseView:
    """A task is not needed any more, with the reason; its department is told."""
    name, by = _task(call), call.caller.name
    return await obeyed(
        call, must_lead, lambda case, context: obey_task(case, case.task(name), body, by=by, context=context)
    )


async def form_special_team(call: Call[Routing], body: TeamFormed) -> CaseView:
    """Form the special team that the regulation wants, and lead it (S5.7)."""
    leader = call.caller
    return await obeyed(call, must_see, lambda case, context: form_team(case, body.members, leader, context))


ROUTES = [
    Route("POST", "/cases/{number}/tasks", ask_department, DEPARTMENT),
    Route("POST", "/cases/{number}/tasks/{task}/acceptance", take_task, DEPARTMENT),
    Route("POST", "/cases/{number}/tasks/{task}/progress", report_on_task, DEPARTMENT),
    Route("POST", "/cases/{number}/tasks/{task}/answer", answer_task, DEPARTMENT),
    Route("POST", "/cases/{number}/tasks/{task}/withdrawal", withdraw_task, DEPARTMENT),
    Route("POST", "/cases/{number}/team", form_special_team, staff("supervisor", "quality", "manager", "approver")),
]


async def _obey(call: Call[Routing], command: BaseModel) -> CaseView:
    def change(case: Case, context: Context[Kit]) -> None:
        task = case.task(_task(call))
        must_have(call.caller, case, task)
        obey_task(case, task, command, by=call.caller.name, context=context)

    return await obeyed(call, must_see, change)


def _task(call: Call[Routing]) -> str:
    return call.request.match_info["task"]
