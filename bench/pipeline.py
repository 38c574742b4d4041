"""Complaints per second from POST to the department's queue, counted until all five services have nothing to do."""

from collections.abc import Sequence
from functools import partial

from bench.baseline import EXCHANGE
from bench.ground import PLAIN_CHAIN, Ground, Stage
from bench.load import Fired, Order, fire
from bench.measure import Figures, Plan, by_turns, cpu_ms, named
from bench.watch import Broker, drained, must_be_alive, outboxes_empty, queues_of
from shared.cli import SERVICES
from shared.regulations import load_regulations

DESK = "bench.desk"
PER_SECOND, PLAIN_PER_SECOND = 800, 250
"""About what each side manages, so that their rounds take about the same time."""
AS_LONG = 2
"""How many times as long as other rounds these are: each ends with the last few complaints going their way alone."""


async def measure(ground: Ground, plan: Plan) -> Figures:
    """All five services, and the plain intake with three plain consumers behind it."""
    async with ground.stage("pipeline") as ours, ground.stage("pipeline-plain") as plain:
        await ours.redress(*SERVICES)
        await start_plain(plain)
        async with Broker(ours) as broker, Broker(plain) as plain_broker:
            sides = partial(carry, ours, broker), partial(carry_plain, plain, plain_broker)
            for side in sides:
                await side(PLAIN_PER_SECOND)
            counts = [round(AS_LONG * plan.seconds * rate) for rate in (PER_SECOND, PLAIN_PER_SECOND)]
            turns = [partial(side, count) for side, count in zip(sides, counts, strict=True)]
            redress, baseline = await by_turns(plan, "pipeline", *turns)
            dangerous = await carry(ours, broker, counts[0], dangerous=True)
            await must_be_alive(broker)
    return {
        "pipeline_ratio": redress["per_s"] / baseline["per_s"],
        **named("pipeline", redress),
        **named("pipeline_baseline", baseline),
        "pipeline_dangerous_per_s": dangerous["per_s"],
    }


def departments() -> list[str]:
    """The queues in which departments find their work orders."""
    return [f"department.{name}" for name in load_regulations().departments()]


async def start_plain(stage: Stage) -> None:
    """The plain intake, three plain consumers behind it, and the desk at the end."""
    for queue, hears, says in PLAIN_CHAIN:
        await stage.plain_consumer(queue, hears, says)
    await stage.plain_intake()
    async with Broker(stage) as broker:
        await broker.collect(DESK, EXCHANGE, [PLAIN_CHAIN[-1][2]])


async def carry(stage: Stage, broker: Broker, count: int, *, dangerous: bool = False) -> Figures:
    """One round: `count` complaints, until every work order is in its queue and no service has anything left to do."""
    before = stage.cpu()
    fired = await fire(Order(stage.programs["intake"].port, stage.key, count=count, dangerous=dangerous))
    backlog = await broker.waiting(SERVICES)
    ordered = await broker.holding(departments(), count)
    idle = await drained(stage, broker, queues_of(*SERVICES))
    await outboxes_empty(stage, SERVICES)
    spent = cpu_ms(before, stage.cpu(), count)
    await _all_ordered(broker, departments(), fired)
    figures = {
        "per_s": count / (max(idle, ordered) - fired.began),
        "to_desk_per_s": count / (ordered - fired.began),
        "accepted_per_s": count / (fired.ended - fired.began),
    }
    return figures | named("backlog", backlog) | spent


async def carry_plain(stage: Stage, broker: Broker, count: int) -> Figures:
    """The same for the plain program."""
    before = stage.cpu()
    fired = await fire(Order(stage.programs["intake"].port, stage.key, count=count))
    ordered = await broker.holding([DESK], count)
    idle = await drained(stage, broker, [queue for queue, _, _ in PLAIN_CHAIN])
    spent = cpu_ms(before, stage.cpu(), count)
    await _all_ordered(broker, [DESK], fired)
    return {"per_s": count / (max(idle, ordered) - fired.began)} | spent


async def _all_ordered(broker: Broker, queues: Sequence[str], fired: Fired) -> None:
    accepted = {number for number, _, _ in fired.accepted}
    arrivals = await broker.emptied(queues, sum((await broker.waiting(queues)).values()))
    # Those that turn out to be mass complaints later are ordered once more.
    if not accepted <= {number for _, number, _ in arrivals.events()}:
        raise RuntimeError("some complaints have no work order")
