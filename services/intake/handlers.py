"""What intake does when the others have got on with a complaint: it keeps what the complainant sees up to date."""

from typing import Any

from services.intake.model import Complaint
from shared.contracts.archive import RecordArchived
from shared.contracts.feedback import ComplaintClosed
from shared.contracts.routing import (
    CaseAccepted,
    CasePaused,
    CaseProgressed,
    CaseReopened,
    CaseResolved,
    CaseResumed,
    CaseRouted,
    CaseTransferred,
)
from shared.contracts.sla import TargetDropped, TargetMoved, TargetSet
from shared.handling import Context, Subscriptions


def on_case_routed(complaint: Complaint, event: CaseRouted, _: Context[Any]) -> None:
    """A department was found; that a complaint is graver than it was is no news for the complainant."""
    complaint.concerned = event.concerned
    if not event.raised:
        complaint.assign(event.department, event)


def on_case_transferred(complaint: Complaint, event: CaseTransferred, _: Context[Any]) -> None:
    """Another department answers."""
    complaint.hand_over(event.to, event)


def on_case_accepted(complaint: Complaint, event: CaseAccepted, _: Context[Any]) -> None:
    """Somebody is at work on it."""
    complaint.progress("in-progress", event)


def on_case_progressed(complaint: Complaint, event: CaseProgressed, _: Context[Any]) -> None:
    """A step was recorded; the complainant sees those that are meant for them, and an agreed time (S5.5, S2.4)."""
    if event.visible_to_complainant:
        complaint.tell("progress", event, event.step)
    if event.promised_at:
        complaint.promise("first-reply", event.promised_at, event.time)


def on_case_paused(complaint: Complaint, event: CasePaused, _: Context[Any]) -> None:
    """Somebody is waited for."""
    complaint.tell("waiting", event, event.waiting_for)


def on_case_resumed(complaint: Complaint, event: CaseResumed, _: Context[Any]) -> None:
    """The waiting is over."""
    complaint.tell("resumed", event)


def on_case_resolved(complaint: Complaint, event: CaseResolved, _: Context[Any]) -> None:
    """There is an answer."""
    complaint.progress("answered", event)


def on_case_reopened(complaint: Complaint, event: CaseReopened, _: Context[Any]) -> None:
    """The answer did not hold; the department of the next level has it now."""
    complaint.progress("reopened", event)
    complaint.assign(event.department, event)


def on_target_moved(complaint: Complaint, event: TargetMoved, _: Context[Any]) -> None:
    """A promise was moved, or made after the receipt; the complainant sees the one that counts."""
    complaint.promise(event.milestone, event.due_at, event.time, event.counting)


def on_target_dropped(complaint: Complaint, event: TargetDropped, _: Context[Any]) -> None:
    """A promise is owed no more; the complainant sees that too."""
    complaint.promise(event.milestone, None, event.time)


def on_complaint_closed(complaint: Complaint, event: ComplaintClosed, _: Context[Any]) -> None:
    """The matter is finished."""
    complaint.finish("closed", event)


def on_record_archived(complaint: Complaint, event: RecordArchived, _: Context[Any]) -> None:
    """The dossier is in the archive."""
    complaint.finish("archived", event)


SUBSCRIPTIONS = Subscriptions(
    Complaint,
    events={
        CaseRouted: on_case_routed,
        CaseTransferred: on_case_transferred,
        CaseAccepted: on_case_accepted,
        CaseProgressed: on_case_progressed,
        CasePaused: on_case_paused,
        CaseResumed: on_case_resumed,
        CaseResolved: on_case_resolved,
        CaseReopened: on_case_reopened,
        TargetMoved: on_target_moved,
        TargetDropped: on_target_dropped,
        ComplaintClosed: on_complaint_closed,
        RecordArchived: on_record_archived,
    },
    retired=frozenset({TargetSet}),
)
