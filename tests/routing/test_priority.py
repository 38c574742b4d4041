"""What comes first in a list: the grave, then important customers, then what is late or was disputed."""

import pytest

from services.routing.model import Case, priority_of
from shared.contracts.intake import SealedComplainant
from shared.contracts.values import Priority, Rung, Severity, Tier
from tests.routing.given import BRIEFING, SEALED, a_case, an_answered_case, an_assessment, later


@pytest.mark.parametrize(("severity", "tier", "escalation_level", "priority"), [
    ("critical", "standard", 0, "urgent"), ("major", "standard", 0, "high"), ("general", "important", 0, "high"),
    ("general", "standard", 0, "normal"), ("general", "standard", 1, "high"), ("general", "standard", 3, "urgent"),
])  # fmt: skip
def test_severity_tier_and_lateness_make_the_priority(
    severity: Severity, tier: Tier, escalation_level: int, priority: Priority
) -> None:
    assert priority_of(severity, tier, escalation_level) == priority


@pytest.mark.parametrize(("rung", "priority", "urgency"), [("urge", "high", 1), ("raised", "urgent", 0)])
def test_a_late_case_moves_up_when_it_is_urged(rung: Rung, priority: Priority, urgency: int) -> None:
    case = a_case()

    case.climb(rung, milestone="resolution", at=later(90), briefing=BRIEFING)

    assert (case.priority, case.urgency) == (priority, urgency)


def test_the_department_is_told_the_new_priority() -> None:
    case = a_case()

    case.climb("urge", milestone="resolution", at=later(90), briefing=BRIEFING)

    assert case.recorded[-1].priority == "high"  # type: ignore[attr-defined]  # a work order


def test_a_disputed_case_comes_before_a_new_one() -> None:
    case = an_answered_case()

    case.reopen(1, reason="nobody came", at=later(90), briefing=BRIEFING)

    assert case.priority == "high"


def test_an_important_customer_stays_important_after_a_correction() -> None:
    case: Case = a_case(complainant=SealedComplainant(sealed=SEALED, tier="important"), priority="high")

    case.reclassify(
        an_assessment(severity="general", priority="normal"),
        by="dan",
        reason="no danger",
        at=later(5),
        briefing=BRIEFING,
    )

    assert case.priority == "high"
