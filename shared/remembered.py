"""Figures that take long to count, each kept as it was counted last.

To count a million clocks takes a quarter of a second, whatever the index, and a counter beside the clocks would mean a
second write for each change, or a figure that a crash makes wrong for ever. So figures are counted from the clocks
themselves, only when somebody looks, by every replica for its own readers, and say as of when they are.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from datetime import timedelta
from functools import partial
from typing import Any, Generic, NamedTuple, Self, TypeVar

import structlog

from shared.clock import Clock
from shared.contracts.values import Instant
from shared.service import Running

log = structlog.get_logger(__name__)

T = TypeVar("T")

RENEWED = 100
"""A figure is counted again when it is older than so many times what counting it took: one percent of the time."""
STALE = 1000
"""When it is older than so many times that, whoever asks waits for the new one."""
PATIENCE_SECONDS = 0.02
"""How long whoever asks waits for the new figure before the old one has to do."""


class Figure(NamedTuple, Generic[T]):
    """What was counted, as of when, and how long that took."""

    value: T
    as_of: Instant
    took: timedelta


class Remembered:
    """The figures that were asked for, by name; no two are counted at once under one name."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._figures: dict[Hashable, Figure[Any]] = {}
        self._counting: dict[Hashable, asyncio.Task[Any]] = {}

    @classmethod
    def of(cls, running: Running[Any]) -> Self:
        """The figures of a running service; what is being counted when it stops is given up."""
        remembered = cls(running.clock)
        running.closing.push_async_callback(remembered.close)
        return remembered

    async def get(self, name: Hashable, count: Callable[[], Awaitable[T]]) -> Figure[T]:
        """The figure of a name, counted now where there is none or time allows; else the one counted last.

        Raises whatever `count` raises where there is no other figure to answer with.
        """
        known = self._figures.get(name)
        age = self._clock() - known.as_of if known else None
        if known and age is not None and age <= RENEWED * known.took:
            return known
        counting = self._count(name, count)
        if known and age is not None and age <= STALE * known.took:
            await asyncio.wait([counting], timeout=PATIENCE_SECONDS)
        else:
            await asyncio.shield(counting)
        return self._figures[name]

    async def close(self) -> None:
        """Give up what is being counted."""
        for counting in (tasks := list(self._counting.values())):
            counting.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _count(self, name: Hashable, count: Callable[[], Awaitable[Any]]) -> asyncio.Task[Any]:
        if name not in self._counting:
            counting = self._counting[name] = asyncio.create_task(self._counted(name, count))
            counting.add_done_callback(partial(self._done, name))
        return self._counting[name]

    async def _counted(self, name: Hashable, count: Callable[[], Awaitable[Any]]) -> None:
        as_of = self._clock()
        value = await count()
        self._figures[name] = Figure(value, as_of, self._clock() - as_of)

    def _done(self, name: Hashable, counting: asyncio.Task[Any]) -> None:
        del self._counting[name]
        if not counting.cancelled() and (error := counting.exception()):
            log.warning("figure_not_counted", figure=str(name), error=repr(error))
