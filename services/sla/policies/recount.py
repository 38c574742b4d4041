"""Recounting: when a calendar has a new edition, every open clock is counted by it, online and batch by batch.

The work that is left is a question to the index: the open clocks that are counted by an older edition. So a crash loses
nothing of it, and a clock that a replica has still begun by the older edition is found as well.
"""

from typing import Any, Literal

import structlog

from services.sla.counting import Move
from services.sla.model import Clock
from services.sla.policies.effect import OPEN, Effect, open_clocks
from services.sla.rules import Rules
from shared.contracts.values import Instant
from shared.document import Document, Step, in_place
from shared.processor import commit
from shared.repository import answering
from shared.service import Index, Running
from shared.worktime import CALENDARS, Calendar

log = structlog.get_logger(__name__)

CALENDAR, EDITION = "state.counted_by.calendar", "state.counted_by.edition"
OLDEST_FIRST = [(EDITION, 1), ("_id", 1)]

INDEXES: list[Index] = [([(CALENDAR, 1), *OLDEST_FIRST], {"partialFilterExpression": OPEN})]

AT_ONCE = 200
"""Clocks recounted in one batch; what else happens waits for as long as that takes to compute, some 50 ms."""


class Revision(Effect):
    """One edition of a calendar on its way to all open clocks; `left` are still counted by an older one."""

    id: str
    calendar: str
    edition: int
    state: Literal["preview", "open", "done"]
    left: int = 0


async def carry_on(running: Running[Clock]) -> None:
    """Recount the clocks that are counted by an edition which is no longer in force."""
    for name in CALENDARS:
        calendar = CALENDARS.get(name)
        if calendar.version:
            await _bring_up(running, calendar)


async def preview(running: Running[Clock], calendar: Calendar) -> Revision:
    """What an edition that nobody has entered would do, were it in force now. Raises `Unavailable`."""
    now, shown = running.clock(), _revision(calendar, "preview")
    async for clock in open_clocks(running, {CALENDAR: calendar.name}):
        shown.add(clock.number, clock.recount(_rules(running, clock, calendar), now), now)
    return shown


async def progress(running: Running[Clock], calendar: Calendar) -> Revision:
    """How far an edition in force has got; a crash may leave the figures of its last batch out, but no clock.

    Raises `Unavailable`.
    """
    revision = _revision(calendar, "open")
    with answering():
        noted = await running.database["revisions"].find_one({"_id": revision.id}, {"_id": 0}) or {}
        left = await running.repository.collection.count_documents(_outdated(calendar))
    is_superseded = calendar.version < CALENDARS.get(calendar.name).version
    finished = noted.pop("finished", False) or is_superseded or not calendar.version
    state = "done" if finished and not left else "open"
    return revision.model_copy(update=noted | {"left": left, "state": state})


async def _bring_up(running: Running[Clock], calendar: Calendar) -> None:
    passed: list[str] = []
    while running.bus.publisher.has_room:
        left = running.repository.collection.find(_outdated(calendar) | {"_id": {"$nin": passed}}, {"_id": 1})
        numbers = [raw["_id"] for raw in await left.sort(OLDEST_FIRST).limit(AT_ONCE).to_list(None)]
        if not numbers:
            await _finish(running, calendar)
            return
        passed += await _recount(running, calendar, numbers)


async def _recount(running: Running[Clock], calendar: Calendar, numbers: list[str]) -> list[str]:
    """Recount these clocks, each with all its promises in one guarded commit; returns those that cannot be."""
    documents = list((await running.repository.load(numbers)).values())
    now, moves = running.clock(), dict[str, list[Move]]()
    for document in documents:
        _count(running, document, calendar, now, moves)
    await commit(running.repository, documents)
    effect = Effect()
    written = {document.key for document in documents if document.key in moves and not document.refused}
    for number in written:
        effect.add(number, moves[number], now)
    change = {"$inc": effect.model_dump(exclude={"examples"})}
    await running.database["revisions"].update_one({"_id": _id(calendar)}, change, upsert=True)
    return [number for number in numbers if number not in written]


async def _finish(running: Running[Clock], calendar: Calendar) -> None:
    """Note that no clock is left and every batch has been noted."""
    revisions, key = running.database["revisions"], _id(calendar)
    if not await revisions.find_one({"_id": key, "finished": True}):
        await revisions.update_one({"_id": key}, {"$set": {"finished": True}}, upsert=True)


def _count(
    running: Running[Clock], document: Document[Clock], calendar: Calendar, now: Instant, moves: dict[str, list[Move]]
) -> None:
    """Take the step on one document; `moves` is told what came of it, again where a race was lost."""

    def change(clock: Clock) -> None:
        same = clock.counted_by.calendar == calendar.name  # a race may have been lost to a move to another pack
        moves[document.key] = clock.recount(_rules(running, clock, calendar), now) if same else []

    for _, error in document.attempt(Step(in_place(change), now)):
        log.error("clock_not_recounted", document=document.key, error=repr(error))


def _rules(running: Running[Clock], clock: Clock, calendar: Calendar) -> Rules:
    return Rules(running.regulations.get(clock.regulation, clock.regulation_version), calendar)


def _outdated(calendar: Calendar) -> dict[str, Any]:
    return OPEN | {CALENDAR: calendar.name, EDITION: {"$lt": calendar.version}}


def _revision(calendar: Calendar, state: Literal["preview", "open"]) -> Revision:
    return Revision(id=_id(calendar), calendar=calendar.name, edition=calendar.version, state=state)


def _id(calendar: Calendar) -> str:
    return f"{calendar.name}:{calendar.version}"
