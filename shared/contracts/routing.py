"""What routing publishes: who answers, and what the answer is."""

from typing import Literal

from pydantic import Field

from shared.contracts.event import Event
from shared.contracts.values import Category, Department, Instant, Outcome, Priority, Role, Sealed, Severity

Decision = Literal["approve", "return"]
"""What an approver says of a proposed answer."""


class CaseRouted(Event):
    """The complaint was classified and given to a department, or is graver than it was, being one of a `cluster`.

    Where it was only `raised`, the department has had it already. It is about the departments that are `concerned`,
    or about somebody who works there, and does not exist for them.
    """

    type: Literal["case.routed"] = "case.routed"
    category: Category
    severity: Severity
    priority: Priority
    department: Department
    confidence: float
    because: list[str]
    tags: list[str] = []
    concerned: list[Department] = []
    cluster: str = ""
    raised: bool = False


class CaseAccepted(Event):
    """A handler took the case (签收)."""

    type: Literal["case.accepted"] = "case.accepted"
    handler: str


class CaseProgressed(Event):
    """A step was recorded; `promised_at` is the time of reply that was agreed with the complainant."""

    type: Literal["case.progressed"] = "case.progressed"
    step: str
    note: Sealed | None = None
    visible_to_complainant: bool = False
    by: str = ""
    promised_at: Instant | None = None


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
    """Another department answers from now on; one that leads keeps it, because it was passed on too often."""

    type: Literal["case.transferred"] = "case.transferred"
    origin: Department = Field(alias="from")
    to: Department
    reason: str
    by: str = ""
    leads: bool = False


class CaseProposed(Event):
    """The department has an answer, which others have to approve before anybody is told."""

    type: Literal["case.proposed"] = "case.proposed"
    outcome: Outcome
    by: str
    awaiting: Role
    round: int = 1


class CaseReviewed(Event):
    """An approver has agreed to a proposed answer or returned it; `awaiting` is who comes next, if anybody does."""

    type: Literal["case.reviewed"] = "case.reviewed"
    decision: Decision
    role: Role
    by: str
    note: Sealed | None = None
    awaiting: Role | None = None


class CaseResolved(Event):
    """The department has answered; after the `last` answer there is no other, but other remedies."""

    type: Literal["case.resolved"] = "case.resolved"
    outcome: Outcome
    answer: Sealed
    measures: str = ""
    redress: str = ""
    root_cause: str = ""
    responsible: str = ""
    referred_to: str = ""
    round: int = 1
    last: bool = False


class CaseReopened(Event):
    """The answer did not hold: it was disputed, or its verification failed."""

    type: Literal["case.reopened"] = "case.reopened"
    level: int
    reason: str
    department: Department
