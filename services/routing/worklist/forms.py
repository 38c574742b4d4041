"""What is asked and shown of the worklist."""

from pydantic import BaseModel

from services.routing.model import State
from services.routing.worklist.views import Filter
from shared.contracts.values import Category, Department, Instant, Priority, Role, Severity
from shared.web import Body
from shared.web.body import Paging


class CaseQuery(Paging, Filter):
    """What the worklist is narrowed to, and which page of it."""


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
