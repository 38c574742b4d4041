"""A complaint at any point of its life, and events as they arrive."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.intake.model import Complaint
from shared.contracts.event import Envelope, Event
from shared.contracts.intake import SealedComplainant
from shared.contracts.routing import CaseAccepted, CaseReopened, CaseResolved, CaseRouted, CaseTransferred

RECEIVED = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
SEALED = "sealed:v1:01JDSB3Y5D4Q4ZJ5N8T0V9C7HX:c2VhbGVk"


def later(minutes: int) -> datetime:
    return RECEIVED + timedelta(minutes=minutes)


def a_complaint(**fields: Any) -> Complaint:
    values: dict[str, Any] = {
        "number": "SQ-20261123-00017K", "registration_id": "a", "status": "registered",
        "channel": "hotline", "regulation": "service-quality", "regulation_version": "1", "received_at": RECEIVED,
        "narrative": SEALED, "complainant": SealedComplainant(sealed=SEALED),
    }  # fmt: skip
    complaint = Complaint(**values | fields)
    complaint.register()
    return complaint


def heard(event: Event, minute: int, nth: int = 0) -> Any:
    """The event as it arrives, having happened in this minute as the nth of what happened then."""
    envelope = Envelope(f"message-{minute}-{nth}", "/redress/test", "SQ-20261123-00017K", later(minute), "")
    return event.model_copy().enveloped(envelope)


def routed(minute: int, department: str = "service") -> Any:
    event = CaseRouted(
        category="service", severity="general", priority="normal", department=department, confidence=1, because=[]
    )
    return heard(event, minute)


def accepted(minute: int, nth: int = 0) -> Any:
    return heard(CaseAccepted(handler="amy"), minute, nth)


def transferred(minute: int, to: str, nth: int = 0) -> Any:
    return heard(CaseTransferred(origin="service", to=to, reason="not ours"), minute, nth)


def resolved(minute: int, nth: int = 0) -> Any:
    return heard(CaseResolved(outcome="upheld", answer=SEALED), minute, nth)


def reopened(minute: int, department: str = "quality") -> Any:
    return heard(CaseReopened(level=1, reason="nobody came", department=department), minute)
