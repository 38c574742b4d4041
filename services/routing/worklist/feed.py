"""What one who watches the worklist is told, as server-sent events."""

import time
from collections.abc import Sequence

from aiohttp import web

from services.routing.visibility import sees
from services.routing.worklist.live import Change, Watcher
from services.routing.worklist.store import Wanted
from shared.identity import Caller

AT_MOST_SECONDS = 3600.0
"""How long one answer goes on: whoever has lost their role since does not see more."""


class Feed:
    """What one who watches is told, by what they may see and want, and have been shown."""

    def __init__(self, caller: Caller, wanted: Wanted) -> None:
        self._caller, self._wanted = caller, wanted
        self._shown: set[str] = set()

    def of(self, changes: Sequence[Change]) -> bytes:
        """These changes as events (WHATWG HTML, 9.2); those that are none of their business leave no trace."""
        return b"".join(filter(None, map(self._event, changes)))

    def _event(self, change: Change) -> bytes:
        number = change.case.number
        if self._wanted.holds(change.case) and sees(self._caller, change.case):
            self._shown.add(number)
            return b"event: case\ndata: %b\n\n" % change.line.model_dump_json().encode()
        if number in self._shown:
            self._shown.discard(number)
            return b'event: gone\ndata: {"number": "%b"}\n\n' % number.encode()
        return b""


async def follow(watcher: Watcher, feed: Feed, response: web.StreamResponse, heartbeat: float) -> None:
    """Tell what changes, and that the line is alive where nothing does, until whoever watches is let go."""
    until = time.monotonic() + AT_MOST_SECONDS
    beat = time.monotonic() + heartbeat
    while time.monotonic() < until:
        told = feed.of(await watcher.changes(beat - time.monotonic()))
        if watcher.let_go:
            return
        if told or time.monotonic() >= beat:
            await response.write(told or b": still here\n\n")
            beat = time.monotonic() + heartbeat
