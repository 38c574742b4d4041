"""How sla asks its documents: the board most urgent first, how many stand where, the promises of a period."""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from itertools import product
from typing import Any, NamedTuple

from services.sla.model import Clock, Standing
from shared.database import Documents
from shared.paging import Listing
from shared.repository import answering
from shared.service import Index

OPEN: list[Standing] = ["breached", "at-risk", "paused", "running"]
"""What stands on the board unless something else is asked for."""

PLACE = ("state.department", "state.standing")
MOST_URGENT_FIRST = [("state.urgent_at", 1), ("_id", 1)]
FIRST_DUE = "state.promises.first_due_at"

INDEXES: list[Index] = [
    ([("state.department", 1), ("state.standing", 1), *MOST_URGENT_FIRST], {}),
    ([("state.standing", 1), *MOST_URGENT_FIRST], {}),
    ([(FIRST_DUE, 1)], {}),
]
"""Equality, then order, so that a page is read from the index as it stands; and the promises by month."""

READ_AT_ONCE = 500

Seen = Callable[[Clock], bool]
"""Whether a clock exists for whoever asks."""


class Count(NamedTuple):
    """How many clocks of a department, or of those not given to any yet, stand in one place."""

    department: str | None
    standing: Standing
    clocks: int


async def board(
    documents: Documents, criteria: Mapping[str, Any], seen: Seen, limit: int, cursor: str
) -> tuple[list[Clock], str | None]:
    """One page of clocks, the next due first, of the late ones the longest late; and the cursor of the next page."""
    return await Listing(documents, MOST_URGENT_FIRST, Clock.model_validate).page(criteria, limit, cursor, seen)


def standing_at(standing: Standing | None, department: str | None) -> dict[str, Any]:
    """What the board asks of MongoDB."""
    where = {"state.standing": standing or {"$in": OPEN}}
    return where | ({"state.department": department} if department else {})


async def counts(documents: Documents) -> list[Count]:
    """How many clocks stand where, those that have ended left out.

    Each count walks its own stretch of the index of the board and touches no document: four million clocks a second,
    where one grouping of them all reads every document and takes fifteen times as long.
    """
    with answering():
        places = product(await documents.distinct("state.department"), OPEN)
        return [
            Count(*place, await documents.count_documents(dict(zip(PLACE, place, strict=True)))) for place in places
        ]


async def promised(documents: Documents, since: datetime, until: datetime, pack: str = "") -> AsyncIterator[Clock]:
    """Every clock with a promise that was first due in [since, until), one after the other."""
    wanted = first_due(since, until) | ({"state.regulation": pack} if pack else {})
    with answering():
        async for raw in documents.find(wanted, {"state": 1}, batch_size=READ_AT_ONCE):
            yield Clock.model_validate(raw["state"])


def first_due(since: datetime, until: datetime) -> dict[str, Any]:
    """What finds the clocks with a promise that was first due in [since, until)."""
    return {"state.promises": {"$elemMatch": {"first_due_at": {"$gte": since, "$lt": until}}}}
