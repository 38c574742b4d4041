"""How a whole case is shown to staff; personal data is masked, but for the answer, whose very words are approved."""

from collections.abc import Callable, Mapping

from services.routing.briefing import brief
from services.routing.casework.answer import missing
from services.routing.forms import CaseView, StepDemanded, StepView
from services.routing.kit import Kit
from services.routing.model import Case, Step, Task
from services.routing.teams.forms import TaskView
from shared.contracts.values import Sealed
from shared.handling import Context
from shared.identity import Caller
from shared.privacy import mask_text
from shared.service import Running
from shared.web import Call

TOLD_APART = {
    "subject_line", "narrative", "supplements", "complainant", "product", "place", "respondent", "claim",
    "tasks", "steps", "missing", "answer", "awaiting",
}  # fmt: skip
"""What a view does not show as it stands in the case."""

Opened = Callable[[Sealed | None], str]
"""Opens what is sealed about a case, with the person in it masked; what is not there is nothing."""


async def changed(running: Running[Case], number: str, change: Callable[[Case, Context[Kit]], object]) -> CaseView:
    """Change a case, and show it as it is now; raises whatever `change` raises."""
    contexts: list[Context[Kit]] = []

    def remember(case: Case, context: Context[Kit]) -> None:
        contexts.append(context)
        change(case, context)

    case = await running.change(number, remember)
    return view(case, contexts[-1])


async def obeyed(
    call: Call[Running[Case]], check: Callable[[Caller, Case], None], command: Callable[[Case, Context[Kit]], object]
) -> CaseView:
    """Have the case in the path obey whoever may command it, which `check` refuses to others; show it as it is now."""

    def change(case: Case, context: Context[Kit]) -> None:
        check(call.caller, case)
        command(case, context)

    return await changed(call.service, call.number, change)


def view(case: Case, context: Context[Kit]) -> CaseView:
    """The whole case."""
    briefing = brief(case, context)
    person = context.keyring.person(case.complainant.sealed, case.number)
    lacking = missing(case, "upheld", context)

    def opened(sealed: Sealed | None) -> str:
        return mask_text(context.keyring.open(sealed, case.number), person) if sealed else ""

    own = set(CaseView.model_fields) - TOLD_APART
    return CaseView(
        **case.model_dump(include=own),
        subject_line=briefing.subject_line,
        narrative=briefing.narrative,
        supplements=briefing.supplements,
        complainant=briefing.complainant,
        product=briefing.product,
        place=briefing.place,
        respondent=mask_text(case.respondent, person),
        claim=mask_text(case.claim, person),
        tasks=[_task(task, opened) for task in case.tasks],
        steps=[_step(step, person, opened) for step in case.steps],
        missing=[StepDemanded(step=rule.step, title=rule.title, clause=rule.clause) for rule in lacking],
        awaiting=case.awaiting,
        answer=context.keyring.open(case.answer, case.number) if case.answer else "",
    )


def _step(step: Step, person: Mapping[str, str], opened: Opened) -> StepView:
    return StepView(at=step.at, step=mask_text(step.step, person), by=step.by, note=opened(step.note))


def _task(task: Task, opened: Opened) -> TaskView:
    own = set(TaskView.model_fields) - {"asks", "answer"}
    return TaskView(**task.model_dump(include=own), asks=opened(task.asks), answer=opened(task.answer))
