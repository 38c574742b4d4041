"""How long a work order takes from the receipt to the department's queue, at a hundred complaints a second."""

from collections.abc import Sequence
from functools import partial

from bench.ground import Ground, Stage
from bench.load import Order, fire
from bench.measure import Figures, Plan, by_turns, named, percentile
from bench.pipeline import DESK, departments, start_plain
from bench.watch import Broker
from shared.cli import SERVICES

RATE = 100.0


async def measure(ground: Ground, plan: Plan) -> Figures:
    """All five services, and the plain chain, both far from their limits."""
    async with ground.stage("latency") as ours, ground.stage("latency-plain") as plain:
        await ours.redress(*SERVICES)
        await start_plain(plain)
        async with Broker(ours) as broker, Broker(plain) as plain_broker:
            sides = partial(follow, ours, broker, departments()), partial(follow, plain, plain_broker, [DESK])
            for side in sides:
                await side(1.0)
            redress, baseline = await by_turns(plan, "latency", *(partial(side, plan.seconds) for side in sides))
    return named("queue", redress) | named("queue_baseline", baseline)


async def follow(stage: Stage, broker: Broker, desks: Sequence[str], seconds: float) -> Figures:
    """One round: milliseconds from the answer, and from when the POST was due, to the desk."""
    desk = await broker.arrivals(*desks)
    fired = await fire(Order(stage.programs["intake"].port, stage.key, seconds=seconds, rate=RATE))
    await desk.count(len(fired.accepted))
    await desk.channel.close()
    arrived = {number: moment for moment, number, _ in reversed(desk.events())}
    after_answer = [1000 * (arrived[number] - answered) for number, _, answered in fired.accepted]
    after_post = [1000 * (arrived[number] - due) for number, due, _ in fired.accepted]
    return {
        "p99_ms": percentile(after_answer),
        "p50_ms": percentile(after_answer, 0.5),
        "from_post_p99_ms": percentile(after_post),
    }
