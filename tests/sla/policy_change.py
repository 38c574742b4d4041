"""Many open clocks, a calendar that changes under them, and a reader that believes no deadline."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from services.sla.model import Clock, Promise
from services.sla.rules import Rules
from shared.ids import complaint_number
from shared.regulations import load_regulations
from shared.worktime import Duration

PACKS = [pack for pack in load_regulations() if pack.name != "demo"]
REASON = "全厂检修"


def clocks(count: int, now: datetime, within: timedelta = timedelta(days=3)) -> Iterator[Clock]:
    """Open clocks under all packs, received within the last days, every third of them after a pause."""
    for place in range(count):
        pack = PACKS[place % len(PACKS)]
        received = now - within * (place / count)
        clock = Clock(
            number=complaint_number(pack.prefix, "20200101", place), regulation=pack.name,
            regulation_version=pack.version, channel="hotline", received_at=received, department="service",
        )  # fmt: skip
        rules = Rules(pack)
        clock.start(rules, now)
        if place % 3 == 0:
            clock.pause("发票", "complainant", received + timedelta(hours=1), rules, now)
            clock.resume(received + timedelta(hours=30), rules, now)
        yield clock


def stored(clock: Clock, now: datetime) -> dict[str, Any]:
    """The document of a clock that has been running for a while."""
    return {
        "_id": clock.number, "version": 1, "at": now, "state": clock.model_dump(), "inbox": [], "outbox": [],
        "alarm_at": clock.alarm_at,
    }  # fmt: skip


def shut_down(first: date, days: int) -> dict[str, Any]:
    """What is entered for a year in which a company closes for some days."""
    last = first + timedelta(days=days - 1)
    return {"days": [{"first": f"{first}", "last": f"{last}", "worked": False, "reason": REASON}]}


def disagreements(clock: Clock) -> list[Promise]:
    """The open promises that are not due when the clock's own edition says, or were counted by another."""
    return [one for one in clock.promises if one.state == "open" and not _agrees(one, clock)]


def _agrees(promise: Promise, clock: Clock) -> bool:
    deadline = clock.counted_by.known.deadline(promise.started_at, Duration.parse(promise.within))
    for pause in clock.pauses_of(promise):
        if pause.until:
            deadline = deadline.paused(pause.since, pause.until)
    return promise.counted_by == clock.counted_by and promise.due_at == deadline.due_at
