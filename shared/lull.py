"""A lull in what keeps arriving: the moment to deal with all of it at once."""

import asyncio
from contextlib import suppress
from time import monotonic

QUIET = 1 / 8
"""The share of the longest wait after which a pause counts as a lull."""
LONGEST_QUIET = 0.25
"""Seconds after which a pause is a lull in any case: what works together is not so far apart."""


class Lull:
    """Gathers work: alone what comes alone, together what comes in a stream.

    It has come when nothing has stirred for an eighth of `longest` (seconds) or a quarter of a second, when `longest`
    has passed since the first stir in any case, and at once when somebody says that it is enough.
    """

    def __init__(self, longest: float) -> None:
        self._longest, self._quiet = longest, min(longest * QUIET, LONGEST_QUIET)
        self._last = 0.0
        self._stirred, self._enough = asyncio.Event(), asyncio.Event()

    def stir(self) -> None:
        """Something has arrived."""
        self._last = monotonic()
        self._stirred.set()

    def enough(self) -> None:
        """So much has arrived that nobody need wait for more."""
        self._enough.set()

    async def come(self) -> bool:
        """Wait for something to arrive, and then until it is time to deal with it; whether it is quiet now."""
        await self._stirred.wait()
        latest = monotonic() + self._longest
        while (left := min(self._last + self._quiet, latest) - monotonic()) > 0 and not self._enough.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._enough.wait()
        self._stirred.clear()
        self._enough.clear()
        return monotonic() - self._last >= self._quiet
