"""Waiting for something that others bring about, without asking again and again."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class News:
    """Wakes whoever waits for something to be true, each time something has arrived."""

    def __init__(self) -> None:
        self._arrival = asyncio.Event()

    def arrived(self) -> None:
        """Something has: everybody looks again."""
        self._arrival.set()
        self._arrival = asyncio.Event()

    async def until(self, ask: Callable[[], T | None], *, within: float) -> T:
        """What `ask` answers, once it is something. Raises `TimeoutError` after `within` seconds."""
        async with asyncio.timeout(within):
            while not (answer := ask()):
                await self._arrival.wait()
        return answer
