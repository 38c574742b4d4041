"""What changes in the worklist, as it changes: one look at the change stream for all who watch it in this replica.

MongoDB tells every replica of every change, whichever made it. The stream is read only while somebody watches, carries
numbers only, and what has gathered is read in one go: a change is shown within half a second, and a busy hour costs a
few reads a second. Whoever cannot follow, and everybody when the stream breaks, is let go, and comes back anew.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, NamedTuple, Self, cast

import structlog

from services.routing.config import Settings
from services.routing.model import Case
from services.routing.worklist.forms import CaseLine
from services.routing.worklist.lines import lines
from shared.repository import answering
from shared.service import Running

log = structlog.get_logger(__name__)

LOOKED_EVERY = 0.25
"""Seconds between two looks at the stream."""
MOST_AT_ONCE = 500
"""Changes that are read in one go."""
MOST_BEHIND = 2000
"""Changes that whoever watches may be behind; past that they are let go."""
NEXT_TO_NOTHING_MS = 1
"""How long the server may wait for a change: the driver's threads are few."""

COMMITTED: list[dict[str, Any]] = [
    {"$match": {"$or": [
        {"operationType": "insert"}, {"updateDescription.updatedFields.version": {"$exists": True}},
    ]}},
    {"$project": {"documentKey": 1}},
]  # fmt: skip
"""Of all that happens to the documents, the commits; that an outbox was emptied changes nothing for anybody."""


class Change(NamedTuple):
    """A case as it is now, and its line."""

    case: Case
    line: CaseLine


class Watcher:
    """Somebody who watches: what they have still to be told, until they are let go."""

    def __init__(self) -> None:
        self._untold: list[Change] = []
        self._news = asyncio.Event()
        self.let_go = False

    def tell(self, changes: list[Change]) -> None:
        """There is something to tell; too much means that they cannot follow."""
        if self.let_go:
            return
        self._untold += changes
        if len(self._untold) > MOST_BEHIND:
            self.dismiss()
        self._news.set()

    def dismiss(self) -> None:
        """Let them go; they are told no more, however long it takes them to notice."""
        self.let_go = True
        self._untold = []
        self._news.set()

    async def changes(self, within: float) -> list[Change]:
        """What has changed since the last time; nothing where nothing did `within` so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._news.wait()
        self._news.clear()
        told, self._untold = self._untold, []
        return told


class Live:
    """All who watch the worklist in this replica; they hear at least every `heartbeat` seconds."""

    def __init__(self, running: Running[Case], heartbeat: float) -> None:
        self._running, self.heartbeat = running, heartbeat
        self._watchers: set[Watcher] = set()
        self._following: asyncio.Task[None] | None = None
        self._opened = asyncio.Event()
        self._closed = False

    @classmethod
    def of(cls, running: Running[Case]) -> Self:
        """Those of a running service; they are let go as soon as it begins to stop."""
        live = cls(running, cast("Settings", running.settings).heartbeat_seconds)
        running.leaving.append(live.close)
        return live

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[Watcher]:
        """Watch, from now on. Raises `Unavailable`."""
        watcher = Watcher()
        self._watchers.add(watcher)
        try:
            await self._follow()
            yield watcher
        finally:
            self._watchers.discard(watcher)

    async def close(self) -> None:
        """Let everybody go, and nobody in any more."""
        self._closed = True
        self._dismiss_all()
        if self._following:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)

    async def _follow(self) -> None:
        """Wait until the stream is open, opened by us where it is not."""
        if self._closed:
            self._dismiss_all()
            return
        if self._following is None or self._following.done():
            self._opened.clear()
            self._following = asyncio.create_task(self._read())
        opened = asyncio.create_task(self._opened.wait())
        await asyncio.wait([opened, self._following], return_when=asyncio.FIRST_COMPLETED)
        opened.cancel()

    async def _read(self) -> None:
        """Read the stream as long as somebody watches."""
        try:
            with answering():
                cases = self._running.repository.collection
                async with cases.watch(COMMITTED, max_await_time_ms=NEXT_TO_NOTHING_MS) as stream:
                    await stream.try_next()
                    self._opened.set()
                    while self._watchers:
                        await self._tell(await _gathered(stream))
                        await asyncio.sleep(LOOKED_EVERY)
        except Exception as error:
            log.warning("changes_not_followed", error=repr(error))
        finally:
            self._dismiss_all()

    async def _tell(self, numbers: list[str]) -> None:
        if not numbers:
            return
        found = self._running.repository.collection.find({"_id": {"$in": numbers}}, {"state": 1})
        cases = [Case.model_validate(raw["state"]) async for raw in found]
        shown = await lines(self._running, cases)
        changes = [Change(case, line) for case, line in zip(cases, shown, strict=True)]
        for watcher in self._watchers:
            watcher.tell(changes)

    def _dismiss_all(self) -> None:
        for watcher in self._watchers:
            watcher.dismiss()


async def _gathered(stream: Any) -> list[str]:
    """The numbers of the cases that have changed, each once."""
    numbers: dict[str, None] = {}
    while len(numbers) < MOST_AT_ONCE and (change := await stream.try_next()):
        numbers[change["documentKey"]["_id"]] = None
    return list(numbers)
