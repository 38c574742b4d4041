"""How intake asks its documents: the register, the channels and their keys, the number series."""

import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from typing import Any, get_args

from services.intake.model import Complaint
from shared.contracts.values import Status
from shared.database import Database, Documents
from shared.errors import Invalid
from shared.identity import ChannelLookup
from shared.numbers import gaps, sequence_of
from shared.paging import Listing
from shared.privacy import hashed
from shared.repository import answering
from shared.service import Index, Running

LATEST_FIRST = [("state.received_at", -1), ("_id", 1)]

INDEXES: list[Index] = [([("state.status", 1), *LATEST_FIRST], {})]
"""One for all ways to read the register, since every registration writes it (decision 0008)."""

ANY_STATUS = {"$in": list(get_args(Status))}
"""Whatever the status: MongoDB merges the stretches of the index in order, instead of sorting."""

Seen = Callable[[Complaint], bool]
"""Whether a complaint exists for whoever asks."""


async def register(
    documents: Documents, criteria: Mapping[str, Any], seen: Seen, limit: int, cursor: str
) -> tuple[list[Complaint], str | None]:
    """One page of the register (台账), latest first, and the cursor of the next."""
    return await Listing(documents, LATEST_FIRST, Complaint.model_validate).page(criteria, limit, cursor, seen)


def criteria(
    status: str | None, channel: str | None, regulation: str | None, since: datetime | None, until: datetime | None
) -> dict[str, Any]:
    """What the register is filtered by, as MongoDB asks it."""
    named = {"state.status": status or ANY_STATUS, "state.channel": channel, "state.regulation": regulation}
    period = {sign: moment for sign, moment in (("$gte", since), ("$lt", until)) if moment}
    chosen: dict[str, Any] = {name: value for name, value in named.items() if value}
    return chosen | {"state.received_at": period} if period else chosen


def channel_lookup(running: Running[Any]) -> ChannelLookup:
    """Looks up the channel of a key by its hash."""

    async def lookup(key: str) -> str | None:
        with answering():
            raw = await running.database["channels"].find_one({"hash": hashed(key)})
        return raw["_id"] if raw else None

    return lookup


async def add_channel(database: Database, name: str) -> str:
    """Give a channel a key; it is returned once and kept hashed. Raises `Invalid` where the channel has one."""
    key = f"rk_{secrets.token_urlsafe(32)}"
    if await database["channels"].find_one({"_id": name}):
        raise Invalid(f"The channel {name} has a key already; remove it first to give it a new one.")
    await database["channels"].insert_one({"_id": name, "hash": hashed(key)})
    return key


async def number_gaps(database: Database) -> AsyncIterator[tuple[str, int, int]]:
    """(series, first, last) of every run of numbers that was leased and never registered."""
    async for counter in database["numbers"].find().sort("_id", 1):
        series = counter["_id"]
        found = database["complaints"].find(
            {"state.number": {"$gte": f"{series}-", "$lt": f"{series}-~"}}, {"state.number": 1}
        )
        used = [sequence_of(raw["state"]["number"].rpartition("-")[2]) async for raw in found]
        for first, last in gaps(used, counter["next"]):
            yield series, first, last
