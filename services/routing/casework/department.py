"""The commands of a department on its case, the same by HTTP and over the bus."""

from pydantic import BaseModel

from services.routing.assessing import who_answers
from services.routing.briefing import brief
from services.routing.casework.answer import resolve
from services.routing.kit import Kit
from services.routing.learning.lesson import category_decided
from services.routing.model import Assessment, Case, Excluded, priority_of
from services.routing.teams.tasks import convene
from shared.contracts.departments import Acceptance, Pause, Progress, Resolution, Resumption, Transfer
from shared.contracts.values import Category, Department, Severity
from shared.errors import Invalid, WrongState
from shared.handling import Context


def obey(case: Case, command: BaseModel, by: str, context: Context[Kit]) -> None:
    """Carry out one command of the department. Raises the fault that says why it does not fit."""
    case.must_not_be_about(by)
    now = context.now
    match command:
        case Acceptance():
            case.accept(by=by, handler=command.handler, at=now)
        case Progress():
            note = context.seal(command.note, case) if command.note else None
            visible, promised_at = command.visible_to_complainant, command.promised_at
            case.progress(command.step, note=note, visible=visible, by=by, at=now, promised_at=promised_at)
        case Pause():
            case.pause(command.reason, waiting_for=command.waiting_for, by=by, at=now)
        case Resumption():
            case.resume(command.reason, by=by, at=now)
        case Transfer():
            lead = _lead(case, command.to, context)
            case.transfer(command.to, by=by, reason=command.reason, at=now, briefing=brief(case, context), lead=lead)
            teach(case, context)
        case Resolution():
            resolve(case, command, by=by, context=context)
        case _:
            raise TypeError(f"{type(command).__name__} is no command")


def claim(case: Case, by: str, context: Context[Kit]) -> None:
    """Take a case that waits for a handler, or was given to this one; raises `WrongState` for one that is another's."""
    if case.handler not in ("", by):
        raise WrongState(f"{case.number} was given to {case.handler}.", state=case.status)
    obey(case, Acceptance(), by, context)


def reclassify(
    case: Case, category: Category | None, severity: Severity | None, reason: str, by: str, context: Context[Kit]
) -> None:
    """Correct what the classifier thought; the due times follow the new severity."""
    regulation = context.regulation_of(case)
    named, category, severity = category, category or case.category, severity or case.severity
    same = category == case.category
    department, why = who_answers(category, case.concerned, regulation)
    assessment = Assessment(
        category=category,
        severity=severity,
        priority=priority_of(severity, case.complainant.tier),
        department=case.department if same else department,
        confidence=1.0,
        because=why,
    )
    graded = case.model_copy(update={"severity": severity})
    case.reclassify(assessment, by=by, reason=reason, at=context.now, briefing=brief(graded, context))
    convene(case, context)
    if named:
        teach(case, context)


def teach(case: Case, context: Context[Kit]) -> None:
    """Let the classifier learn what people have decided that this case is."""
    regulation = context.regulation_of(case)
    usual = regulation.department_for(case.category)
    department = usual if case.department == regulation.beside(usual, case.concerned) else case.department
    case.teach(category_decided(case.category, department, regulation.categories))


def _lead(case: Case, to: Department, context: Context[Kit]) -> Department | None:
    """The department that leads where a case is passed on too often.

    Raises `Invalid` for a department that there is not, and `Excluded` for one that the complaint is about.
    """
    regulation = context.regulation_of(case)
    if to not in regulation.departments:
        raise Invalid(f"{case.regulation} has no department {to}; it has {', '.join(regulation.departments)}.")
    if to in case.concerned:
        raise Excluded(f"{case.number} is about {to}; it has no part in it.")
    return regulation.beside(regulation.lead.department, case.concerned) if regulation.lead else None
