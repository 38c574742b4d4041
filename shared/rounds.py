"""What a leader does beside ringing alarms: rounds, begun by the tick, that never keep an alarm waiting."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from shared.ending import ended

log = structlog.get_logger(__name__)


class Rounds:
    """Each of these works, one run of it at a time in this process; should two replicas overlap, it must do no harm."""

    def __init__(self, works: Sequence[Callable[[], Awaitable[None]]]) -> None:
        self._works = works
        self._under_way: dict[int, asyncio.Task[None]] = {}

    def begin(self) -> None:
        """Begin every round that is not under way; a failed one is begun again the next time."""
        for place, work in enumerate(self._works):
            task = self._under_way.get(place)
            if task is None or task.done():
                self._under_way[place] = asyncio.create_task(_walk(work))

    async def stop(self) -> None:
        """Break off what is under way."""
        await ended(self._under_way.values())


async def _walk(work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except Exception as error:
        log.warning("round_failed", error=repr(error))
