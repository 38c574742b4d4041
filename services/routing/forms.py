"""What staff and departments ask of routing, and what they get to see."""

from typing import Self

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from services.routing.masses.forms import ClusterView
from services.routing.model import State
from services.routing.views import Filter
from shared.contracts.departments import MaskedComplainant
from shared.contracts.intake import Product
from shared.contracts.routing import Decision
from shared.contracts.values import Category, Department, Instant, Language, Outcome, Priority, Role, Severity
from shared.web import Body, Line, Text
from shared.web.body import Paging


class CaseQuery(Paging, Filter):
    """What the worklist is narrowed to, and which page of it."""


class ViewKept(Body):
    """A view of the worklist to be kept: by whoever keeps it, or by a department for all of its people."""

    department: Department | None = None
    filter: Filter = Filter()


class ViewQuery(Body):
    """Whose view is meant: a department's, or one's own."""

    department: Department | None = None


class ViewLine(BaseModel):
    """A view that was kept, whose it is, and the worklist narrowed to it."""

    name: str
    department: Department | None
    filter: Filter
    link: str


class ViewsView(BaseModel):
    """One's own views, then those that one's departments share."""

    views: list[ViewLine]


class CountsQuery(Body):
    """Of which department the counts are asked; of all of one's own, where nothing is said."""

    department: Department | None = None


class DepartmentCounts(BaseModel):
    """How many cases a department has to answer, by state and by severity, and how many should have been by now."""

    department: Department
    states: dict[State, int]
    severities: dict[Severity, int]
    overdue: int


class CountsView(BaseModel):
    """The counts of departments, as of when they were counted; what is hidden from whoever asks counts, too."""

    as_of: Instant
    departments: list[DepartmentCounts]


class TeamFormed(Body):
    """Who is on the special team besides its leader."""

    members: list[Line] = Field(min_length=1, max_length=50)


class Claim(Body):
    """Where to claim a case from; from all of one's departments, where nothing is said."""

    department: Department | None = None


class DutyNote(Body):
    """Somebody is on duty in a department, or is not; without `person` it is whoever says so."""

    department: Department
    on_duty: bool
    person: Line = ""


class DutyQuery(BaseModel):
    """Whose duty is asked for."""

    department: Department


class ColleagueView(BaseModel):
    """Somebody on duty, and how many cases they have in hand."""

    person: str
    since: Instant
    in_hand: int


class DutyView(BaseModel):
    """Who is on duty in a department, whoever came first in front."""

    department: Department
    present: list[ColleagueView]


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


class CaseLine(BaseModel):
    """One line of the worklist."""

    number: str
    status: State
    category: Category
    severity: Severity
    priority: Priority
    department: Department
    handler: str
    tags: list[str]
    subject_line: str
    received_at: Instant
    due_at: Instant | None
    transfers: int
    round: int
    level: int
    supervision: int
    leads: bool
    awaiting: Role | None
    asked: list[Department]


class TaskView(BaseModel):
    """What another department was asked for, and what became of it; personal data is masked."""

    name: str
    department: Department
    asks: str
    asked_by: str
    asked_at: Instant
    due_at: Instant
    status: str
    taken_by: str
    ended_by: str
    ended_at: Instant | None
    outcome: Outcome | None
    answer: str
    reason: str


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
