"""How sla finds notices: those of a role, and those that nobody has been told of."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from services.sla.model import Clock, Notice
from services.sla.model.notice import TOLD_NOBODY
from services.sla.store import Seen
from shared.contracts.values import Department, Role
from shared.database import Documents
from shared.paging import Listing
from shared.regulations import Regulations
from shared.repository import answering
from shared.service import Index, Running

NEWEST_FIRST = [("state.noticed_at", -1), ("_id", 1)]
GIVEN: dict[str, Any] = {"$type": "date"}

TOLD_OF = dict.fromkeys((f"state.{name}" for name in ("regulation", "regulation_version", "notices", "promises")), 1)
"""What of a clock a digest tells of."""

INDEXES: list[Index] = [
    ([("state.untold_since", 1)], {"partialFilterExpression": {"state.untold_since": GIVEN}}),
    (NEWEST_FIRST, {"partialFilterExpression": {"state.noticed_at": GIVEN}}),
    ([("state.notices.role", 1), *NEWEST_FIRST], {"partialFilterExpression": {"state.noticed_at": GIVEN}}),
    ([("state.notices.department", 1), *NEWEST_FIRST], {"partialFilterExpression": {"state.noticed_at": GIVEN}}),
]


async def noticed(
    documents: Documents, wanted: dict[str, Any], seen: Seen, limit: int, cursor: str
) -> tuple[list[Clock], str | None]:
    """One page of clocks with a notice that is as `wanted`, the one noticed last first, and the next page's cursor."""
    criteria = {"state.noticed_at": GIVEN} | ({"state.notices": {"$elemMatch": wanted}} if wanted else {})
    return await Listing(documents, NEWEST_FIRST, Clock.model_validate).page(criteria, limit, cursor, seen)


def wanted(role: Role | None, department: Department | None, seen: bool | None) -> dict[str, Any]:
    """What a single notice has to be; what is not asked for may be anything."""
    asked = {"role": role, "department": department}
    criteria: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
    if seen is not None:
        criteria["seen_at"] = {"$ne": None} if seen else None
    return criteria


class Waiting(NamedTuple):
    """A notice that waits to be told, and what of its complaint the letter says; `local` tells the time on the spot."""

    number: str
    notice: Notice
    due_at: datetime | None
    local: Callable[[datetime], datetime]


async def untold(running: Running[Clock], limit: int) -> list[Waiting]:
    """The notices that wait to be told, of the clocks that have waited longest."""
    found = running.repository.collection.find({"state.untold_since": GIVEN}, TOLD_OF).sort("state.untold_since", 1)
    with answering():
        raws = await found.limit(limit).to_list(limit)
    return [waiting for raw in raws for waiting in _waiting(raw["_id"], raw["state"], running.regulations)]


async def told_to_nobody(running: Running[Clock]) -> list[str]:
    """The complaints with a notice that nobody could be told of, and nobody has seen in the list."""
    lost = {"state.noticed_at": GIVEN, "state.notices": {"$elemMatch": {"via": TOLD_NOBODY, "seen_at": None}}}
    with answering():
        return [raw["_id"] async for raw in running.repository.collection.find(lost, {"_id": 1})]


def _waiting(number: str, state: Mapping[str, Any], regulations: Regulations) -> Iterator[Waiting]:
    regulation = regulations.get(state["regulation"], state["regulation_version"])
    dues = {promise["milestone"]: promise["due_at"] for promise in state["promises"]}
    for notice in map(Notice.model_validate, state["notices"]):
        if not notice.via:
            due_at = dues.get(notice.milestone)
            yield Waiting(number, notice, due_at, regulation.working_calendar.local)
