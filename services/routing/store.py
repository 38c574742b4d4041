"""How routing asks its documents: the worklist, most urgent first."""

from collections.abc import Callable, Collection
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
    running: Running[Case],
    seen: Callable[[Case], bool],
    states: Collection[str],
    departments: Collection[str],
    handler: str,
    limit: int,
    cursor: str,
) -> tuple[list[Case], str | None]:
    """One page of cases in these states, most urgent first, and the cursor of the next."""
    criteria: dict[str, Any] = {"state.status": {"$in": list(states)}}
    if departments:
        criteria["state.department"] = {"$in": list(departments)}
    if handler:
        criteria["state.handler"] = handler
    order, found = Cursor(MOST_URGENT_FIRST), []
    with answering():
        asked = running.repository.collection.find(order.after(criteria, cursor), {"state": 1}).sort(order.keys)
        async for raw in asked.batch_size(limit + 1):
            case = Case.model_validate(raw["state"])
            if seen(case):
                found.append((raw, case))
            if len(found) > limit:
                break
    return [case for _, case in found[:limit]], order.next([raw for raw, _ in found], limit)
