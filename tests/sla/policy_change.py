"""A calendar that changes under many open clocks, and a reader that believes no deadline."""

from datetime import date, timedelta
from typing import Any

from services.sla.model import Clock, Promise
from shared.worktime import Duration

REASON = "全厂检修"


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
