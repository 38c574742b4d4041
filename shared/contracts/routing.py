"""What routing publishes: who answers, and what the answer is."""

from typing import Literal

from pydantic import Field

from shared.contracts.event import Event
from shared.contracts.values import Category, Department, Outcome, Priority, Sealed, Severity


class CaseRouted(Event):
    """The complaint was classified and given to a department."""

    type: Literal["case.routed"] = "case.routed"
    category: Category
    severity: Severity
    priority: Priority
    department: Department
    confidence: float
    because: list[str]
    tags: list[str] = []


class CaseAccepted(Event):
    """A handler took the case (签收)."""

    type: Literal["case.accepted"] = "case.accepted"
    handler: str


class CaseProgressed(Event):
    """A step was recorded."""

    type: Literal["case.progressed"] = "case.progressed"
    step: str
    note: Sealed | None = None
    visible_to_complainant: bool = False
    by: str = ""


class CasePaused(Event):
    """Nothing can go on until somebody has answered."""

    type: Literal["case.paused"] = "case.paused"
    reason: str
    waiting_for: str


class CaseResumed(Event):
    """The waiting is over."""

    type: Literal["case.resumed"] = "case.resumed"
    reason: str = ""
    waiting_for: str = ""


class CaseTransferred(Event):
    """Another department answers from now on."""

    type: Literal["case.transferred"] = "case.transferred"
    origin: Department = Field(alias="from")
    to: Department
    reason: str
    by: str = ""


class CaseResolved(Event):
    """The department has answered."""

    type: Literal["case.resolved"] = "case.resolved"
    outcome: Outcome
    answer: Sealed
    measures: str = ""
    redress: str = ""
    root_cause: str = ""
    responsible: str = ""
    round: int = 1


class CaseReopened(Event):
    """The answer did not hold: it was disputed, or its verification failed."""

    type: Literal["case.reopened"] = "case.reopened"
    level: int
    reason: str
    department: Department
