"""Alarms: with many clocks armed, how soon those falling due within one second are rung and published."""

import time
from datetime import datetime, timedelta
from functools import partial

from bench.clocks import arm, place_of
from bench.ground import Ground, Stage
from bench.measure import Figures, Plan, by_turns, cpu_ms, furthest_overtaking, named, percentile
from bench.watch import Arrivals, Broker
from shared.bus.topology import EVENTS
from shared.clock import now

COLLECTED = "bench.breached"
LEAD = timedelta(seconds=4)
"""From when the clocks are put in to when the first falls due."""
ARMED_PER_SECOND = 4000
"""What putting in a clock is given beyond that."""
REST = timedelta(days=30)
"""Over how long the other clocks are spread."""


async def measure(ground: Ground, plan: Plan) -> Figures:
    """The sla service alone, its clocks written in bulk as it would have stored them."""
    async with ground.stage("alarms") as stage:
        await stage.redress("sla")
        begin = now() + timedelta(days=1)
        await arm(stage.documents("sla"), plan.armed - plan.due, begin, REST)
        plan.told("alarms armed")
        async with Broker(stage) as broker:
            await broker.collect(COLLECTED, EVENTS, ["sla.target-breached"])
            arrivals = await broker.arrivals(COLLECTED)
            (figures,) = await by_turns(plan, "alarms", partial(ring, stage, arrivals, plan.due))
    return {"alarm_seconds": figures.pop("seconds"), **named("alarm", figures)}


async def ring(stage: Stage, arrivals: Arrivals, count: int, within: timedelta = timedelta(seconds=1)) -> Figures:
    """One round: `count` clocks fall due within this time; from the first due to the last breach published."""
    arrivals.forget()
    begin = now() + LEAD + timedelta(seconds=count / ARMED_PER_SECOND)
    await arm(stage.documents("sla"), count, begin, within)
    if now() >= begin:
        raise RuntimeError("arming took longer than expected: the clocks were due before they were all there")
    before = stage.cpu()
    await arrivals.count(count)
    spent = cpu_ms(before, stage.cpu(), count)
    offset = time.time() - time.monotonic()
    first = begin.timestamp() - offset
    events = arrivals.events()
    late = [moment + offset - _due(data) for moment, _, data in events]
    overtaken = furthest_overtaking([place_of(number) for _, number, _ in events])
    return {"seconds": arrivals.last - first, "lateness_p99_s": percentile(late), "overtaken": overtaken} | spent


def _due(breach: dict[str, str]) -> float:
    return datetime.fromisoformat(breach["due_at"]).timestamp()
