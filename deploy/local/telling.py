"""What happened, in a few words for whoever watches."""

from collections.abc import Iterable
from typing import Any

from services.archive.words import WHAT
from shared.contracts.event import Event

WORDS: dict[str, str] = {
    "complaint.registered": "registered through {channel}",
    "complaint.declined": "declined: {reason}",
    "case.routed": "{category}, {severity} → {department}",
    "case.accepted": "taken on by {handler}",
    "case.progressed": "{step}",
    "case.paused": "waiting for {waiting_for}",
    "case.transferred": "{from} → {to}: {reason}",
    "case.proposed": "proposed: {outcome}, for the {awaiting} to approve",
    "case.reviewed": "{role}: {decision}",
    "case.resolved": "answered: {outcome}",
    "case.reopened": "reopened, level {level}",
    "sla.target-set": "{milestone} promised",
    "sla.target-moved": "{milestone} moved",
    "sla.target-dropped": "{milestone} no longer promised",
    "sla.target-at-risk": "{milestone} at risk",
    "sla.target-breached": "{milestone} not kept in time",
    "sla.target-met": "{milestone} done",
    "sla.escalated": "{rung} goes to the {role} ({milestone})",
    "sla.alerted": "{severity}: the {role} is told at once",
    "sla.notice-seen": "notice seen by {by}",
    "receipt.delivered": "receipt delivered ({via})",
    "receipt.failed": "receipt not delivered: {reason}",
    "outcome.delivered": "answer delivered ({via})",
    "outcome.agreed": "complainant agrees",
    "outcome.disputed": "complainant disputes: {reason}",
    "survey.completed": "satisfaction {csat} of 5",
    "complaint.closed": "closed: {outcome}",
    "record.archived": "filed, kept until {retain_until}",
}

STATUS_AFTER: dict[str, str] = {
    "complaint.registered": "registered",
    "complaint.accepted": "accepted",
    "complaint.declined": "declined",
    "complaint.withdrawn": "withdrawn",
    "case.routed": "assigned",
    "case.transferred": "assigned",
    "case.accepted": "in-progress",
    "case.paused": "waiting",
    "case.resumed": "in-progress",
    "case.proposed": "in-approval",
    "case.resolved": "answered",
    "outcome.disputed": "disputed",
    "case.reopened": "reopened",
    "complaint.closed": "closed",
    "record.archived": "archived",
}
"""What a complaint is after an event; the others leave it what it was."""

QUIET = frozenset({"sla.target-set", "sla.target-met"})
"""Events that a summary does without."""


def told(event: Event) -> str:
    """One event in words."""
    form = WORDS.get(event.kind())
    return form.format(**event.model_dump(mode="json")) if form else WHAT[event.kind()]["en"].lower()


def status_of(story: Iterable[Event]) -> str:
    """What a complaint is after all this."""
    return ([""] + [STATUS_AFTER[event.kind()] for event in story if event.kind() in STATUS_AFTER])[-1]


def said(story: Iterable[Event], field: str, *kinds: str) -> Any:
    """What the latest of these kinds of events said in a field; None where there was none."""
    values = [getattr(event, field) for event in story if event.kind() in kinds]
    return values[-1] if values else None


def last_told(story: Iterable[Event]) -> str:
    """What happened last that is worth telling."""
    worth = [event for event in story if event.kind() not in QUIET]
    return told(worth[-1]) if worth else ""
