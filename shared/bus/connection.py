"""The connection to RabbitMQ, and everything that has to be made anew when it comes back.

aio-pika's own robust connections have come back without their consumers (its issues 231, 334, 563). Here nothing is
restored: when the connection or one of its channels goes, all of it goes, and a fresh session is built from the
topology. Readiness asks whether such a session stands, consumers included.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass

import aio_pika
import aiormq.abc
import structlog
from aio_pika.abc import AbstractConnection
from aiormq.abc import DeliveredMessage
from pamqp.commands import Basic
from yarl import URL

from shared.bus import wire
from shared.bus.consumer import Consumer, Decode, Handle, Patience, tag_of
from shared.bus.publisher import Publisher
from shared.bus.topology import Topology

log = structlog.get_logger(__name__)

PUBLISH_CHANNELS = 4
CONNECT_TIMEOUT = 5.0
HEARTBEAT = 3
"""Seconds between signs of life. A replica that gave none for three of these, because its machine hangs or is lost, is
given up by the broker, and its ticks and messages go to another one. The URL may say otherwise (`?heartbeat=60`)."""

HURRIED = 1 / 4
"""The share of the usual time between two ticks after which the next one comes where something is due already."""

Tick = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Feed:
    """One queue to consume: how to read its messages, and what to do with them."""

    queue: str
    decode: Decode
    handle: Handle


class Bus:
    """One service's life on the broker: publishing, consuming, ticking, and coming back after every fall."""

    def __init__(self, url: str, topology: Topology, patience: Patience) -> None:
        self._url, self._topology, self._patience = url, topology, patience
        self.publisher = Publisher(topology.service)
        self._neighbours: Sequence[Topology] = ()
        self._connection: AbstractConnection | None = None
        self._feeds: list[Feed] = []
        self._tick: Tick | None = None
        self._tick_seconds = 1.0
        self._hurry = asyncio.Event()
        self._consumers: list[Consumer] = []
        self._at_rest = asyncio.Event()
        self._at_rest.set()
        self._connected = asyncio.Event()
        self._stood = False
        self._leaving = False

    def feed(self, queue: str, handle: Handle, decode: Decode = wire.decode_event) -> None:
        """Have this queue's messages handled; said before `run`."""
        self._feeds.append(Feed(queue, decode, handle))

    async def declare_too(self, neighbours: Sequence[Topology]) -> None:
        """Declare what other services need before publishing anything; more of it may be said while a session stands.

        An event goes to the queues there are: whoever starts first sees to everybody's, or the others would miss it.
        Raises what the broker raises; then nothing has been changed.
        """
        if self._connection and list(neighbours) != list(self._neighbours):
            async with self._connection.channel() as channel:
                for topology in neighbours:
                    await topology.declare(channel)
        self._neighbours = neighbours

    def every_tick(self, tick: Tick, seconds: float) -> None:
        """Have `tick` awaited about every `seconds`, in one replica of the service at a time; said before `run`."""
        self._tick, self._tick_seconds = tick, seconds

    def hurry(self) -> None:
        """Let the next tick come soon: something is due already."""
        self._hurry.set()

    @property
    def ready(self) -> bool:
        """Whether a session stands: connected, declared, and every queue has our consumer."""
        return self._connected.is_set()

    async def connected(self) -> None:
        """Wait until a session stands."""
        await self._connected.wait()

    async def run(self) -> None:
        """Keep a session with the broker until cancelled, whatever happens to it."""
        pause = 0.1
        while True:
            try:
                await self._session()
            except Exception as error:
                log.warning("broker_session_lost", error=repr(error), again_in=pause)
            if self._stood:
                pause = 0.1
            self._close()
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    async def drain(self) -> None:
        """Stop consuming and ticking, finish what is in hand, publish what came of it."""
        self._leaving = True
        for consumer in self._consumers:
            with suppress(aiormq.exceptions.AMQPError, ConnectionError):
                await consumer.drain()
        await self._at_rest.wait()
        await self.publisher.drain()

    def _close(self) -> None:
        self._connected.clear()
        self._stood = False
        self._connection = None
        self._consumers = []
        self.publisher.lend(())

    async def _session(self) -> None:
        async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
            # Not `aio_pika.connect`: it leaves connections that failed unclosed.
            connection = aio_pika.Connection(_with_heartbeat(URL(self._url)))
            stack.push_async_callback(_close_quietly, connection)
            await connection.connect(CONNECT_TIMEOUT)
            self._connection = connection
            declaring = await connection.channel()
            for topology in self._neighbours or [self._topology]:
                await topology.declare(declaring)
            watched = [await _channel(connection) for _ in range(PUBLISH_CHANNELS)]
            self.publisher.lend(list(watched))
            feeds = () if self._leaving else self._feeds
            watched += [await self._consume(connection, feed, tasks) for feed in feeds]
            if self._tick and not self._leaving:
                watched.append(await self._follow_ticks(connection, self._tick, tasks))
            self._connected.set()
            self._stood = True
            log.info("broker_session_began", service=self._topology.service)
            await _first_closed(connection, watched)
            self._connected.clear()
            raise ConnectionError("the connection or one of its channels was closed")

    async def _consume(
        self, connection: AbstractConnection, feed: Feed, tasks: asyncio.TaskGroup
    ) -> aiormq.abc.AbstractChannel:
        channel = await _channel(connection)
        consumer = Consumer(channel, feed.queue, feed.decode, feed.handle, self._topology, self._patience)
        await consumer.start()
        self._consumers.append(consumer)
        if self._leaving:
            await consumer.drain()
        tasks.create_task(consumer.run())
        return channel

    async def _follow_ticks(
        self, connection: AbstractConnection, tick: Tick, tasks: asyncio.TaskGroup
    ) -> aiormq.abc.AbstractChannel:
        """Publish ticks, and act on those that the broker gives to this replica: the leader is whoever gets them."""
        channel = await _channel(connection)
        queue = self._topology.tick_queue

        async def on_tick(message: DeliveredMessage) -> None:
            if self._leaving:
                return  # the tick goes back, and to another replica
            self._at_rest.clear()
            try:
                await tick()
            except Exception as error:
                log.warning("tick_failed", error=repr(error))
            finally:
                self._at_rest.set()
            await channel.basic_ack(tag_of(message))

        await channel.basic_qos(prefetch_count=1)
        await channel.basic_consume(queue, on_tick)
        tasks.create_task(self._publish_ticks(channel, queue))
        return channel

    async def _publish_ticks(self, channel: aiormq.abc.AbstractChannel, queue: str) -> None:
        while True:
            transient = Basic.Properties(delivery_mode=1)
            await channel.basic_publish(b"", routing_key=queue, properties=transient)
            await asyncio.sleep(self._tick_seconds * HURRIED)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._tick_seconds * (1 - HURRIED)):
                    await self._hurry.wait()
            self._hurry.clear()


def _with_heartbeat(url: URL) -> URL:
    return url if "heartbeat" in url.query else url.update_query(heartbeat=HEARTBEAT)


async def _channel(connection: AbstractConnection) -> aiormq.abc.AbstractChannel:
    channel = await connection.channel()
    return await channel.get_underlay_channel()


async def _first_closed(connection: AbstractConnection, channels: Sequence[aiormq.abc.AbstractChannel]) -> None:
    """Wait until the connection or a channel is closed, or the broker has cancelled a consumer (its queue is gone)."""
    cancelled = asyncio.Event()
    for channel in channels:
        channel.on_consumer_cancel_callbacks.add(lambda _: cancelled.set())
    waits = [connection.closed(), cancelled.wait(), *(channel.closing for channel in channels)]
    watches = [asyncio.shield(wait) for wait in waits]
    try:
        await asyncio.wait(watches, return_when=asyncio.FIRST_COMPLETED)
    finally:
        cancelled.set()
        for watch in watches:
            watch.cancel()


async def _close_quietly(connection: AbstractConnection) -> None:
    with suppress(Exception):
        await asyncio.wait_for(connection.close(), 2)
