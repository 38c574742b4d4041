"""The broker seen from outside: what was published, what lies in a queue, and messages of any shape put into one."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aio_pika
import orjson
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from shared.bus import wire
from shared.bus.topology import EVENTS
from shared.bus.wire import BATCH, PREFIX
from shared.document import Outgoing


class Tap:
    """Hears whatever is published to an exchange, from the moment it is opened."""

    def __init__(self) -> None:
        self.seen: list[dict[str, str]] = []
        self.sizes: list[int] = []
        self.said: list[tuple[str, Any]] = []

    async def on_message(self, message: AbstractIncomingMessage) -> None:
        """Keep type, data and attributes of every event in a message, and how many it carried."""
        if message.content_type == BATCH:
            events = orjson.loads(message.body)
        else:
            events = [{key.removeprefix(PREFIX): value for key, value in message.headers.items()}]
            events[0]["data"] = orjson.loads(message.body)
        self.said += [(event["type"], event["data"]) for event in events]
        self.sizes.append(len(events))
        self.seen += [{name: str(event.get(name, "")) for name in ("id", "type", "subject")} for event in events]

    def ids(self, kind: str, number: str = "") -> list[str]:
        """The ids of the events of a type that were heard, repetitions included."""
        return [one["id"] for one in self.seen if one["type"] == kind and number in ("", one["subject"])]


@asynccontextmanager
async def channel_to(url: str) -> AsyncIterator[AbstractChannel]:
    """A channel of one's own."""
    connection = await aio_pika.connect(url)
    async with connection:
        yield await connection.channel()


@asynccontextmanager
async def tapped(url: str, exchange: str = EVENTS, key: str = "#") -> AsyncIterator[Tap]:
    """Hear what is published to an exchange while the block runs."""
    tap = Tap()
    async with channel_to(url) as channel:
        source = await channel.declare_exchange(exchange, "topic", durable=True)
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(source, key)
        await queue.consume(tap.on_message, no_ack=True)
        yield tap


async def publish(url: str, *messages: Outgoing, queue: str = "") -> None:
    """Publish each of these on its exchange, or straight into a queue."""
    async with channel_to(url) as channel:
        underlay = await channel.get_underlay_channel()
        for one in messages:
            exchange, key = ("", queue) if queue else (one.exchange, one.key)
            properties = wire.properties(one, "test")
            await underlay.basic_publish(
                one.data.encode(), exchange=exchange, routing_key=key, properties=properties, timeout=5
            )


async def put(
    url: str,
    queue: str,
    body: bytes,
    headers: dict[str, Any] | None = None,
    content_type: str = "application/json",
    **properties: Any,
) -> None:
    """Put a message of any shape into a queue."""
    async with channel_to(url) as channel:
        message = aio_pika.Message(
            body, headers=headers or {}, content_type=content_type, delivery_mode=2, **properties
        )
        await channel.default_exchange.publish(message, routing_key=queue)


async def put_batch(url: str, queue: str, elements: Sequence[Any]) -> None:
    """Put several events into a queue in one message."""
    await put(url, queue, orjson.dumps(elements), content_type=BATCH)


async def depth(url: str, queue: str) -> int:
    """How many messages wait in a queue."""
    async with channel_to(url) as channel:
        found = await channel.declare_queue(queue, passive=True)
        return int(found.declaration_result.message_count or 0)


async def contents(url: str, queue: str) -> list[AbstractIncomingMessage]:
    """The messages that wait in a queue; they stay there."""
    found = []
    async with channel_to(url) as channel:
        waiting = await channel.get_queue(queue)
        while message := await waiting.get(fail=False):
            found.append(message)
    return found


async def gone(url: str, queue: str) -> None:
    """Delete a queue, as an operator's mistake would."""
    async with channel_to(url) as channel:
        await channel.queue_delete(queue)
    await asyncio.sleep(0)
