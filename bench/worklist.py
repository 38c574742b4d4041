"""The worklist: how long its pages and its counts take with many cases in it."""

import secrets
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import cycle, product
from typing import Any, TypeVar

import aiohttp

from bench.board import SPREAD, ask
from bench.ground import Ground, Stage, put_in
from bench.measure import Figures, Plan, by_turns, named
from services.routing.model import URGENCY, Case, State, priority_of
from services.routing.worklist.store import INDEXES, MOST_URGENT_FIRST
from shared.clock import now
from shared.contracts.intake import SealedComplainant
from shared.contracts.values import Category, Severity
from shared.ids import ulid
from shared.paging import Cursor
from shared.privacy import DataKey, seal

DEPARTMENTS: dict[str, Category] = {"quality": "product", "service": "service", "general-affairs": "other"}
STATES: dict[State, int] = {"assigned": 3, "in-progress": 4, "paused": 1, "in-approval": 1, "answered": 1}
SEVERITIES: dict[Severity, int] = {"general": 17, "major": 2, "critical": 1}
CLASSES = ("quality", "safety", "attitude", "delivery", "fees", "refund", "waiting")
KEYS = 5000
"""Data keys that the cases share; a page needs as many as it has lines."""
HANDLERS = 200
PERSON = '{"name": "王小明", "phone": "13800001234"}'

T = TypeVar("T")

PAGES = [
    f"/routing/cases?{question}"
    for question in (
        "", "department=service", "department=quality&state=assigned", "handler=handler-7", "severity=critical",
        "department=service&severity=major", "department=quality&severity=general", "tag=service/attitude",
        "department=service&tag=service/refund", "department=quality&due_before={soon}", "asked=quality",
        "state=answered", "cursor={deep}", "department=service&cursor={deep}",
    )
]  # fmt: skip
COUNTS = ["/routing/counts", "/routing/counts?department=service"]


async def measure(ground: Ground, plan: Plan) -> Figures:
    """The routing service alone, its cases written in bulk as it would have stored them; nine of ten are open.

    `worklist_counts_anew_ms` is the first answer, for which the cases are counted; the others remember it for a while.
    """
    async with ground.stage("worklist") as stage:
        await fill(stage, plan.clocks)
        plan.told("worklist filled")
        await stage.redress("routing")
        pages = [page.format(soon=f"{now() + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}", deep=_deep()) for page in PAGES]
        address, staff = stage.programs["routing"].address, stage.as_staff("manager")
        async with aiohttp.ClientSession(address, headers=staff) as session:
            cold = await ask(session, COUNTS[:1], times=1)
            lists, counts = await by_turns(
                plan, "worklist", partial(ask, session, pages), partial(ask, session, COUNTS)
            )
        return {
            **named("worklist", lists),
            **named("worklist_counts", counts),
            "worklist_counts_anew_ms": cold["p50_ms"],
        }


async def fill(stage: Stage, count: int) -> None:
    """Put in so many cases, and have them indexed afterwards, which is quicker than one by one."""
    vault = stage.vault()
    keys = [await vault.new_key() for _ in range(KEYS)]
    collection = stage.documents("routing")
    await put_in(collection, _documents(count, keys))
    for fields, options in INDEXES:
        await collection.create_index(list(fields), **options)


def _documents(count: int, keys: Sequence[DataKey]) -> Iterator[dict[str, Any]]:
    """Stored cases of every department, state, severity and class, in no order of time."""
    run, moment, ids = secrets.token_hex(3).upper(), now(), [ulid() for _ in range(6)]
    states = [case.model_dump() for case in _cases(keys[0])]
    for serial, state, key in zip(range(count), cycle(states), cycle(keys), strict=False):
        # A step that has no factor in common with the number of cases: neighbours in the index are none in time.
        away = serial * 7919 % count
        due_at = moment - timedelta(days=3) + SPREAD * away / count
        number = f"SQ-{run}-{serial:07d}"
        own = {
            "number": number, "key_id": key.id, "received_at": due_at - timedelta(days=7), "due_at": due_at,
            "complainant": state["complainant"] | {"sealed": seal(PERSON, key, number)},
            "handler": "" if state["status"] == "assigned" else f"handler-{away % HANDLERS}",
        }  # fmt: skip
        yield {
            "_id": number, "version": 6, "at": moment, "inbox": ids, "outbox": [], "alarm_at": None,
            "state": state | own,
        }  # fmt: skip


def _cases(key: DataKey) -> Iterator[Case]:
    """As many of each kind as there are in a house with much to do."""
    narrative = seal("送货的师傅态度恶劣，等了三天才来，安装到一半就走了。" * 5, key, "")
    kinds = product(DEPARTMENTS.items(), _repeated(STATES), _repeated(SEVERITIES), CLASSES)
    for serial, ((department, category), status, severity, kind) in enumerate(kinds):
        priority = priority_of(severity, "important" if serial % 11 == 0 else "standard")
        yield Case(
            number="", status=status, regulation="service-quality", regulation_version="1", channel="hotline",
            received_at=now(), narrative=narrative, complainant=SealedComplainant(sealed=narrative), category=category,
            severity=severity, priority=priority, urgency=URGENCY[priority], department=department, confidence=0.8,
            because=["service/attitude: 态度恶劣 (3.3)"], tags=[f"{category}/{kind}"], subject_line="送货迟到",
        )  # fmt: skip


def _deep() -> str:
    """The cursor of a page in the middle of the list."""
    last = {"_id": "SQ", "state": {"urgency": URGENCY["normal"], "due_at": now() + SPREAD / 2}}
    return Cursor(MOST_URGENT_FIRST).behind(last)


def _repeated(shares: dict[T, int]) -> list[T]:
    return [value for value, times in shares.items() for _ in range(times)]
