"""How intake asks its documents: the register, the channels and their keys, the number series."""

import secrets
import time
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from services.intake.model import Complaint
from shared.database import Database
from shared.errors import Invalid
from shared.identity import ChannelLookup
from shared.numbers import gaps, sequence_of
from shared.paging import Cursor
from shared.privacy import hashed
from shared.repository import answering
from shared.service import Index, Running

INDEXES: list[Index] = [
    ([("state.received_at", -1), ("_id", 1)], {}),
    ([("state.status", 1), ("state.received_at", -1), ("_id", 1)], {}),
]

REMEMBERED_SECONDS = 10.0
"""How long a looked-up channel key is believed; a withdrawn key stops working after it."""


async def register(
    running: Running[Complaint], criteria: Mapping[str, Any], limit: int, cursor: str
) -> tuple[list[Complaint], str | None]:
    """One page of the register (台账), latest first, and the cursor of the next."""
    order = Cursor([("state.received_at", -1), ("_id", 1)])
    found = (
        running.repository.collection.find(order.after(criteria, cursor), {"state": 1})
        .sort(order.keys)
        .limit(limit + 1)
    )
    with answering():
        raws = await found.to_list(limit + 1)
    return [Complaint.model_validate(raw["state"]) for raw in raws[:limit]], order.next(raws, limit)


def criteria(
    status: str | None, channel: str | None, regulation: str | None, since: datetime | None, until: datetime | None
) -> dict[str, Any]:
    """What the register is filtered by, as MongoDB asks it."""
    named = {"state.status": status, "state.channel": channel, "state.regulation": regulation}
    period = {sign: moment for sign, moment in (("$gte", since), ("$lt", until)) if moment}
    chosen: dict[str, Any] = {name: value for name, value in named.items() if value}
    return chosen | {"state.received_at": period} if period else chosen


def channel_lookup(running: Running[Any]) -> ChannelLookup:
    """Looks up the channel of a key by its hash, and remembers the answer for a few seconds."""
    remembered: dict[str, tuple[float, str | None]] = {}

    async def lookup(key: str) -> str | None:
        digest = hashed(key)
        until, name = remembered.get(digest, (0.0, None))
        if until < time.monotonic():
            with answering():
                raw = await running.database["channels"].find_one({"hash": digest})
            name = raw["_id"] if raw else None
            if len(remembered) > 10_000:
                remembered.clear()
            remembered[digest] = (time.monotonic() + REMEMBERED_SECONDS, name)
        return name

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
