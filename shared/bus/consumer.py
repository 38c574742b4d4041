"""The consumer: batches in, one verdict for each message, one acknowledgement for many.

A delivery that carries several events is settled event by event: what has to wait or is dead goes on alone, to the
delay queue or the dead-letter queue, before the delivery is acknowledged.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

import aiormq.abc
import structlog
from aiormq.abc import DeliveredMessage

from shared.bus import wire
from shared.bus.answers import DONE, answer
from shared.bus.sending import confirmed
from shared.bus.topology import Topology
from shared.clock import now
from shared.contracts.event import Message
from shared.contracts.values import rfc3339
from shared.errors import BUG, problem
from shared.lull import Lull
from shared.telemetry import MESSAGES

log = structlog.get_logger(__name__)

MOST_BYTES = 4 * 1024 * 1024
"""A batch is full at this size too: one delivery may carry many events."""

MOST_COUNTED = 1_000_000
"""More attempts than this nobody has made."""

LONGEST_REASON = 1000
"""Characters of an error that a message put aside carries with it."""

Decode = Callable[[wire.Raw], Message]

ATTEMPTS, WAITS, REASON = "x-redress-attempts", "x-redress-waits", "x-redress-reason"
FIRST_ERROR, LAST_ERROR, FIRST_AT = "x-redress-first-error", "x-redress-last-error", "x-redress-first-at"


class Verdict(NamedTuple):
    """What became of one message, and why where it is not done; `problem` says so to a sender who asked."""

    answer: Literal["done", "later", "failed", "dead"]
    reason: str = ""
    problem: Mapping[str, Any] | None = None


done = Verdict("done")


def later(reason: str) -> Verdict:
    """Try again after a while; it costs no attempt."""
    return Verdict("later", reason)


def failed(reason: str) -> Verdict:
    """Try again after a growing delay, until the attempts are used up."""
    return Verdict("failed", reason)


def dead(reason: str, problem: Mapping[str, Any] | None = None) -> Verdict:
    """Never try again: put aside for a person to look at."""
    return Verdict("dead", reason, problem)


class Delivery(NamedTuple):
    """One message that was understood."""

    message: Message
    raw: wire.Raw


Handle = Callable[[Sequence[Message]], Awaitable[Sequence[Verdict]]]
"""Handles a batch of messages; answers with a verdict for each, in order. Raises where nothing is known of any."""


@dataclass(frozen=True)
class Patience:
    """How long a message is given.

    `attempts`: failures before it is dead; `batch`: messages in one batch; `linger`: how long the first of a batch
    waits for others at most, in seconds; `waiting`: how long it may be answered with "not yet".
    """

    attempts: int
    batch: int
    linger: float
    waiting: timedelta = timedelta(days=1)


def tag_of(message: DeliveredMessage) -> int:
    """What the broker knows this delivery by. Raises ValueError for a message that was not delivered to a consumer."""
    if message.delivery_tag is None:
        raise ValueError("this message was not delivered to a consumer")
    return message.delivery_tag


class Consumer:
    """Feeds one queue's messages to a handler, on a channel of its own, until the channel closes."""

    def __init__(
        self,
        channel: aiormq.abc.AbstractChannel,
        queue: str,
        decode: Decode,
        handle: Handle,
        topology: Topology,
        patience: Patience,
    ) -> None:
        self._channel, self.queue, self._decode, self._handle = channel, queue, decode, handle
        self._topology, self._patience = topology, patience
        self._arrived: deque[DeliveredMessage] = deque()
        self._lull = Lull(patience.linger)
        self._tag: str | None = None
        self._leaving = False
        self._idle = asyncio.Event()
        self._idle.set()

    async def start(self) -> None:
        """Ask the broker for messages, up to twice a batch ahead."""
        await self._channel.basic_qos(prefetch_count=2 * self._patience.batch)
        answer = await self._channel.basic_consume(self.queue, self._arrive)
        self._tag = answer.consumer_tag

    async def drain(self) -> None:
        """Take no more messages, and finish the batch in hand; what is left goes back to the queue."""
        self._leaving = True
        if self._tag and not self._channel.is_closed:
            await self._channel.basic_cancel(self._tag)
        await self._idle.wait()

    async def run(self) -> None:
        """Handle batch after batch, for ever.

        A batch of which nothing is known (the database is away) is kept and tried again, not handed back: going back
        and forth would use up the broker's delivery limit and bury messages that nothing is wrong with.
        """
        while True:
            batch = await self._gather()
            if self._leaving:
                return
            self._idle.clear()
            try:
                await self._settle(batch)
            finally:
                self._idle.set()

    async def _settle(self, batch: Sequence[DeliveredMessage]) -> None:
        understood = [delivery for message in batch for delivery in await self._understand(message)]
        verdicts = await self._handle_patiently([delivery.message for delivery in understood])
        for delivery, verdict in zip(understood, verdicts, strict=True):
            if verdict.answer != "done":
                await self._put_aside(delivery.raw, verdict)
            elif delivery.raw.answer_to:
                await answer(self._channel, delivery.raw, DONE)
        await self._channel.basic_ack(tag_of(batch[-1]), multiple=True, wait=False)
        for fate, number in Counter(verdict.answer for verdict in verdicts).items():
            MESSAGES.labels(self._topology.service, fate).inc(number)

    async def _handle_patiently(self, messages: Sequence[Message]) -> Sequence[Verdict]:
        pause = 0.1
        while True:
            try:
                return await self._handle(messages)
            except Exception as error:
                if self._channel.is_closed or self._leaving:
                    raise
                count = len(messages)
                log.warning("batch_not_handled", queue=self.queue, messages=count, error=repr(error), pause=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    async def _gather(self) -> list[DeliveredMessage]:
        """Everything that arrives until there is a lull, up to a full batch."""
        await self._lull.come()
        batch: list[DeliveredMessage] = []
        size = 0
        while self._arrived and len(batch) < self._patience.batch and size < MOST_BYTES:
            batch.append(self._arrived.popleft())
            size += len(batch[-1].body)
        if self._arrived:
            self._stir()
        return batch

    async def _arrive(self, message: DeliveredMessage) -> None:
        self._arrived.append(message)
        self._stir()

    def _stir(self) -> None:
        self._lull.stir()
        if len(self._arrived) >= self._patience.batch:
            self._lull.enough()

    async def _understand(self, message: DeliveredMessage) -> list[Delivery]:
        try:
            raws = list(wire.split(message))
        except wire.Undecodable as error:
            await self._put_aside(wire.whole(message), dead(str(error)))
            return []
        understood = []
        for raw in raws:
            try:
                understood.append(Delivery(self._decode(raw), raw))
            except wire.Undecodable as error:
                await self._put_aside(raw, dead(str(error), problem(422, "invalid", str(error))))
        return understood

    async def _put_aside(self, raw: wire.Raw, verdict: Verdict) -> None:
        headers = self._history(raw, verdict)
        queue, reason = self._next_stop(headers, verdict)
        if reason:
            headers[REASON] = reason[:LONGEST_REASON]
            await answer(self._channel, raw, verdict.problem or BUG)
        level = log.error if reason else log.info
        level("message_put_aside", queue=self.queue, to=queue, type=raw.attributes.get("type"), reason=verdict.reason)
        await confirmed(self._channel, wire.body(raw), "", queue, wire.again(raw, headers))

    def _history(self, raw: wire.Raw, verdict: Verdict) -> dict[str, Any]:
        before = raw.headers
        return {
            ATTEMPTS: count_in(before.get(ATTEMPTS)) + (verdict.answer == "failed"),
            WAITS: count_in(before.get(WAITS)) + (verdict.answer == "later"),
            FIRST_AT: _moment(before.get(FIRST_AT)) or rfc3339(now()),
            FIRST_ERROR: str(before.get(FIRST_ERROR) or verdict.reason)[:LONGEST_REASON],
            LAST_ERROR: verdict.reason[:LONGEST_REASON],
        }

    def _next_stop(self, history: dict[str, Any], verdict: Verdict) -> tuple[str, str]:
        """Which queue the message goes to now, and the reason if it is dead."""
        if verdict.answer == "dead":
            return self._topology.dead_queue, verdict.reason
        if verdict.answer == "failed" and history[ATTEMPTS] >= self._patience.attempts:
            return self._topology.dead_queue, f"failed {history[ATTEMPTS]} times: {verdict.reason}"
        if verdict.answer == "later" and now() - datetime.fromisoformat(history[FIRST_AT]) > self._patience.waiting:
            return self._topology.dead_queue, f"waited since {history[FIRST_AT]}: {verdict.reason}"
        tries = history[ATTEMPTS] if verdict.answer == "failed" else history[WAITS]
        return self._topology.retry_queue(tries), ""


def count_in(said: object) -> int:
    """A count from a header; others may have written anything there."""
    return said if isinstance(said, int) and 0 <= said < MOST_COUNTED else 0


def _moment(said: object) -> str:
    """A moment from a header, or nothing where it is none."""
    try:
        return rfc3339(datetime.fromisoformat(said)) if isinstance(said, str) else ""
    except (ValueError, OverflowError):  # the latter for one that is out of bounds in UTC
        return ""
