"""A calendar changes under very many open clocks, while complaints come in and the service is killed half-way."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

import aiohttp

from bench.ground import Ground, Stage, put_in, until
from bench.load import Fired, Order, fire
from bench.measure import Figures, Plan, cpu_ms, named, percentile
from services.intake.model import Complaint
from services.sla.model import Clock
from services.sla.model.notice import TOLD_NOBODY, Told
from services.sla.policies.effect import OPEN
from services.sla.policies.recount import INDEXES
from services.sla.rules import Rules
from shared.aggregate import Aggregate
from shared.clock import now
from shared.contracts.intake import SealedComplainant
from shared.ids import complaint_number
from shared.regulations import load_regulations

DIFFERENT = 2000
"""Clocks that differ in more than their number."""
WITHIN = timedelta(days=3)
"""Since when they have been received."""
SHUT_DAYS = 14
RATE = 50.0
"""Complaints registered a second meanwhile."""
SEALED = "sealed:v1:01JDSB3Y5D4Q4ZJ5N8T0V9C7HX:c2VhbGVk"
SAMPLED = 500
PATIENCE_SECONDS = 240.0
OLDER = OPEN | {"state.counted_by.edition": 0}


async def measure(ground: Ground, plan: Plan) -> Figures:
    """Intake and sla alone, clocks and complaints written in bulk; sla is killed when half is recounted."""
    async with ground.stage("recount") as stage:
        await fill(stage, plan.recounted)
        plan.told(f"{plan.recounted} clocks put in")
        await stage.redress("intake", "sla")
        recounted = asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            watching = tasks.create_task(_halves(stage, recounted))
            registering = tasks.create_task(_registrations(stage, recounted))
            figures = await _recounted(stage, plan)
            recounted.set()
        plan.told("recounted")
    (sampled, halves), fired = watching.result(), registering.result()
    latency = percentile(ms for one in fired for ms in one.latencies)
    registered = sum(len(one.accepted) for one in fired)
    seen = {"sampled": sampled, "by_halves": halves, "registered": registered, "registration_p99_ms": latency}
    return named("recount", figures | seen)


async def _recounted(stage: Stage, plan: Plan) -> Figures:
    """From the change to the last clock under it; in the middle one sla is killed, and another one begun."""
    left, used = stage.documents("sla"), stage.cpu()
    began = time.monotonic()
    await _shut_down(stage)

    async def fewer_than(limit: int) -> bool:
        return bool(await left.count_documents(OLDER, limit=limit) < limit)

    await until(lambda: fewer_than(plan.recounted // 2), within=PATIENCE_SECONDS, every=0.2)
    half = time.monotonic()
    spent = cpu_ms(used, stage.cpu(), plan.recounted // 2)
    stage.end("sla")
    remaining = await left.count_documents(OLDER)
    await stage.redress("sla")
    await until(lambda: fewer_than(remaining), within=PATIENCE_SECONDS, every=0.05)
    resumed = time.monotonic()
    await until(lambda: fewer_than(1), within=PATIENCE_SECONDS, every=0.2)
    ended = time.monotonic()
    return {
        "seconds": ended - began,
        "per_s": plan.recounted / (ended - began - (resumed - half)),
        "resumed_after_s": resumed - half,
    } | spent


async def _shut_down(stage: Stage) -> None:
    """The company closes for two weeks from tomorrow: nearly every deadline in days moves."""
    first = now().date() + timedelta(days=1)
    last = first + timedelta(days=SHUT_DAYS - 1)
    year = {"days": [{"first": f"{first}", "last": f"{last}", "worked": False, "reason": "全厂检修"}]}
    headers = stage.as_staff("administrator")
    async with (
        aiohttp.ClientSession(stage.programs["sla"].address, headers=headers) as session,
        session.put(f"/sla/calendars/{first.year}", json=year) as response,
    ):
        response.raise_for_status()


async def _halves(stage: Stage, enough: asyncio.Event) -> tuple[int, int]:
    """Read clocks at random; how many were read, and how many stood under two editions at once."""
    read = halves = 0
    while not enough.is_set():
        async for raw in stage.documents("sla").aggregate([{"$sample": {"size": SAMPLED}}]):
            state = raw["state"]
            counted = [state["counted_by"], *(p["counted_by"] for p in state["promises"] if p["state"] == "open")]
            read, halves = read + 1, halves + any(one != counted[0] for one in counted)
        await asyncio.sleep(0.5)
    return read, halves


async def _registrations(stage: Stage, enough: asyncio.Event) -> list[Fired]:
    """Register complaints at an even rate."""
    fired: list[Fired] = []
    while not enough.is_set():
        fired.append(await fire(Order(stage.programs["intake"].port, stage.key, seconds=2.0, rate=RATE)))
    return fired


async def fill(stage: Stage, count: int) -> None:
    """Put in so many clocks and the complaints they belong to; indexed afterwards, which is quicker than one by one."""
    moment = now()
    different = list(clocks(min(count, DIFFERENT), moment))
    for service, made in (("sla", different), ("intake", list(map(complaint_of, different)))):
        await put_in(stage.documents(service), stored(count, made, moment))
    for keys, options in INDEXES:
        await stage.documents("sla").create_index(list(keys), **options)


def stored(count: int, aggregates: Sequence[Aggregate], moment: datetime) -> Iterator[dict[str, Any]]:
    """So many documents made of these aggregates, each under a number of its own."""
    states = [(aggregate.model_dump(), aggregate.alarm_at) for aggregate in aggregates]
    for serial, (state, alarm_at) in zip(range(count), cycle(states), strict=False):
        number = f"SQ-BENCH-{serial:07d}"
        yield {
            "_id": number, "version": 1, "at": moment, "state": state | {"number": number}, "inbox": [], "outbox": [],
            "alarm_at": alarm_at,
        }  # fmt: skip


def complaint_of(clock: Clock) -> Complaint:
    """The complaint of a clock, as intake would have it."""
    return Complaint(
        number=clock.number, registration_id="", status="assigned", narrative=SEALED,
        complainant=SealedComplainant(sealed=SEALED), department="service",
        promises={promise.milestone: promise.due_at for promise in clock.promises},
        **clock.model_dump(include={"channel", "regulation", "regulation_version", "received_at"}),
    )  # fmt: skip


def clocks(count: int, moment: datetime) -> Iterator[Clock]:
    """Open clocks under all packs, received within the last days, every third after a pause; what was due has rung."""
    packs = [pack for pack in load_regulations() if pack.name != "demo"]
    for place in range(count):
        pack = packs[place % len(packs)]
        received, rules = moment - WITHIN * (place / count), Rules(pack)
        clock = Clock(
            number=complaint_number(pack.prefix, "20200101", place), regulation=pack.name,
            regulation_version=pack.version, channel="hotline", received_at=received, department="service",
        )  # fmt: skip
        clock.start(rules, moment)
        if place % 3 == 0:
            clock.pause("发票", "complainant", received + timedelta(hours=1), rules, moment)
            clock.resume(received + timedelta(hours=30), rules, moment)
        clock.ring(rules, moment)
        clock.note_told({notice.id: Told(notice.at, TOLD_NOBODY, None) for notice in clock.notices})
        yield clock
