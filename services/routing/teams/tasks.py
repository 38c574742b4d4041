"""Several departments on one complaint: the team that the regulation wants, what is asked, and what is answered."""

from datetime import datetime

from pydantic import BaseModel

from services.routing.briefing import brief
from services.routing.kit import Kit
from services.routing.model import AT_WORK, Case, Task
from shared.contracts.departments import (
    Acceptance,
    Progress,
    Resolution,
    TaskAnswer,
    TaskAsked,
    TaskWithdrawal,
)
from shared.contracts.values import Department, Language
from shared.errors import Discard, Invalid
from shared.handling import Context
from shared.identity import Caller, Forbidden
from shared.regulations import Regulation

LANGUAGE: Language = "zh-CN"
"""In which a regulation's own tasks are written; departments are of one house."""


def ask(case: Case, command: TaskAsked, *, by: str, context: Context[Kit]) -> None:
    """Ask another department for something.

    Raises `Invalid` for one that there is not, and whatever the case refuses.
    """
    regulation = context.regulation_of(case)
    if command.department not in regulation.departments:
        known = ", ".join(regulation.departments)
        raise Invalid(f"{case.regulation} has no department {command.department}; it has {known}.")
    case.must_not_be_about(by)
    _ask(case, command.department, command.asks, by, command.due_at or _due(case, regulation, context.now), context)


def convene(case: Case, context: Context[Kit]) -> None:
    """Ask those departments that the regulation wants on such a complaint from the beginning (S8.5)."""
    regulation = context.regulation_of(case)
    team = regulation.team_for(case.severity, case.category) if regulation.teams else None
    if team is None or case.status not in AT_WORK:
        return
    met = {case.department, *case.concerned, *(task.department for task in case.tasks)}
    for department in [name for name in team.departments if name not in met]:
        _ask(case, department, team.asks[LANGUAGE], "", _due(case, regulation, context.now), context)


def task_meant(case: Case, name: str, department: Department | None) -> Task | None:
    """The task that a reply is about: the one it names, or the last one of a department that does not lead.

    Raises `NotFound` for one that there is not, and `Discard` for one of another department.
    """
    if not name:
        others = [task for task in case.tasks if task.department == department != case.department]
        return others[-1] if others else None
    task = case.task(name)
    if department not in (None, task.department):
        raise Discard(f"task {name} of {case.number} is with {task.department}, not with {department}")
    return task


def obey_task(case: Case, task: Task, command: BaseModel, *, by: str, context: Context[Kit]) -> None:
    """Carry out what a department says of its task. Raises the fault that says why it does not fit."""
    case.must_not_be_about(by)
    match command:
        case Acceptance():
            case.take_task(task, by=command.handler or by, at=context.now)
        case Progress():
            note = context.seal(command.note, case) if command.note else None
            case.report(task, command.step, note=note, by=by, at=context.now)
        case Resolution() | TaskAnswer():
            answer = context.seal(command.answer, case)
            case.answer_task(task, command.outcome, answer, by=by, at=context.now)
        case TaskWithdrawal():
            case.withdraw_task(task, command.reason, by=by, at=context.now, briefing=brief(case, context))
        case _:
            raise Invalid(f"A task does not pause, and is not passed on: ask {case.department}, which leads.")


def form_team(case: Case, members: list[str], caller: Caller, context: Context[Kit]) -> None:
    """The leader whom the regulation wants forms the special team (S5.7). Raises `Invalid`, `Forbidden`."""
    regulation = context.regulation_of(case)
    team = regulation.team_for(case.severity, case.category)
    if team is None:
        raise Invalid(f"{case.regulation} wants no team for a {case.severity} {case.category} complaint.")
    if team.leader not in caller.roles:
        raise Forbidden(f"A {team.leader} leads the team ({team.clause}).")
    note = context.seal(", ".join([caller.name, *members]), case)
    case.form_team(caller.name, members, note, at=context.now)


def _ask(case: Case, department: Department, asks: str, by: str, due_at: datetime, context: Context[Kit]) -> None:
    name = str(len(case.tasks) + 1)
    sealed = context.seal(asks, case)
    task = Task(name=name, department=department, asks=sealed, asked_by=by, asked_at=context.now, due_at=due_at)
    known = case.model_copy(update={"tasks": [*case.tasks, task]})
    case.ask(task, at=context.now, briefing=brief(known, context))


def _due(case: Case, regulation: Regulation, now: datetime) -> datetime:
    """By the regulation's limit for tasks, and by no means later than the customer was promised an answer."""
    limit = regulation.working_calendar.deadline(now, regulation.tasks.within).due_at if regulation.tasks else None
    promised = case.due_at if case.due_at and case.due_at > now else None
    due = min((moment for moment in (limit, promised) if moment), default=None)
    if due is None:
        raise Invalid("Say by when: neither the regulation nor a promise to the customer does.")
    return due
