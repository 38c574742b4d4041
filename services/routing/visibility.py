"""Which cases somebody gets to see: those of their departments, and never one that is about themselves (S18.3)."""

from services.routing.model import Case, Task
from shared.conflict import is_about
from shared.contracts.values import Department
from shared.errors import Invalid, NotFound
from shared.identity import Caller, Forbidden
from shared.regulations import Regulations

EVERYWHERE = frozenset({"dispatcher", "manager", "approver", "auditor", "administrator", "officer"})
"""Roles that see and command cases of every department."""


def sees(caller: Caller, case: Case) -> bool:
    """Whether a case exists for somebody."""
    return not is_about(caller, case.respondent, case.concerned) and _is_theirs(caller, case)


def must_see(caller: Caller, case: Case) -> None:
    """What is another department's, or about oneself, does not exist: raises `NotFound`, not `Forbidden`."""
    if not sees(caller, case):
        raise NotFound.of(Case, case.number)


def must_lead(caller: Caller, case: Case) -> None:
    """What only the department that leads decides: raises `Forbidden` for one with a task, `NotFound` for others."""
    must_see(caller, case)
    if not caller.roles & EVERYWHERE and case.department not in caller.departments:
        raise Forbidden(f"{case.department} leads {case.number}; you have a task.")


def must_have(caller: Caller, case: Case, task: Task) -> None:
    """What only the department of a task says of it: raises `Forbidden` for another one."""
    must_see(caller, case)
    if not caller.roles & EVERYWHERE and task.department not in caller.departments:
        raise Forbidden(f"Task {task.name} of {case.number} is with {task.department}.")


def departments_of(caller: Caller, wanted: str | None) -> list[str]:
    """The departments whose cases are listed, none for all of them. Raises `Forbidden` for one that is not theirs."""
    if caller.roles & EVERYWHERE:
        return [wanted] if wanted else []
    if wanted and wanted not in caller.departments:
        raise Forbidden(f"You belong to {', '.join(sorted(caller.departments)) or 'no department'}, not to {wanted}.")
    return [wanted] if wanted else sorted(caller.departments) or ["-"]


def known_department(department: Department | None, regulations: Regulations) -> None:
    """Raises `Invalid` for a department that no regulation has."""
    if department and department not in regulations.departments():
        raise Invalid(f"There is no department {department}; there is {', '.join(regulations.departments())}.")


def _is_theirs(caller: Caller, case: Case) -> bool:
    return bool(caller.roles & EVERYWHERE) or not caller.departments.isdisjoint([case.department, *case.asked])
