"""What is thought of a complaint when it comes in, and what its department is told of it."""

from pydantic import BaseModel, ConfigDict

from services.routing.masses.traits import Traits
from shared.contracts.departments import MaskedComplainant
from shared.contracts.values import Category, Department, Instant, Milestone, Priority, Severity

URGENCY: dict[Priority, int] = {"urgent": 0, "high": 1, "normal": 2}


class Assessment(BaseModel):
    """What a complaint is about, how grave, how urgent, and who answers it, with the reasons."""

    model_config = ConfigDict(frozen=True)

    category: Category
    severity: Severity
    priority: Priority
    department: Department
    confidence: float
    because: list[str]
    tags: list[str] = []
    traits: Traits = Traits()


class Briefing(BaseModel):
    """What a department is told beyond the case's own fields; made for the work order, never stored.

    `asks` is what other departments are asked for, by the name of the task. `hand_out_at` is when a handler
    is looked for, where that is not left to whoever claims the case.
    """

    model_config = ConfigDict(frozen=True)

    subject_line: str
    narrative: str
    supplements: list[str] = []
    complainant: MaskedComplainant
    due: dict[Milestone, Instant]
    derivation: dict[Milestone, list[str]] = {}
    link: str
    asks: dict[str, str] = {}
    hand_out_at: Instant | None = None
    cluster_link: str = ""
