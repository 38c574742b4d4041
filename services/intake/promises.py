"""What was promised, and how each deadline was counted, in words."""

from typing import NamedTuple

from services.intake.model import Complaint
from services.intake.words import MILESTONES
from shared.contracts.sla import Counting
from shared.contracts.values import Instant, Language, Milestone
from shared.regulations import Regulation
from shared.worktime import Deadline, calendar_named


class Promise(NamedTuple):
    """One promise: what is due when, and the steps by which that was counted, none where it was moved by hand."""

    milestone: Milestone
    text: str
    due_at: Instant
    derivation: list[str]


def promises(complaint: Complaint, regulation: Regulation, language: Language) -> list[Promise]:
    """The complaint's promises, the next one first."""
    counted: dict[Milestone, Deadline | None] = {**_for_the_receipt(complaint, regulation), **_since_moved(complaint)}
    return [
        Promise(milestone, MILESTONES[milestone][language], due_at, _told(counted.get(milestone), due_at, language))
        for milestone, due_at in sorted(complaint.promises.items(), key=lambda promise: promise[1])
    ]


def _told(deadline: Deadline | None, due_at: Instant, language: Language) -> list[str]:
    return deadline.derivation(language) if deadline and deadline.due_at == due_at else []


def _for_the_receipt(complaint: Complaint, regulation: Regulation) -> dict[Milestone, Deadline]:
    """The promises as they were counted at registration; none by an edition of the calendar not heard of here."""
    try:
        calendar = calendar_named(regulation.calendar, complaint.calendar_edition)
    except ValueError:
        return {}
    return regulation.deadlines(
        complaint.received_at,
        severity=complaint.hints.severity or "general",
        written=complaint.written,
        channel=complaint.channel,
        tier=complaint.complainant.tier,
        calendar=calendar,
    )


def _since_moved(complaint: Complaint) -> dict[Milestone, Deadline | None]:
    """The promises that were moved since, as they were counted last."""
    last = {milestone: said[-1] for milestone, said in complaint.promised.items()}
    return {
        milestone: _counted(said.counting, said.due_at)
        for milestone, said in last.items()
        if said.counting and said.due_at
    }


def _counted(counting: Counting, due_at: Instant) -> Deadline | None:
    try:
        calendar = calendar_named(counting.calendar, counting.edition)
    except ValueError:  # an edition of the calendar that this replica has not heard of
        return None
    return calendar.deadline_of(_without_reasons(counting), due_at)


def _without_reasons(counting: Counting) -> Counting:
    """What a department waited for is its own affair; that it waited is not."""
    pauses = tuple(pause.model_copy(update={"reason": ""}) for pause in counting.pauses)
    return counting.model_copy(update={"pauses": pauses})
