"""Clocks written in bulk as the sla service would have stored them: one open promise each, all its warnings given."""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from motor.motor_asyncio import AsyncIOMotorCollection

from bench.ground import put_in
from services.sla.model import Clock
from services.sla.rules import Rules
from shared.regulations import load_regulations


async def arm(collection: AsyncIOMotorCollection[Any], count: int, begin: datetime, within: timedelta) -> None:
    """Put in so many clocks, the oldest first, which fall due evenly from `begin` on."""
    await put_in(collection, clocks(count, begin, within))


def clocks(count: int, begin: datetime, within: timedelta) -> Iterator[dict[str, Any]]:
    """Documents of so many clocks, the oldest first, which fall due evenly from `begin` on."""
    run = secrets.token_hex(3).upper()
    state = _clock(begin).model_dump()
    (promise,) = state["promises"]
    for serial in range(count):
        number, due_at = f"SQ-{run}-{serial:06d}", begin + within * serial / count
        yield {
            "_id": number, "version": 1, "inbox": [], "outbox": [], "alarm_at": due_at,
            "state": state | {"number": number, "promises": [promise | {"due_at": due_at}]},
        }  # fmt: skip


def place_of(number: str) -> int:
    """Which of the clocks that were put in together this is, counted from 0."""
    return int(number.rpartition("-")[2])


def _clock(begin: datetime) -> Clock:
    regulation = load_regulations().get("service-quality")
    received_at = begin - timedelta(days=30)
    clock = Clock(
        number="", regulation=regulation.name, regulation_version=regulation.version, channel="hotline",
        department="quality", received_at=received_at,
    )  # fmt: skip
    rules = Rules(regulation)
    clock.start(rules, received_at)
    promise = next(promise for promise in clock.promises if promise.milestone == "resolution")
    promise.warnings_given = len(regulation.warnings)
    clock.promises = [promise]
    return clock
