"""A lull in what keeps arriving: the moment to deal with all of it at once."""

import asyncio
import math
from contextlib import suppress
from time import monotonic

QUIET = 1 / 8
"""The share of the longest wait after which a pause in a stream counts as a lull; of half as long before it is one."""
LONGEST_QUIET = 0.25
"""Seconds after which a pause is a lull in any case: what works together is not so far apart."""
LATE = 0.02
"""Seconds by which the end of a pause may be noticed late; else the loop was busy and has not seen what arrived."""


class Lull:
    """Gathers work: alone what comes alone, together what comes in a stream.

    It has come when nothing has stirred for an eighth of `longest` (seconds) or a quarter of a second, for half as long
    where no stream has begun yet, when `longest` has passed since the first stir in any case, and at once when somebody
    says that it is enough. A pause in which the loop was busy with something else is none: it begins again.
    """

    def __init__(self, longest: float) -> None:
        self._longest, self._quiet = longest, min(longest * QUIET, LONGEST_QUIET)
        self._since = self._last = -math.inf
        self._stirred, self._enough = asyncio.Event(), asyncio.Event()

    def stir(self) -> None:
        """Something has arrived."""
        now = monotonic()
        if now - self._last > self._longest:
            self._since = now
        self._last = now
        self._stirred.set()

    def enough(self) -> None:
        """So much has arrived that nobody need wait for more."""
        self._enough.set()

    async def come(self) -> bool:
        """Wait for something to arrive, and then until it is time to deal with it; whether it is quiet now."""
        await self._stirred.wait()
        latest = monotonic() + self._longest
        while (now := monotonic()) < (due := min(self._last + self._pause, latest)) and not self._enough.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(due - now):
                    await self._enough.wait()
            if monotonic() - due > LATE:
                self._last = monotonic()
        self._stirred.clear()
        self._enough.clear()
        return monotonic() - self._last >= self._pause

    @property
    def _pause(self) -> float:
        """Seconds without a stir that make a lull, by how long it has been going on."""
        is_stream = self._last - self._since >= self._quiet
        return self._quiet if is_stream else self._quiet / 2
