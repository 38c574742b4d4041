"""Complaint numbers: unique, never reused, and without a round trip for each, because replicas lease blocks of them.

A lease is one atomic increment of the counter of a prefix and a local day. What is left at the end of the day, or when
the replica stops, is given back. Where it crashed, or others had leased meanwhile, it stays unused: a gap, listed by
`redress numbers gaps`.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Any

from pymongo import ReturnDocument

from shared.database import DirectDocuments, by_majority
from shared.errors import Unavailable
from shared.ids import CROCKFORD, complaint_number
from shared.repository import answering


class Numbers:
    """Hands out complaint numbers; `block` is how many are leased at once."""

    def __init__(self, collection: DirectDocuments, block: int) -> None:
        self._counters = by_majority(collection)
        self._block = block
        self._leased: dict[str, deque[int]] = defaultdict(deque)
        self._leasing = asyncio.Lock()
        self._ahead: asyncio.Task[None] | None = None

    async def next(self, prefix: str, day: str) -> str:
        """The next number for a pack's prefix and a local day (`20261123`). Raises `Unavailable`."""
        series = f"{prefix}-{day}"
        while not self._leased[series]:
            await self._lease(series, at_least=1)
        leased = self._leased[series]
        if len(leased) < self._block // 2 and (self._ahead is None or self._ahead.done()):
            self._ahead = asyncio.create_task(self._lease_ahead(series))
        return complaint_number(prefix, day, leased.popleft())

    def give_back(self, number: str) -> None:
        """Return a number under which nothing was registered; it is the next to be handed out."""
        prefix, day, checked = number.split("-")
        self._leased[f"{prefix}-{day}"].appendleft(sequence_of(checked))

    async def return_leases(self) -> None:
        """Give up what is leased and unused, when the replica stops; a database that is away is not waited for."""
        with suppress(Unavailable):
            for series in list(self._leased):
                await self._return(series)

    async def _return(self, series: str) -> None:
        """Give up what is left of a series, which is possible while nobody has leased after us."""
        unused = self._leased.pop(series)
        if unused and max(unused) - min(unused) + 1 == len(unused):
            last, first = {"_id": series, "next": max(unused) + 1}, {"$set": {"next": min(unused)}}
            with answering():
                await self._counters.update_one(last, first)

    async def _lease_ahead(self, series: str) -> None:
        with suppress(Unavailable):  # whoever finds no number left asks again, and is told
            await self._lease(series, at_least=self._block // 2)

    async def _lease(self, series: str, at_least: int) -> None:
        """Lease a block unless somebody has just done so."""
        async with self._leasing:
            if len(self._leased[series]) >= at_least:
                return
            with answering():
                counter: Any = await self._counters.find_one_and_update(
                    {"_id": series}, {"$inc": {"next": self._block}}, upsert=True, return_document=ReturnDocument.AFTER
                )
            self._leased[series].extend(range(counter["next"] - self._block, counter["next"]))
            prefix, _, _ = series.partition("-")
            for earlier in [other for other in self._leased if other.startswith(f"{prefix}-") and other < series]:
                with suppress(Unavailable):
                    await self._return(earlier)


def sequence_of(checked: str) -> int:
    """The sequence number in the last group of a complaint number, its check character left out."""
    value = 0
    for character in checked[:-1]:
        value = value * 32 + CROCKFORD.index(character)
    return value


def gaps(used: Collection[int], until: int) -> Iterator[tuple[int, int]]:
    """The runs (first, last) of sequence numbers below `until` that are not in use."""
    start = 0
    for number in [*sorted(used), until]:
        if number > start:
            yield start, number - 1
        start = number + 1
