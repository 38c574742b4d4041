"""What was promised, and how each deadline was counted, in words."""

from pydantic import BaseModel

from services.intake.model import Complaint
from services.intake.words import MILESTONES
from shared.contracts.sla import Counting
from shared.contracts.values import Instant, Language, Milestone
from shared.regulations import Regulation
from shared.worktime import Deadline, calendar_named


class Promise(BaseModel):
    """One promise: what is due when, and the steps by which that was counted, none where it was moved by hand."""

    milestone: Milestone
    text: str
    due_at: Instant
    derivation: list[str]


def promises(complaint: Complaint, regulation: Regulation, language: Language) -> list[Promise]:
    """The complaint's promises, the next one first."""
    return [
        Promise(
            milestone=milestone,
            text=MILESTONES[milestone][language],
            due_at=due_at,
            derivation=_derivation(complaint, regulation, milestone, language),
        )
        for milestone, due_at in sorted(complaint.promises.items(), key=lambda promise: promise[1])
    ]


def _derivation(complaint: Complaint, regulation: Regulation, milestone: Milestone, language: Language) -> list[str]:
    try:
        deadline = _deadline(complaint, regulation, milestone)
    except ValueError:  # an edition of the calendar that this replica has not heard of
        return []
    promised = deadline and deadline.due_at == complaint.promises[milestone]
    return deadline.derivation(language) if deadline and promised else []


def _deadline(complaint: Complaint, regulation: Regulation, milestone: Milestone) -> Deadline | None:
    """The promise as it was counted last: by what moved it, or for the receipt."""
    said = complaint.promised.get(milestone)
    if said and (counting := said[-1].counting):
        calendar = calendar_named(counting.calendar, counting.edition)
        return calendar.deadline_of(_without_reasons(counting), said[-1].due_at)
    deadlines = regulation.deadlines(
        complaint.received_at,
        severity=complaint.hints.severity or "general",
        written=complaint.written,
        channel=complaint.channel,
        tier=complaint.complainant.tier,
        calendar=calendar_named(regulation.calendar, complaint.calendar_edition),
    )
    return deadlines.get(milestone)


def _without_reasons(counting: Counting) -> Counting:
    """What a department waited for is its own affair; that it waited is not."""
    pauses = tuple(pause.model_copy(update={"reason": ""}) for pause in counting.pauses)
    return counting.model_copy(update={"pauses": pauses})
