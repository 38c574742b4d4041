"""What became of a promise, from facts that nothing done afterwards improves. Pure.

A promise is judged by the deadline that it was given first. Pausing, another severity and another calendar may move the
deadline, but a promise kept by the moved one only is counted apart. A breach stays whatever follows; closing late
leaves it late; a reopened complaint is promised an answer anew, and both promises count.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from services.sla.model import PAUSABLE, Clock, Promise, TargetState
from shared.contracts.values import Department

Verdict = Literal["met", "moved", "missed", "pending", "void"]
"""Moved: met, or not late yet, by no more than a later deadline than the first; void: dropped before it was due."""

IN_TIME: dict[TargetState, Verdict] = {"met": "met", "open": "pending", "cancelled": "void"}


class Finding(NamedTuple):
    """One promise as it was judged.

    `department` is the one that had the complaint when the promise was settled or, if that was sooner, first due: to
    pass a late complaint on does not pass on that it is late. `late` is counted from the first deadline, and negative
    where there is or was time left; `waited` is the working time during which the promise stood still.
    """

    promise: Promise
    verdict: Verdict
    department: Department | None
    late: timedelta
    waited: timedelta


def findings(clock: Clock, since: datetime, until: datetime, now: datetime) -> Iterator[Finding]:
    """What has become by now of each promise of a clock that was first due in [since, until)."""
    for promise in clock.promises:
        if since <= promise.first_due_at < until:
            end = settled_at(clock, promise) or now
            department = clock.department_at(min(end, promise.first_due_at))
            calendar = promise.counted_by.known
            waited = sum((calendar.worktime_between(*pause) for pause in _pauses(clock, promise, end)), timedelta())
            yield Finding(promise, judge(clock, promise, now), department, end - promise.first_due_at, waited)


def judge(clock: Clock, promise: Promise, now: datetime) -> Verdict:
    """What has become of a promise by now."""
    end = settled_at(clock, promise) or now
    if promise.breached_at or (end > promise.due_at and not _stands_still(clock, promise)):
        return "missed"
    return "moved" if end > promise.first_due_at else IN_TIME[promise.state]


def settled_at(clock: Clock, promise: Promise) -> datetime | None:
    """When a promise was met, or the matter ended without it; None while it is open."""
    return {"open": None, "met": promise.met_at, "cancelled": promise.cancelled_at or clock.ended_at}[promise.state]


def _pauses(clock: Clock, promise: Promise, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    for pause in clock.pauses_of(promise):
        since, until = max(pause.since, promise.started_at), pause.stopped_until(end)
        if until and since < until:
            yield since, until


def _stands_still(clock: Clock, promise: Promise) -> bool:
    return clock.status == "paused" and promise.state == "open" and promise.milestone in PAUSABLE
