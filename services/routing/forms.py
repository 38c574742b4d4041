"""What staff and departments ask of a case, and what they get to see of it."""

from typing import Self

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from services.routing.masses.forms import ClusterView
from services.routing.teams.forms import TaskView
from services.routing.worklist.forms import CaseLine
from shared.contracts.departments import MaskedComplainant
from shared.contracts.intake import Product
from shared.contracts.routing import Decision
from shared.contracts.values import Category, Instant, Language, Outcome, Severity
from shared.web import Body, Line, Text


class Classification(Body):
    """A correction of category, severity or both, with its reason."""

    category: Category | None = None
    severity: Severity | None = None
    reason: Line = Field(min_length=1)

    @model_validator(mode="after")
    def _something_is_corrected(self) -> Self:
        if self.category is None and self.severity is None:
            raise PydanticCustomError("correction_missing", "a correction names the category, the severity or both")
        return self


class Review(Body):
    """What an approver says of a proposed answer; returning it needs a reason."""

    decision: Decision
    reason: Text = ""

    @model_validator(mode="after")
    def _returning_has_a_reason(self) -> Self:
        if self.decision == "return" and not self.reason:
            raise PydanticCustomError("reason_missing", "an answer is returned with a reason, for whoever proposed it")
        return self


class StepView(BaseModel):
    """One thing that was done."""

    at: Instant
    step: str
    by: str
    note: str


class StepDemanded(BaseModel):
    """A step that the regulation wants on record, and by which clause."""

    step: str
    title: dict[Language, str]
    clause: str


class CaseView(CaseLine):
    """A case as its department sees it; personal data is masked. `missing` are steps that upholding it still needs.

    `cluster` is the mass complaint that it is one of, with its siblings and the draft for their answers.
    """

    regulation: str
    confidence: float
    because: list[str]
    narrative: str
    supplements: list[str]
    complainant: MaskedComplainant
    product: Product | None
    place: str
    respondent: str
    claim: str
    waiting_for: str
    promised_at: Instant | None
    leader: str
    members: list[str]
    tasks: list[TaskView]
    steps: list[StepView]
    missing: list[StepDemanded]
    outcome: Outcome | None
    answer: str
    referred_to: str
    approved_by: list[str]
    to_sum_up: bool
    cluster: ClusterView | None = None
