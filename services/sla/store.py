"""How sla asks its documents: the board, most urgent first."""

from datetime import datetime
from typing import Any, Literal

from services.sla.model import Clock
from shared.paging import Cursor
from shared.repository import answering
from shared.service import Index, Running

BoardState = Literal["running", "at-risk", "breached", "paused"]

SOONEST_FIRST = [("alarm_at", 1), ("_id", 1)]

INDEXES: list[Index] = [
    ([("state.department", 1), ("state.status", 1), *SOONEST_FIRST], {}),
    ([("state.status", 1), *SOONEST_FIRST], {}),
    ([("state.received_at", 1), ("_id", 1)], {}),
]


async def board(
    running: Running[Clock], state: BoardState | None, department: str | None, limit: int, cursor: str
) -> tuple[list[Clock], str | None]:
    """One page of clocks, the next to ring first, and the cursor of the next page."""
    order = Cursor(SOONEST_FIRST)
    criteria = _criteria(state, running.clock()) | ({"state.department": department} if department else {})
    found = running.repository.collection.find(order.after(criteria, cursor), {"state": 1, "alarm_at": 1}).sort(
        order.keys
    )
    with answering():
        raws = await found.limit(limit + 1).to_list(limit + 1)
    return [Clock.model_validate(raw["state"]) for raw in raws[:limit]], order.next(raws, limit)


def _criteria(state: BoardState | None, now: datetime) -> dict[str, Any]:
    still_open = {"state": "open"}
    match state:
        case None:
            return {"state.status": {"$in": ["running", "paused"]}}
        case "breached":
            return {"state.promises": {"$elemMatch": still_open | {"due_at": {"$lte": now}}}}
        case "at-risk":
            warned = {"warnings_given": {"$gt": 0}, "due_at": {"$gt": now}}
            return {"state.status": "running", "state.promises": {"$elemMatch": still_open | warned}}
    return {"state.status": state}
