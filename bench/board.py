"""The board: how long its pages and its counts take with many clocks on it."""

import secrets
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle, product
from typing import Any

import aiohttp

from bench.ground import Ground, Stage, put_in
from bench.measure import Figures, Plan, by_turns, named, percentile
from services.sla.model import Clock
from services.sla.rules import Rules
from services.sla.store import INDEXES
from shared.clock import now
from shared.ids import ulid
from shared.regulations import load_regulations

ASKED = 60
"""How often each question is asked in a round."""
SPREAD = timedelta(days=30)
"""Over how long the clocks fall due, or fell due."""
DEPARTMENTS = ("quality", "service", "general-affairs")
PAGES = [
    f"/sla/clocks?{question}"
    for question in ("", "state=breached", "department=service", "department=quality&state=at-risk", "state=paused")
]
COUNTS = ["/sla/counts"]


async def measure(ground: Ground, plan: Plan) -> Figures:
    """The sla service alone, its clocks written in bulk as it would have stored them; none of them has ended.

    `counts_anew_ms` is the first answer, for which the clocks are counted; the others remember it for a while.
    """
    async with ground.stage("board") as stage:
        await fill(stage, plan.clocks)
        plan.told("board filled")
        await stage.redress("sla")
        async with aiohttp.ClientSession(stage.programs["sla"].address, headers=stage.as_staff("manager")) as session:
            cold = await ask(session, COUNTS, times=1)
            pages, counts = await by_turns(plan, "board", partial(ask, session, PAGES), partial(ask, session, COUNTS))
    return {**named("board", pages), **named("counts", counts), "counts_anew_ms": cold["p50_ms"]}


async def ask(session: aiohttp.ClientSession, paths: Sequence[str], times: int = ASKED) -> Figures:
    """One round: each question so often, one after the other; how long the answers took."""
    took = [await _answered(session, path) for _ in range(times) for path in paths]
    return {"p95_ms": 1000 * percentile(took, 0.95), "p50_ms": 1000 * percentile(took, 0.5)}


async def _answered(session: aiohttp.ClientSession, path: str) -> float:
    began = time.perf_counter()
    async with session.get(path) as response:
        response.raise_for_status()
        await response.read()
    return time.perf_counter() - began


async def fill(stage: Stage, count: int) -> None:
    """Put in so many clocks, and have them indexed afterwards, which is quicker than one by one."""
    collection = stage.documents("sla")
    await put_in(collection, _documents(count))
    for keys, options in INDEXES:
        await collection.create_index(list(keys), **options)


def _documents(count: int) -> Iterator[dict[str, Any]]:
    """Stored clocks of every standing and department; none of them rings before tomorrow."""
    run, moment, ids = secrets.token_hex(3).upper(), now(), [ulid() for _ in range(6)]
    states = [clock.model_dump() for clock in _clocks(moment)]
    for serial, state in zip(range(count), cycle(states), strict=False):
        # Steps that have no factor in common with the number of clocks: neighbours in the index are none in time.
        away = SPREAD * (serial * 7919 % count) / count
        due_at = moment - away if state["standing"] == "breached" else moment + timedelta(days=1) + away
        promises = [promise | {"due_at": due_at, "first_due_at": due_at} for promise in state["promises"]]
        yield {
            "_id": f"SQ-{run}-{serial:07d}", "version": 6, "at": moment, "inbox": ids, "outbox": [],
            "alarm_at": moment + timedelta(days=1) + away,
            "state": state | {"number": f"SQ-{run}-{serial:07d}", "promises": promises, "urgent_at": due_at},
        }  # fmt: skip


def _clocks(moment: datetime) -> Iterator[Clock]:
    """Of every department some on time, and some that are at risk, late or waiting, as the model makes them."""
    regulation = load_regulations().get("service-quality")
    rules, received_at = Rules(regulation), moment - timedelta(hours=1)
    for department, change in product(DEPARTMENTS, CHANGES):
        clock = Clock(
            number="", regulation=regulation.name, regulation_version=regulation.version, channel="hotline",
            received_at=received_at,
        )  # fmt: skip
        clock.start(rules, received_at)
        clock.hand_over(department, moment)
        change(clock, rules, moment)
        yield clock


def _on_time(clock: Clock, rules: Rules, moment: datetime) -> None:
    clock.meet("acknowledgement", moment, rules, moment)


def _at_risk(clock: Clock, rules: Rules, moment: datetime) -> None:
    clock.ring(rules, moment + timedelta(hours=20))


def _late(clock: Clock, rules: Rules, moment: datetime) -> None:
    clock.ring(rules, moment + timedelta(days=20))


def _waiting(clock: Clock, rules: Rules, moment: datetime) -> None:
    clock.meet("acknowledgement", moment, rules, moment)
    clock.pause("photos", "complainant", moment, rules, moment)


CHANGES = (*[_on_time] * 6, *[_at_risk] * 2, _late, _waiting)
