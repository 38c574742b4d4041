"""How a whole case is shown to staff; personal data is masked."""

from collections.abc import Callable

from services.routing.briefing import brief
from services.routing.casework.answer import missing
from services.routing.forms import CaseView, StepDemanded, StepView
from services.routing.kit import Kit
from services.routing.model import Case, Task
from services.routing.teams.forms import TaskView
from shared.contracts.values import Sealed
from shared.handling import Context
from shared.privacy import mask_text
from shared.service import Running

TOLD_APART = {
    "subject_line",
    "narrative",
    "supplements",
    "complainant",
    "tasks",
    "steps",
    "missing",
    "answer",
    "awaiting",
}
"""What a view does not show as it stands in the case."""


async def changed(running: Running[Case], number: str, change: Callable[[Case, Context[Kit]], object]) -> CaseView:
    """Change a case, and show it as it is now; raises whatever `change` raises."""
    contexts: list[Context[Kit]] = []

    def remember(case: Case, context: Context[Kit]) -> None:
        contexts.append(context)
        change(case, context)

    case = await running.change(number, remember)
    return view(case, contexts[-1])


def view(case: Case, context: Context[Kit]) -> CaseView:
    """The whole case."""
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
        tasks=[_task(task, case, context) for task in case.tasks],
        steps=steps,
        missing=[StepDemanded(step=rule.step, title=rule.title, clause=rule.clause) for rule in lacking],
        awaiting=case.awaiting,
        answer=reading(case.answer, case.number) if case.answer else "",
    )


def _task(task: Task, case: Case, context: Context[Kit]) -> TaskView:
    person = context.keyring.person(case.complainant.sealed, case.number)

    def opened(sealed: Sealed | None) -> str:
        return mask_text(context.keyring.open(sealed, case.number), person) if sealed else ""

    own = set(TaskView.model_fields) - {"asks", "answer"}
    return TaskView(**task.model_dump(include=own), asks=opened(task.asks), answer=opened(task.answer))
