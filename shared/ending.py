"""Ending what runs in the background."""

import asyncio
from collections.abc import Collection
from typing import Any

AGAIN_AFTER = 5.0
"""Seconds that a task may take to end before it is cancelled again."""


async def ended(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cancel tasks until they have ended: `asyncio.wait_for` in a library may swallow a cancellation."""
    while going := [task for task in tasks if not task.done()]:
        for task in going:
            task.cancel()
        await asyncio.wait(going, timeout=AGAIN_AFTER)
    await asyncio.gather(*tasks, return_exceptions=True)
