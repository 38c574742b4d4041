"""What is seen from outside while others work: messages arriving, queues draining, databases falling quiet."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Any, Self

import aio_pika
import aiormq.abc
import orjson
from aiormq.abc import DeliveredMessage
from aiormq.exceptions import ChannelNotFoundEntity

from bench.ground import Stage, until
from shared.bus import Topology
from shared.bus.wire import BATCH
from shared.cli import SERVICES
from shared.settings import Settings

QUORUM: dict[str, Any] = {"x-queue-type": "quorum"}
QUIET_SECONDS = 1.5
"""How long nobody must have written before all counts as done; the clock has stopped at the last write."""
POLL_SECONDS = 0.02
BUSY_POLL_SECONDS = 0.05
"""How often one looks whether everybody has come to rest."""
QUEUE_POLL_SECONDS = 0.2
"""How often queues are counted while everybody is at work: seldom enough to cost the others nothing."""
PATIENCE_SECONDS = 120.0


class Broker:
    """A connection of our own to the stage's virtual host."""

    def __init__(self, stage: Stage) -> None:
        self._url = stage.amqp_url
        self._stack = AsyncExitStack()
        self.channel: aiormq.abc.AbstractChannel

    async def __aenter__(self) -> Self:
        self._connection = await self._stack.enter_async_context(await aio_pika.connect(self._url))
        self.channel = await self._open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def collect(self, queue: str, exchange: str, keys: Sequence[str]) -> None:
        """Declare a queue that collects what is published under these keys."""
        await self.channel.exchange_declare(exchange, exchange_type="topic", durable=True)
        await self.channel.queue_declare(queue, durable=True, arguments=QUORUM)
        for key in keys:
            await self.channel.queue_bind(queue, exchange, routing_key=key)

    async def waiting(self, queues: Sequence[str]) -> dict[str, int]:
        """Messages ready in each of these queues; those that are not there count as empty."""
        return {queue: await self._waiting(queue) for queue in queues}

    async def _waiting(self, queue: str) -> int:
        try:
            declared = await self.channel.queue_declare(queue, passive=True)
        except ChannelNotFoundEntity:
            self.channel = await self._open()
            return 0
        return declared.message_count or 0

    async def arrivals(self, *queues: str) -> "Arrivals":
        """Consume these queues from now on."""
        arrivals = Arrivals(await self._open())
        for queue in queues:
            await arrivals.channel.basic_consume(queue, arrivals.take, no_ack=True)
        return arrivals

    async def holding(self, queues: Sequence[str], expected: int) -> float:
        """Wait until these queues hold so many messages; when that was. Raises `TimeoutError`."""

        async def so_many() -> bool:
            return sum((await self.waiting(queues)).values()) >= expected

        await until(so_many, within=PATIENCE_SECONDS, every=QUEUE_POLL_SECONDS)
        return time.monotonic()

    async def emptied(self, queues: Sequence[str], expected: int) -> "Arrivals":
        """Empty queues; raises `TimeoutError` where they do not hold at least so many events."""
        arrivals = await self.arrivals(*queues)
        await arrivals.count(expected)
        await arrivals.channel.close()
        return arrivals

    async def _open(self) -> aiormq.abc.AbstractChannel:
        channel = await self._connection.channel()
        return await channel.get_underlay_channel()


class Arrivals:
    """Messages as they come in, each with its moment; looked into afterwards, so that watching costs little."""

    def __init__(self, channel: aiormq.abc.AbstractChannel) -> None:
        self.channel = channel
        self.taken: list[tuple[float, DeliveredMessage]] = []
        self._events = 0

    async def take(self, message: DeliveredMessage) -> None:
        """Note a message."""
        self.taken.append((time.monotonic(), message))
        self._events += len(_opened(message)) if message.header.properties.content_type == BATCH else 1

    async def count(self, expected: int) -> None:
        """Wait until so many events have come. Raises `TimeoutError`."""

        async def all_there() -> bool:
            return self._events >= expected

        await until(all_there, within=PATIENCE_SECONDS, every=POLL_SECONDS)

    @property
    def last(self) -> float:
        """When the last message came."""
        return self.taken[-1][0]

    def events(self) -> list[tuple[float, str, Any]]:
        """(moment, complaint number, data) of every event, those in batches one by one."""
        return [(moment, number, data) for moment, message in self.taken for number, data in _opened(message)]

    def forget(self) -> None:
        """Begin anew."""
        self.taken, self._events = [], 0


def _opened(message: DeliveredMessage) -> list[tuple[str, Any]]:
    properties = message.header.properties
    content = orjson.loads(message.body)
    if properties.content_type == BATCH:
        return [(event["subject"], event["data"]) for event in content]
    headers = properties.headers or {}
    return [(str(headers.get("cloudEvents:subject") or content.get("number")), content)]


async def outboxes_empty(stage: Stage, services: Sequence[str]) -> float:
    """Wait until the broker has confirmed, and these services have struck out, all their messages; when that was."""
    for service in services:
        await until(partial(_all_published, stage, service), within=PATIENCE_SECONDS, every=POLL_SECONDS / 2)
    return time.monotonic()


async def _all_published(stage: Stage, service: str) -> bool:
    return not await stage.documents(service).count_documents({"outbox.id": {"$gt": ""}}, limit=1)


async def drained(stage: Stage, broker: Broker, queues: Sequence[str]) -> float:
    """Wait until nobody has anything left to do with these queues; returns the moment of the last write.

    The broker does not say how many messages are in a consumer's hands, so the database is watched: whoever has one in
    hand will write. Nothing is left when the queues are empty and nobody has written for a while.
    """
    writes, since = await _writes(stage), time.monotonic()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            await asyncio.sleep(BUSY_POLL_SECONDS)
            if (now := await _writes(stage)) != writes:
                writes, since = now, time.monotonic()
            elif time.monotonic() - since > QUIET_SECONDS and not any((await broker.waiting(queues)).values()):
                return since


async def _writes(stage: Stage) -> int:
    status = await stage.client.admin.command("serverStatus", repl=0, wiredTiger=0, metrics=0, locks=0)
    return sum(int(status["opcounters"][kind]) for kind in ("insert", "update", "delete"))


def queues_of(*services: str) -> list[str]:
    """The queues in which work for these services may wait: their own, and those for later."""
    delays = Settings.model_fields["retry_delays"].default
    topologies = [Topology(service, (), delays=delays) for service in services]
    later = [topology.retry_queue(attempt) for topology in topologies for attempt in range(1, len(delays) + 1)]
    return [*services, *later]


async def must_be_alive(broker: Broker, services: Sequence[str] = SERVICES) -> None:
    """Raises where a message has gone to a dead-letter queue: then the figures mean nothing."""
    dead = await broker.waiting([Topology(service, ()).dead_queue for service in services])
    if any(dead.values()):
        raise RuntimeError(f"there are dead letters: {dead}")
