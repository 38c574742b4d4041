"""Registrations per second, counted when the broker has confirmed their events, and how long a channel waits."""

import time
from collections.abc import Awaitable, Callable
from functools import partial

from bench.baseline import EXCHANGE
from bench.ground import Ground, Stage, until
from bench.load import Order, fire
from bench.measure import Figures, Plan, by_turns, cpu_ms, named, percentile
from bench.watch import PATIENCE_SECONDS, POLL_SECONDS, Broker, outboxes_empty
from shared.bus.topology import EVENTS

COLLECTED = "bench.registered"
WARM_UP_SECONDS = 1.0

Confirmed = Callable[[Stage], Awaitable[None]]
"""Waits until the broker has confirmed everything that was answered."""


async def measure(ground: Ground, plan: Plan) -> Figures:
    """Both intakes alone, on the same servers."""
    async with ground.stage("registrations") as ours, ground.stage("registrations-plain") as plain:
        await ours.redress("intake")
        await plain.plain_intake()
        async with Broker(ours) as broker, Broker(plain) as plain_broker:
            await broker.collect(COLLECTED, EVENTS, ["complaint.registered"])
            await plain_broker.collect(COLLECTED, EXCHANGE, ["complaint.registered"])
            sides = partial(register, ours, broker, by_the_broker), partial(register, plain, plain_broker, already)
            for side in sides:
                await side(WARM_UP_SECONDS)
            turns = [partial(side, plan.seconds) for side in sides]
            redress, baseline = await by_turns(plan, "registrations", *turns)
    return _compared(redress, baseline)


async def register(stage: Stage, broker: Broker, confirmed: Confirmed, seconds: float) -> Figures:
    """One round: full load for so many seconds, until the last event is confirmed; then count what was published."""
    before = stage.cpu()
    until_when = 0.0

    async def when_answered() -> None:
        nonlocal until_when
        await confirmed(stage)
        until_when = time.monotonic()

    fired = await fire(Order(stage.programs["intake"].port, stage.key, seconds=seconds), when_answered)
    await outboxes_empty(stage, ["intake"] if confirmed is by_the_broker else [])
    count = len(fired.accepted)
    spent = cpu_ms(before, stage.cpu(), count)
    await broker.must_hold(COLLECTED, count)
    return {"per_s": count / (until_when - fired.began), "p99_ms": percentile(fired.latencies)} | spent


async def by_the_broker(stage: Stage) -> None:
    """Wait until the event of every complaint that was stored is confirmed, which intake counts."""
    stored = await stage.documents("intake").estimated_document_count()

    async def all_confirmed() -> bool:
        return await stage.programs["intake"].published() >= stored

    await until(all_confirmed, within=PATIENCE_SECONDS, every=POLL_SECONDS)


async def already(_: Stage) -> None:
    """The plain program answers when the broker has confirmed."""


def _compared(redress: Figures, baseline: Figures) -> Figures:
    return {
        "registrations_ratio": redress["per_s"] / baseline["per_s"],
        "registrations_p99_ratio": redress["p99_ms"] / baseline["p99_ms"],
        **named("registrations", redress),
        **named("registrations_baseline", baseline),
    }
