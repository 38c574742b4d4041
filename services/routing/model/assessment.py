"""What is thought of a complaint when it comes in, and what its department is told of it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from services.routing.masses.traits import Traits
from shared.contracts.departments import MaskedComplainant
from shared.contracts.intake import Product
from shared.contracts.values import Category, Department, Instant, Milestone, Priority, Severity, Tier

URGENCY: dict[Priority, int] = {"urgent": 0, "high": 1, "normal": 2}
"""Where a priority stands in every list; within it, what is due first comes first."""

RAISED = 3
"""The escalation level from which on a case comes before all but the gravest: raised supervision (提级督办)."""


def priority_of(severity: Severity, tier: Tier, escalation_level: int = 0) -> Priority:
    """How urgent a case is among others: by severity first, then important customers (S4.5, S8.4), then by age.

    Age counts by what comes of it, not by the clock: whatever is late is urged, and so comes before what is not. So the
    place of a case in a list is written when something happens to it, and never only because time has passed.
    """
    if severity == "critical" or escalation_level >= RAISED:
        return "urgent"
    return "high" if severity == "major" or tier == "important" or escalation_level else "normal"


class Assessment(NamedTuple):
    """What a complaint is about, how grave, how urgent, and who answers it, with the reasons."""

    category: Category
    severity: Severity
    priority: Priority
    department: Department
    confidence: float
    because: Sequence[str]
    tags: Sequence[str] = ()
    traits: Traits = Traits()


class Briefing(NamedTuple):
    """What a department is told beyond the case's own fields; made for the work order, never stored.

    `asks` is what other departments are asked for, by the name of the task. `hand_out_at` is when a handler
    is looked for, where that is not left to whoever claims the case.
    """

    subject_line: str
    narrative: str
    complainant: MaskedComplainant
    due: Mapping[Milestone, Instant]
    link: str
    supplements: Sequence[str] = ()
    derivation: Mapping[Milestone, Sequence[str]] = {}
    asks: Mapping[str, str] = {}
    hand_out_at: Instant | None = None
    cluster_link: str = ""
    product: Product | None = None
    place: str = ""
