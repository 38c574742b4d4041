"""The publisher: sends what has gathered in the outboxes, and has it taken out once the broker confirmed it.

While the messages of one kind are under way, further ones gather and then travel together: alone when the system is
quiet, many in one when it is busy. What cannot be sent is forgotten here; it still waits in its document's outbox,
where the sweeper finds it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

import aiormq.abc
import structlog
from pamqp.commands import Basic

from shared.bus import wire
from shared.bus.sending import Parcel, send
from shared.bus.topology import DEPARTMENTS
from shared.document import Outgoing
from shared.ids import ulid
from shared.lull import Lull
from shared.telemetry import PUBLISHED

log = structlog.get_logger(__name__)

Entry = tuple[str, Outgoing]
Settle = Callable[[Mapping[str, Sequence[str]]], Awaitable[None]]

MOST_IN_ONE = 64
"""Events in one message; at about 1 KB each it stays within one AMQP frame of 128 KB."""
MOST_BYTES_IN_ONE = 512 * 1024
"""Characters after which a message takes no further event."""
MOST_IN_HAND, MOST_UNSENT = 50_000, 20_000
"""Messages held here until they are settled, and of them those not confirmed yet, which are held with all they say.

The rest wait in their outboxes, and go out behind all others. Where half as many are in hand as there may be, confirmed
ones are settled without a rest, so that there is room."""
SETTLE_LINGER = 2.0
"""Seconds that confirmed messages wait at least in a busy system, and twice that at most, before they are taken out of
their outboxes: by then the next change of their document has mostly taken them along, and the others go many in one
write. Shorter than the age at which others sweep."""
SETTLED_AT_ONCE = 1000
"""Documents whose outboxes are emptied in one write."""
SENT_AT_ONCE = 200
"""Messages of one kind written in one go."""


class Publisher:
    """Publishes for one service over whatever channels the connection lends it."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._channels: Sequence[aiormq.abc.AbstractChannel] = ()
        self._waiting: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self._under_way: set[tuple[str, str]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._published: dict[str, list[str]] = defaultdict(list)
        self._rested: set[str] = set()
        """The documents with messages that were confirmed when outboxes were emptied last."""
        self._lull = Lull(SETTLE_LINGER)
        self._in_hand: set[str] = set()
        self._unsent = 0
        self._turn = 0
        self.settle: Settle | None = None

    def lend(self, channels: Sequence[aiormq.abc.AbstractChannel]) -> None:
        """Use these channels from now on; none when the connection is gone."""
        self._channels = channels
        if not channels:
            self._let_go(entry for waiting in self._waiting.values() for entry in waiting)
            self._waiting.clear()

    def offer(self, entries: Sequence[Entry]) -> int:
        """Publish these (document id, message) pairs as soon as can be; returns how many were not in hand already."""
        taken = 0
        for entry in entries if self._channels else ():
            message = entry[1]
            if message.id in self._in_hand or not self.has_room:
                continue
            taken += 1
            self._unsent += 1
            self._in_hand.add(message.id)
            kind = (message.exchange, message.key)
            self._waiting[kind].append(entry)
            if kind not in self._under_way:
                self._start(kind)
        return taken

    @property
    def has_room(self) -> bool:
        """Whether another message would be taken in hand."""
        return bool(self._channels) and len(self._in_hand) < MOST_IN_HAND and self._unsent < MOST_UNSENT

    def confirmed(self, document_id: str) -> Sequence[str]:
        """The messages of a document that the broker has confirmed and that still stand in its outbox."""
        return self._published.get(document_id, ())

    def struck(self, document_id: str) -> None:
        """A change of the document has emptied its outbox of all that was confirmed."""
        self._in_hand.difference_update(self._published.pop(document_id, ()))

    def _let_go(self, entries: Iterable[Entry]) -> None:
        """Forget these messages; they still wait in their outboxes."""
        ids = [message.id for _, message in entries]
        self._in_hand.difference_update(ids)
        self._unsent -= len(ids)

    async def run(self) -> None:
        """Take published messages out of their outboxes, for ever."""
        while True:
            quiet = await self._lull.come()
            await self._settle(self._published if quiet else self._rested)
            self._rested = set(self._published)
            if self._rested:
                self._lull.stir()

    async def settle_now(self) -> None:
        """Take what the broker has confirmed so far out of the outboxes; where that fails, the sweeper repeats it."""
        await self._settle(self._published)

    async def _settle(self, documents: Iterable[str]) -> None:
        rest = [key for key in documents if key in self._published]  # the others were struck by the way
        while rest and self.settle:
            some, rest = rest[:SETTLED_AT_ONCE], rest[SETTLED_AT_ONCE:]
            batch = {key: self._published.pop(key) for key in some if key in self._published}
            try:
                await self.settle(batch)
            except Exception as error:
                log.warning("outbox_not_settled", documents=len(batch), error=str(error))
            self._in_hand.difference_update(*batch.values())

    async def drain(self) -> None:
        """Wait until everything in hand is confirmed and settled."""
        while self._tasks:
            await asyncio.wait(self._tasks)
        await self.settle_now()

    def _start(self, kind: tuple[str, str]) -> None:
        self._under_way.add(kind)
        task = asyncio.get_running_loop().create_task(self._publish_all(kind))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _publish_all(self, kind: tuple[str, str]) -> None:
        try:
            while waiting := self._waiting.pop(kind, None):
                await self._publish(kind, waiting)
        finally:
            self._under_way.discard(kind)

    async def _publish(self, kind: tuple[str, str], entries: list[Entry]) -> None:
        chunks = _chunks(entries, 1 if kind[0] == DEPARTMENTS else MOST_IN_ONE)
        for start in range(0, len(chunks), SENT_AT_ONCE):
            some = chunks[start : start + SENT_AT_ONCE]
            for chunk, fault in zip(some, await self._send(kind, some), strict=True):
                self._note(kind, chunk, fault)
        self._lull.stir()
        if len(self._in_hand) > MOST_IN_HAND // 2:
            self._lull.enough()

    def _note(self, kind: tuple[str, str], chunk: Sequence[Entry], fault: BaseException | None) -> None:
        if fault:
            log.warning("publish_failed", key=kind[1], messages=len(chunk), error=repr(fault))
            self._let_go(chunk)
            return
        self._unsent -= len(chunk)
        for document_id, outgoing in chunk:
            self._published[document_id].append(outgoing.id)
        PUBLISHED.labels(self._source).inc(len(chunk))

    async def _send(self, kind: tuple[str, str], chunks: Sequence[Sequence[Entry]]) -> Sequence[BaseException | None]:
        """Send one message for each chunk; what went wrong with each, if anything did."""
        try:
            return await send(self._channel(), [self._parcel(kind, chunk) for chunk in chunks])
        except Exception as error:
            return [error] * len(chunks)

    def _parcel(self, kind: tuple[str, str], chunk: Sequence[Entry]) -> Parcel:
        messages = [outgoing for _, outgoing in chunk]
        if len(messages) == 1:
            return Parcel(messages[0].data.encode(), *kind, wire.properties(messages[0], self._source))
        properties = Basic.Properties(content_type=wire.BATCH, message_id=ulid(), delivery_mode=2)
        return Parcel(wire.batch(messages, self._source), *kind, properties)

    def _channel(self) -> aiormq.abc.AbstractChannel:
        if not self._channels:
            raise ConnectionError("the broker is away")
        self._turn = (self._turn + 1) % len(self._channels)
        return self._channels[self._turn]


def _chunks(entries: Sequence[Entry], most: int) -> list[list[Entry]]:
    """What travels in one message each: at most so many, and no more than the broker likes to see in one."""
    chunks: list[list[Entry]] = []
    size = 0
    for entry in entries:
        if not chunks or len(chunks[-1]) >= most or size > MOST_BYTES_IN_ONE:
            chunks.append([])
            size = 0
        chunks[-1].append(entry)
        size += len(entry[1].data)
    return chunks
