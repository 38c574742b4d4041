"""Alarms: with many clocks armed, how soon those falling due within one second are rung and published."""

import secrets
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bench.ground import Ground, Stage
from bench.measure import Figures, Plan, by_turns, cpu_ms, named, percentile
from bench.watch import Arrivals, Broker
from services.sla.model import Clock
from services.sla.rules import Rules
from shared.bus.topology import EVENTS
from shared.clock import now
from shared.regulations import load_regulations

COLLECTED = "bench.breached"
AT_ONCE = 2000
LEAD = timedelta(seconds=4)
"""From when the clocks are put in to when the first falls due."""
REST = timedelta(days=30)
"""Over how long the other clocks are spread."""


async def measure(ground: Ground, plan: Plan) -> Figures:
    """The sla service alone, its clocks written in bulk as it would have stored them."""
    async with ground.stage("alarms") as stage:
        await stage.redress("sla")
        begin = now() + timedelta(days=1)
        await arm(stage, plan.armed - plan.due, begin, REST)
        plan.told("alarms armed")
        async with Broker(stage) as broker:
            await broker.collect(COLLECTED, EVENTS, ["sla.target-breached"])
            arrivals = await broker.arrivals(COLLECTED)
            (figures,) = await by_turns(plan, "alarms", partial(ring, stage, arrivals, plan.due))
    return {"alarm_seconds": figures.pop("seconds"), **named("alarm", figures)}


async def ring(stage: Stage, arrivals: Arrivals, count: int) -> Figures:
    """One round: `count` clocks fall due within one second; from the first due to the last breach published."""
    arrivals.forget()
    begin = now() + LEAD
    await arm(stage, count, begin, timedelta(seconds=1))
    if now() >= begin:
        raise RuntimeError("arming took longer than expected: the clocks were due before they were all there")
    before = stage.cpu()
    await arrivals.count(count)
    spent = cpu_ms(before, stage.cpu(), count)
    offset = time.time() - time.monotonic()
    first = begin.timestamp() - offset
    late = [moment + offset - _due(data) for moment, _, data in arrivals.events()]
    return {"seconds": arrivals.last - first, "lateness_p99_s": percentile(late)} | spent


def _due(breach: dict[str, str]) -> float:
    return datetime.fromisoformat(breach["due_at"]).timestamp()


async def arm(stage: Stage, count: int, begin: datetime, within: timedelta) -> None:
    """Put in clocks that fall due evenly within this time."""
    collection, batch = stage.documents("sla"), list[dict[str, Any]]()
    for document in _clocks(count, begin, within):
        batch.append(document)
        if len(batch) == AT_ONCE:
            await collection.insert_many(batch, ordered=False)
            batch = []
    if batch:
        await collection.insert_many(batch, ordered=False)


def _clocks(count: int, begin: datetime, within: timedelta) -> Iterator[dict[str, Any]]:
    """Documents of clocks with one open promise each, all warnings given."""
    run = secrets.token_hex(3).upper()
    state = _clock(begin).model_dump()
    (promise,) = state["promises"]
    for serial in range(count):
        number, due_at = f"SQ-{run}-{serial:06d}", begin + within * serial / count
        yield {
            "_id": number, "version": 1, "inbox": [], "outbox": [], "alarm_at": due_at,
            "state": state | {"number": number, "promises": [promise | {"due_at": due_at}]},
        }  # fmt: skip


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
    promise.warnings_given = len(rules.warnings(promise.started_at, promise.due_at))
    clock.promises = [promise]
    return clock
