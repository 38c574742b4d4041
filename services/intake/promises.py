"""What was promised, and how each deadline was counted, in words."""

from collections.abc import Iterator
from typing import get_args

from pydantic import BaseModel

from services.intake.model import Complaint
from services.intake.words import MILESTONES
from shared.contracts.values import Instant, Language, Milestone, Severity
from shared.regulations import Regulation
from shared.worktime import Deadline


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
    for deadlines in _possible(complaint, regulation):
        deadline = deadlines.get(milestone)
        if deadline and deadline.due_at == complaint.promises[milestone]:
            return deadline.derivation(language)
    return []


def _possible(complaint: Complaint, regulation: Regulation) -> Iterator[dict[Milestone, Deadline]]:
    """The deadlines from receipt under each severity, the one that was named at registration first.

    The complainant is not told how severe their complaint was found to be; the deadline that counts shows the rule.
    """
    for severity in dict.fromkeys((complaint.hints.severity or "general", *get_args(Severity))):
        yield regulation.deadlines(
            complaint.received_at,
            severity=severity,
            written=complaint.written,
            channel=complaint.channel,
            tier=complaint.complainant.tier,
        )
