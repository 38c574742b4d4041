"""Group commit: changes that people wait for, made and written together where many come at once."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeAlias, TypeVar

from shared.aggregate import Aggregate
from shared.document import Document
from shared.errors import Unavailable
from shared.repository import Repository

A = TypeVar("A", bound=Aggregate)

Make: TypeAlias = Callable[[], Document[A]]
"""Makes a document that is to be written."""

Written: TypeAlias = asyncio.Future[tuple[Document[A], bool]]
"""A document that is being written, and whether it won its race."""

Entry: TypeAlias = tuple[Make[A], Written[A]]

WORTH_A_COMMAND = 32
"""Changes for which the database is given a command although another one is under way."""
MOST_TOGETHER = 200
"""Changes that are written together at most."""
MOST_WAITING = 2000
"""Changes that gather at most; who comes then is told to come again."""


class GroupCommit(Generic[A]):
    """Writes at once what comes alone; what comes while something is being written gathers, and goes next.

    Of a crowd half is written at a time, not waiting for the other half: while the database has one in hand, the other
    is made, and those of the one before are answered, each after its own majority acknowledgement. A document is made
    when it is written, many in a row: the same work between the turns of a busy loop takes a processor twice as long.
    """

    def __init__(self, repository: Repository[A]) -> None:
        self._repository = repository
        self._waiting: list[Entry[A]] = []
        self._under_way = 0
        self._ripe = asyncio.Event()
        self._taking = asyncio.Lock()

    async def write(self, make: Make[A]) -> tuple[Document[A], bool]:
        """Commit the document that `make` makes; the document, and whether it won its race.

        Raises `Unavailable`, also where too many wait already, and whatever `make` raises.
        """
        if len(self._waiting) >= MOST_WAITING:
            raise Unavailable("Too many changes are waiting to be written.")
        written: Written[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((make, written))
        self._look()
        return await written

    async def run(self) -> None:
        """Write what has gathered, for ever; run two of these, one for each half of a crowd."""
        while True:
            async with self._taking:
                await self._ripe.wait()
                batch = self._take()
            try:
                if made := [entry for make, written in batch if (entry := _made(make, written))]:
                    await self._write(made)
            finally:
                for _, written in batch:
                    written.cancel()  # nobody is to wait for what will not be written; the others know already
                self._under_way -= 1
                self._look()

    def _take(self) -> list[Entry[A]]:
        most = min(max(len(self._waiting) // 2, WORTH_A_COMMAND), MOST_TOGETHER)
        batch, self._waiting = self._waiting[:most], self._waiting[most:]
        self._under_way += 1
        self._look()
        return batch

    def _look(self) -> None:
        """See whether it is time to write: nothing is under way, or what waits is worth a command of its own."""
        if self._waiting and (not self._under_way or len(self._waiting) >= WORTH_A_COMMAND):
            self._ripe.set()
        else:
            self._ripe.clear()

    async def _write(self, batch: list[tuple[Document[A], Written[A]]]) -> None:
        try:
            losers = {id(document) for document in await self._repository.commit([document for document, _ in batch])}
        except Exception as error:
            for _, written in batch:
                if not written.done():
                    written.set_exception(error)
            return
        for document, written in batch:
            if written.done():
                continue
            if document.refused:
                written.set_exception(ValueError(f"{document.key} cannot be stored: {document.refused}"))
            else:
                written.set_result((document, id(document) not in losers))


def _made(make: Make[A], written: Written[A]) -> tuple[Document[A], Written[A]] | None:
    """The document to be written; nothing where it could not be made, which whoever waits for it is told."""
    try:
        return make(), written
    except Exception as error:
        if not written.done():
            written.set_exception(error)
        return None
