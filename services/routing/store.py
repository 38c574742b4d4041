"""How routing asks its documents: the worklist, most urgent first."""

from collections.abc import Collection
from typing import Any

from services.routing.model import Case
from shared.paging import Cursor
from shared.repository import answering
from shared.service import Index, Running

MOST_URGENT_FIRST = [("state.urgency", 1), ("state.received_at", 1), ("_id", 1)]

INDEXES: list[Index] = [
    ([("state.department", 1), ("state.status", 1), *MOST_URGENT_FIRST], {}),
    ([("state.status", 1), *MOST_URGENT_FIRST], {}),
    ([("state.handler", 1), ("state.status", 1), *MOST_URGENT_FIRST], {}),
    ([("state.lesson", 1)], {"partialFilterExpression": {"state.lesson": {"$type": "string"}}}),
]


async def worklist(
    running: Running[Case], states: Collection[str], departments: Collection[str], handler: str, limit: int, cursor: str
) -> tuple[list[Case], str | None]:
    """One page of cases in these states, most urgent first, and the cursor of the next."""
    criteria: dict[str, Any] = {"state.status": {"$in": list(states)}}
    if departments:
        criteria["state.department"] = {"$in": list(departments)}
    if handler:
        criteria["state.handler"] = handler
    order = Cursor(MOST_URGENT_FIRST)
    found = running.repository.collection.find(order.after(criteria, cursor), {"state": 1}).sort(order.keys)
    with answering():
        raws = await found.limit(limit + 1).to_list(limit + 1)
    return [Case.model_validate(raw["state"]) for raw in raws[:limit]], order.next(raws, limit)
