"""How the figures change when many complaints are stored already: they should not."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from importlib import import_module
from typing import Any

from bench.ground import Ground, Stage, put_in
from bench.latency import follow
from bench.measure import Figures, Plan, by_turns, named
from bench.pipeline import PER_SECOND, carry, departments
from bench.registrations import COLLECTED, by_the_broker, register
from bench.watch import Broker, queues_of
from shared.bus.topology import EVENTS
from shared.cli import SERVICES

SAMPLES = 64
LOOKED_AT = timedelta(days=2)
"""How long ago the copies came in: so alike, the watch would find mass complaints, had it not looked at them yet."""
OTHERS = [service for service in SERVICES if service != "intake"]


async def measure(ground: Ground, plan: Plan) -> Figures:
    """Two stages side by side, one with few complaints stored and one with many."""
    async with ground.stage("few") as few, ground.stage("many") as many:
        sizes = plan.few, plan.many
        async with Broker(few) as few_broker, Broker(many) as many_broker:
            stages = (few, few_broker), (many, many_broker)
            for (stage, broker), size in zip(stages, sizes, strict=True):
                await fill(stage, broker, size)
                plan.told(f"{size} complaints stored")
            alone = await _intake_alone(plan, stages)
            together = await _all_together(plan, stages)
    figures: Figures = {}
    for size, one, all_five in zip(sizes, alone, together, strict=True):
        figures |= named(f"at_{size}", one | all_five)
    return figures


async def fill(stage: Stage, broker: Broker, size: int) -> None:
    """Let a few real complaints through all services, then copy their documents until there are so many."""
    await stage.redress(*SERVICES)
    await carry(stage, broker, SAMPLES)
    numbers = [f"SQ-{secrets.token_hex(3).upper()}-{serial:06d}" for serial in range(size - SAMPLES)]
    for service in SERVICES:
        await _multiply(stage, service, numbers)


async def _multiply(stage: Stage, service: str, numbers: Sequence[str]) -> None:
    collection = stage.documents(service)
    by_number = import_module(f"services.{service}.app").SERVICE.subscriptions.aggregate.FOUND_BY == "_id"
    samples = await collection.find().to_list(SAMPLES)
    await put_in(
        collection, (_copy(samples[index % SAMPLES], number, by_number) for index, number in enumerate(numbers))
    )


def _copy(sample: dict[str, Any], number: str, by_number: bool) -> dict[str, Any]:
    identity = number if by_number else secrets.token_hex(20)
    state = sample["state"] | {"number": number}
    if (traits := state.get("traits")) and traits["loose_since"]:
        state["traits"] = traits | {"loose_since": traits["loose_since"] - LOOKED_AT}
    return sample | {"_id": identity, "state": state}


async def _intake_alone(plan: Plan, stages: Sequence[tuple[Stage, Broker]]) -> list[Figures]:
    for stage, broker in stages:
        stage.end(*OTHERS)
        for queue in queues_of(*OTHERS):
            await broker.channel.queue_delete(queue)
        await broker.collect(COLLECTED, EVENTS, ["complaint.registered"])
    turns = [partial(_registrations, plan, stage, broker) for stage, broker in stages]
    return await by_turns(plan, "registrations as they grow", *turns)


async def _registrations(plan: Plan, stage: Stage, broker: Broker) -> Figures:
    return named("registrations", await register(stage, broker, by_the_broker, plan.seconds))


async def _all_together(plan: Plan, stages: Sequence[tuple[Stage, Broker]]) -> list[Figures]:
    turns = []
    for stage, broker in stages:
        await broker.channel.queue_delete(COLLECTED)
        await stage.redress(*OTHERS)
        turns.append(partial(_pipeline, plan, stage, broker))
    return await by_turns(plan, "pipeline as they grow", *turns)


async def _pipeline(plan: Plan, stage: Stage, broker: Broker) -> Figures:
    pipeline = await carry(stage, broker, round(plan.seconds * PER_SECOND))
    queue = await follow(stage, broker, departments(), plan.seconds)
    return named("pipeline", pipeline) | named("queue", queue)
