"""What a change of policy does to open clocks: how many are counted, which promises move, which become late by it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from services.sla.counting import Move
from services.sla.model import Clock
from shared.conflict import sees
from shared.contracts.values import Instant, Milestone
from shared.identity import Caller
from shared.repository import answering
from shared.service import Running

OPEN = {"state.promises.state": "open"}
MOST_EXAMPLES = 10


E = TypeVar("E", bound="Effect")


class Example(BaseModel):
    """One promise that moves."""

    number: str
    milestone: Milestone
    before: Instant
    after: Instant


class Effect(BaseModel):
    """How many clocks were counted, moved, and became late by it; some of the promises that move are shown."""

    counted: int = 0
    moved: int = 0
    earlier: int = 0
    later: int = 0
    late: int = 0
    examples: list[Example] = []

    def add(self, number: str, moves: list[Move], now: Instant) -> None:
        """Count one clock in, with those of its promises that move."""
        self.counted += 1
        self.moved += bool(moves)
        self.earlier += any(move.after < move.before for move in moves)
        self.later += any(move.after > move.before for move in moves)
        self.late += any(move.makes_late(now) for move in moves)
        if moves and len(self.examples) < MOST_EXAMPLES:
            self.examples += [Example(number=number, **move._asdict()) for move in moves]


async def shown_to(caller: Caller, effect: E, running: Running[Clock]) -> E:
    """What a change does, without the examples that are about whoever asks. Raises `Unavailable`."""
    clocks = await running.repository.load({example.number for example in effect.examples})
    seen = {number for number, document in clocks.items() if sees(caller, running.regulations, document.present)}
    return effect.model_copy(update={"examples": [one for one in effect.examples if one.number in seen]})


async def open_clocks(running: Running[Clock], which: Mapping[str, Any]) -> AsyncIterator[Clock]:
    """Every open clock of some kind; others have their turn while it is read. Raises `Unavailable`."""
    with answering():
        async for raw in running.repository.collection.find(OPEN | dict(which), {"state": 1}):
            yield Clock.model_validate(raw["state"])
            await asyncio.sleep(0)
