"""A case at any point of its life, what its department is told, and the moments of its story."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.routing.model import Assessment, Briefing, Case, Task
from shared.contracts.departments import MaskedComplainant, Resolution
from shared.contracts.intake import SealedComplainant

RECEIVED = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
SEALED = "sealed:v1:01JDSB3Y5D4Q4ZJ5N8T0V9C7HX:c2VhbGVk"
BRIEFING = Briefing(
    subject_line="漏电",
    narrative="寄来的电饭煲漏电",
    complainant=MaskedComplainant(name="王**", phone="*******1234"),
    due={"resolution": RECEIVED + timedelta(days=7)},
    link="https://redress.example.org/routing/cases/SQ-20261123-00017K",
)
UPHELD = Resolution(outcome="upheld", answer="给您退货")


def later(minutes: int) -> datetime:
    return RECEIVED + timedelta(minutes=minutes)


DUE = later(120)
"""When a task is due."""


def a_waiting_case(**fields: Any) -> Case:
    values: dict[str, Any] = {
        "number": "SQ-20261123-00017K", "status": "waiting", "regulation": "service-quality",
        "regulation_version": "1", "channel": "hotline", "received_at": RECEIVED, "narrative": SEALED,
        "complainant": SealedComplainant(sealed=SEALED), "category": "service", "severity": "general",
        "priority": "normal", "department": "service", "confidence": 0.8, "because": ["service: 送货 (2.0)"],
    }  # fmt: skip
    return Case(**values | fields)


def a_case(**fields: Any) -> Case:
    """With its department, which has not taken it yet."""
    case = a_waiting_case(**fields)
    case.dispatch(BRIEFING)
    return case


def an_accepted_case(**fields: Any) -> Case:
    case = a_case(**fields)
    case.accept(by="amy", handler="", at=later(10))
    return case


def a_paused_case() -> Case:
    case = an_accepted_case()
    case.pause("invoice missing", waiting_for="complainant", by="amy", at=later(20))
    return case


def an_answered_case() -> Case:
    case = an_accepted_case()
    case.resolve(UPHELD, SEALED, by="amy", at=later(60))
    return case


def an_assessment(**fields: Any) -> Assessment:
    values: dict[str, Any] = {
        "category": "product", "severity": "major", "priority": "high", "department": "quality", "confidence": 1.0,
        "because": [],
    }  # fmt: skip
    return Assessment(**values | fields)


def a_task(**fields: Any) -> Task:
    """What the quality department is asked for."""
    values: dict[str, Any] = {
        "name": "1", "department": "quality", "asks": SEALED, "asked_by": "amy", "asked_at": RECEIVED, "due_at": DUE,
    }  # fmt: skip
    return Task(**values | fields)
