"""What readers of the board ask, and what they get."""

from typing import Annotated

from pydantic import BaseModel, StringConstraints

from services.sla.conformance.month import PATTERN
from services.sla.model import Promise, Standing
from shared.contracts.values import Department, Instant, Severity
from shared.web import Body
from shared.web.body import Paging


class BoardQuery(Paging):
    """What the board is filtered by; clocks that have ended are on it only where `state` says so."""

    state: Standing | None = None
    department: Department | None = None


class ClockLine(BaseModel):
    """One line of the board; `due_at` is when the next open promise falls due, or the first one fell due."""

    number: str
    status: str
    standing: Standing
    severity: Severity
    department: Department | None
    due_at: Instant | None
    promises: list[Promise]


class DepartmentCounts(BaseModel):
    """How many open clocks of a department, or of those not given to any yet, stand where."""

    department: Department | None
    breached: int = 0
    at_risk: int = 0
    paused: int = 0
    running: int = 0


class CountsView(BaseModel):
    """How many open clocks each department has, as of the moment they were counted."""

    as_of: Instant
    departments: list[DepartmentCounts]


class FiguresQuery(Body):
    """Which month; its promises are those first due in it."""

    month: Annotated[str, StringConstraints(pattern=PATTERN)]


class Glance(Body):
    """Which month the page shows the figures of; the present one where none is named."""

    month: Annotated[str, StringConstraints(pattern=PATTERN)] | None = None
