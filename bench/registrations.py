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

Wait = Callable[[], Awaitable[None]]

Confirmed = Callable[[Stage], Awaitable[Wait]]
"""Asked before a round, says how to wait until the broker has confirmed everything that was answered in it."""


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

    everything_is_confirmed = await confirmed(stage)

    async def when_answered() -> None:
        nonlocal until_when
        await everything_is_confirmed()
        until_when = time.monotonic()

    fired = await fire(Order(stage.programs["intake"].port, stage.key, seconds=seconds), when_answered)
    await outboxes_empty(stage, ["intake"] if confirmed is by_the_broker else [])
    count = len(fired.accepted)
    spent = cpu_ms(before, stage.cpu(), count)
    await broker.emptied([COLLECTED], count)
    return {"per_s": count / (until_when - fired.began), "p99_ms": percentile(fired.latencies)} | spent


async def by_the_broker(stage: Stage) -> Wait:
    """Intake counts what the broker confirms: as many more as there are complaints stored from now on."""
    stored, published = stage.documents("intake").estimated_document_count, stage.programs["intake"].published
    silent = await stored() - await published()

    async def everything_is_confirmed() -> None:
        complaints = await stored() - silent

        async def so_many() -> bool:
            return await published() >= complaints

        await until(so_many, within=PATIENCE_SECONDS, every=POLL_SECONDS)

    return everything_is_confirmed


async def already(_: Stage) -> Wait:
    """The plain program answers when the broker has confirmed."""

    async def at_once() -> None:
        """There is nothing to wait for."""

    return at_once


def _compared(redress: Figures, baseline: Figures) -> Figures:
    return {
        "registrations_ratio": redress["per_s"] / baseline["per_s"],
        "registrations_p99_ratio": redress["p99_ms"] / baseline["p99_ms"],
        **named("registrations", redress),
        **named("registrations_baseline", baseline),
    }
