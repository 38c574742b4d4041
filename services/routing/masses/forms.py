"""What is asked and shown of mass complaints."""

from pydantic import BaseModel, Field

from services.routing.masses.cluster import Draft
from services.routing.model import State
from shared.contracts.values import Department, Instant, Outcome, Severity
from shared.web import Body, Line, Text
from shared.web.body import Paging


class ClusterQuery(Paging):
    """Which page of the mass complaints."""


class DraftBody(Body):
    """An answer that the handlers of a mass complaint may take over; it says nothing of a person."""

    outcome: Outcome
    answer: Text = Field(min_length=1)
    measures: Text = ""
    root_cause: Text = ""
    responsible: Line = ""


class Sibling(BaseModel):
    """A case of a mass complaint."""

    number: str
    status: State
    department: Department
    severity: Severity
    handler: str
    received_at: Instant
    outcome: Outcome | None


class ClusterLine(BaseModel):
    """A mass complaint; `number` is that of its first case, `anchors` what all of them are about."""

    number: str
    regulation: str
    anchors: list[str]
    severity: Severity
    reason: str
    founded_at: Instant
    last_at: Instant
    cases_in_all: int


class ClusterView(ClusterLine):
    """A mass complaint with its cases, as far as the caller sees them, and what may be answered to all."""

    cases: list[Sibling]
    draft: Draft | None
