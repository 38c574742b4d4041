"""Supervision at full size: what a million armed clocks cost while nothing is due, some fall due, very many at once."""

import statistics
import time
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from bench.alarms import COLLECTED, REST, ring
from bench.clocks import arm
from bench.ground import Ground, Stage
from bench.measure import Figures, Plan, by_turns, named
from bench.watch import Arrivals, Broker
from services.sla.app import SERVICE
from services.sla.model import Clock
from shared.alarms import Alarms
from shared.bus.publisher import Publisher
from shared.bus.topology import EVENTS
from shared.clock import now
from shared.handling import Context
from shared.repository import Repository

PER_SECOND = 500
ROUNDS = 2
TICKS = 300
OLD = timedelta(seconds=5)
"""The age from which the sweeper, which shares the tick, looks for unsent messages."""


async def measure(ground: Ground, plan: Plan) -> Figures:
    """The sla service alone: idle while more and more is armed, then 500 alarms a second, then very many at once."""
    async with ground.stage("supervision") as stage:
        await stage.redress("sla")
        figures = await _idle(stage, plan)
        async with Broker(stage) as broker:
            await broker.collect(COLLECTED, EVENTS, ["sla.target-breached"])
            arrivals = await broker.arrivals(COLLECTED)
            await ring(stage, arrivals, plan.burst, timedelta())  # what it takes to work at all, it takes now
            before = _rss_mb(stage)
            figures |= await _ringing(stage, arrivals, plan)
    return named("supervision", figures | {"rss_growth_mb": figures["rss_mb_after"] - before})


async def _idle(stage: Stage, plan: Plan) -> Figures:
    """A tick with nothing due, and the service's memory, with none, some and all of the clocks armed."""
    figures: Figures = {}
    sizes = sorted({0, min(plan.armed, plan.supervised), plan.supervised})
    for before, size in zip([0, *sizes], sizes, strict=False):
        await arm(stage.documents("sla"), size - before, now() + timedelta(days=1), REST)
        plan.told(f"{size} clocks armed")
        figures |= {f"tick_ms_at_{size}": await _tick_ms(stage), f"rss_mb_at_{size}": _rss_mb(stage)}
    return figures | {"tick_ratio": figures[f"tick_ms_at_{sizes[-1]}"] / figures["tick_ms_at_0"]}


async def _tick_ms(stage: Stage) -> float:
    """What the leader does at each tick, done here again and again; the median."""
    clocks = stage.documents("sla")
    repository = Repository(clocks, Clock, Publisher("bench"), clocks.database.command)
    alarms = Alarms("bench", repository, SERVICE.subscriptions, _nothing_is_due, now)
    await alarms.walk()  # the first one looks at everything
    taken = []
    for _ in range(TICKS):
        began = time.monotonic()
        _ = [left async for left in repository.unpublished(now() - OLD)]
        await alarms.walk()
        taken.append(1000 * (time.monotonic() - began))
    return statistics.median(taken)


async def _nothing_is_due(*_: Sequence[Any]) -> Context[Any]:
    raise RuntimeError("an alarm fell due while nothing should")


async def _ringing(stage: Stage, arrivals: Arrivals, plan: Plan) -> Figures:
    """Some alarms every second, and very many at one instant, by turns; the memory of the service after all of them."""
    steady = partial(ring, stage, arrivals, round(PER_SECOND * plan.seconds), timedelta(seconds=plan.seconds))
    burst = partial(ring, stage, arrivals, plan.burst, timedelta())
    some, many = await by_turns(plan.at_most(ROUNDS), "supervision", steady, burst)
    figures = {"lateness_p99_s": some.pop("lateness_p99_s"), "burst_seconds": many.pop("seconds")}
    return figures | named("steady", some) | named("burst", many) | {"rss_mb_after": _rss_mb(stage)}


def _rss_mb(stage: Stage) -> float:
    return stage.programs["sla"].rss_mb()
