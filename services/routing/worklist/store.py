"""How routing asks its documents: the worklist, most urgent first, and what of it nobody has taken."""

from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any, NamedTuple, get_args

from services.routing.model import OPEN, Case, State
from shared.contracts.values import Department, Severity
from shared.database import Documents
from shared.paging import Listing
from shared.repository import answering
from shared.service import Index

MOST_URGENT_FIRST = [("state.urgency", 1), ("state.due_at", 1), ("_id", 1)]
"""By priority, then by what is due first; what has no due time yet by its number, which is by age."""

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
COUNTED: tuple[State, ...] = ("triage", *OPEN)  # type: ignore[assignment]
PLACE = ("state.department", "state.status", "state.severity")

INDEXES: list[Index] = [
    ([("state.department", 1), ("state.status", 1), ("state.severity", 1), *MOST_URGENT_FIRST], {}),
    ([("state.status", 1), ("state.severity", 1), *MOST_URGENT_FIRST], {}),
    ([("state.tags", 1), *MOST_URGENT_FIRST], {"partialFilterExpression": {"state.status": {"$in": list(OPEN)}}}),
    (
        [("state.handler", 1), ("state.status", 1), *MOST_URGENT_FIRST],
        {"partialFilterExpression": {"state.handler": {"$gt": ""}}},
    ),
    ([("state.asked", 1), *MOST_URGENT_FIRST], {"partialFilterExpression": {"state.asked": {"$type": "string"}}}),
]

Seen = Callable[[Case], bool]
"""Whether whoever asks gets to see a case."""


class Count(NamedTuple):
    """How many cases of a department stand in one state, of one severity."""

    department: Department
    state: State
    severity: Severity
    cases: int


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; what is left out narrows nothing."""

    departments: Sequence[Department] = ()
    states: Collection[str] = OPEN
    handler: str = ""
    severity: Severity | None = None
    tag: str = ""
    due_before: datetime | None = None
    asked: Department | None = None

    @property
    def criteria(self) -> dict[str, Any]:
        """What is asked of MongoDB."""
        severities = [self.severity] if self.severity else list(SEVERITIES)
        asked: dict[str, Any] = {"state.status": {"$in": list(self.states)}, "state.severity": {"$in": severities}}
        if self.departments:
            asked["state.department"] = {"$in": list(self.departments)}
        if self.asked:  # the type is what the index holds; without it the planner would not see that it serves
            asked["state.asked"] = {"$type": "string", "$eq": self.asked}
        if self.handler:
            asked["state.handler"] = self.handler
        if self.tag:
            asked["state.tags"] = self.tag
        if self.due_before:
            asked["state.due_at"] = {"$lt": self.due_before}
        return asked

    def holds(self, case: Case) -> bool:
        """Whether a case is among what is wanted."""
        return (
            case.status in self.states
            and (not self.departments or case.department in self.departments)
            and (not self.asked or self.asked in case.asked)
            and (not self.handler or case.handler == self.handler)
            and (not self.severity or case.severity == self.severity)
            and (not self.tag or self.tag in case.tags)
            and (not self.due_before or (case.due_at is not None and case.due_at < self.due_before))
        )


async def worklist(
    documents: Documents, wanted: Wanted, seen: Seen, limit: int, cursor: str
) -> tuple[list[Case], str | None]:
    """One page of cases, most urgent first, and the cursor of the next."""
    listing = Listing(documents, MOST_URGENT_FIRST, Case.model_validate)
    return await listing.page(wanted.criteria, limit, cursor, seen)


async def unclaimed(
    documents: Documents, departments: Sequence[Department], by: str, seen: Seen
) -> AsyncGenerator[str, None]:
    """The numbers of the cases that wait for a handler, or for this one to take them, most urgent first."""
    asked = Wanted(departments, ["assigned"]).criteria | {"state.handler": {"$in": ["", by]}}
    with answering():
        async for raw in documents.find(asked, {"state": 1}).sort(MOST_URGENT_FIRST):
            if seen(case := Case.model_validate(raw["state"])):
                yield case.number


async def counts(documents: Documents) -> list[Count]:
    """How many cases stand where, those that have been answered left out.

    Each count walks its own stretch of the index of the worklist and touches no document.
    """
    with answering():
        places = product(await documents.distinct("state.department"), COUNTED, SEVERITIES)
        return [
            Count(*place, await documents.count_documents(dict(zip(PLACE, place, strict=True)))) for place in places
        ]


async def overdue(documents: Documents, now: datetime) -> dict[Department, int]:
    """How many open cases of each department should have been answered by now."""
    with answering():
        return {
            department: await documents.count_documents(Wanted([department], due_before=now).criteria)
            for department in await documents.distinct("state.department")
        }
