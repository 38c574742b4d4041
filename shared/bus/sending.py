"""Sending: any number of messages written to a channel in one go, and the broker's word on each of them.

aiormq publishes message by message, with a time limit, a lock and five callbacks for each: many times the work of the
messages themselves. Its channel goes on keeping the books on confirms and returns; here it is told of many at once.
"""

import asyncio
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias, cast

import aiormq
import aiormq.abc
from aiormq.abc import ChannelFrame
from pamqp.body import ContentBody
from pamqp.commands import Basic
from pamqp.frame import marshal
from pamqp.header import ContentHeader

CONFIRM_TIMEOUT = 10.0
"""Seconds to wait until messages can be written, and for the broker's confirm after that."""


Confirm: TypeAlias = "asyncio.Future[Any]"
"""What the broker says to one message: `Basic.Ack`, or the message itself where no queue takes it."""


class Unroutable(Exception):
    """The broker has no queue for this message; it stays in its outbox until there is one."""


class Parcel(NamedTuple):
    """One AMQP message on its way out; its properties say its id."""

    body: bytes
    exchange: str
    key: str
    properties: Basic.Properties

    @property
    def id(self) -> str:
        """What the broker calls it by where no queue takes it."""
        return str(self.properties.message_id)


async def confirmed(
    channel: aiormq.abc.AbstractChannel, body: bytes, exchange: str, key: str, properties: Basic.Properties
) -> None:
    """Publish and wait for the broker's confirm; an unroutable message is an error (`mandatory`)."""
    [fault] = await send(channel, [Parcel(body, exchange, key, properties)])
    if fault:
        raise fault


async def send(lent: aiormq.abc.AbstractChannel, parcels: Sequence[Parcel]) -> list[BaseException | None]:
    """Publish all of these; for each in order nothing once the broker has confirmed it, or what is wrong.

    Raises what aiormq raises where the channel is closed already, and `TimeoutError` where it does not get to write;
    then nothing was sent.
    """
    channel = cast(aiormq.Channel, lent)
    payload = b"".join(frame for parcel in parcels for frame in _frames(channel, parcel))
    async with asyncio.timeout(CONFIRM_TIMEOUT), channel.lock:
        await channel.write_queue.put(ChannelFrame(payload=payload, should_close=False))
        # Only what is written has a number, and nobody can have answered before this goes on.
        confirms = [_expect(channel, parcel) for parcel in parcels]
    await _until_answered(channel, confirms)
    return [_fault(channel, parcel, confirm) for parcel, confirm in zip(parcels, confirms, strict=True)]


def _frames(channel: aiormq.Channel, parcel: Parcel) -> Iterator[bytes]:
    """The message as AMQP 0-9-1 writes it (section 4.2.6): method, header, and as much body to a frame as fits."""
    size, most = len(parcel.body), channel.max_content_size
    yield _publish_frame(parcel.exchange, parcel.key, channel.number)
    yield marshal(ContentHeader(properties=parcel.properties, body_size=size), channel.number)
    for start in range(0, size, most):
        yield marshal(ContentBody(parcel.body[start : start + most]), channel.number)


@lru_cache
def _publish_frame(exchange: str, key: str, number: int) -> bytes:
    return marshal(Basic.Publish(exchange=exchange, routing_key=key, mandatory=True), number)


def _expect(channel: aiormq.Channel, parcel: Parcel) -> Confirm:
    """Enter a message that has just been written into the channel's books."""
    channel.delivery_tag += 1
    channel.message_id_delivery_tag[parcel.id] = channel.delivery_tag
    confirm = channel.confirmations[channel.delivery_tag] = channel.loop.create_future()
    return confirm


async def _until_answered(channel: aiormq.Channel, confirms: Sequence[Confirm]) -> None:
    """Wait for the broker as long as the channel stands; what is open after that is given up."""
    closing = channel.closing  # an observer of our own: done when the channel closes, or when it is cancelled here
    closing.add_done_callback(lambda _: [confirm.cancel() for confirm in confirms])
    try:
        await asyncio.wait(confirms, timeout=CONFIRM_TIMEOUT)
    finally:
        closing.cancel()


def _fault(channel: aiormq.Channel, parcel: Parcel, confirm: Confirm) -> BaseException | None:
    channel.message_id_delivery_tag.pop(parcel.id, None)
    if not confirm.done() or confirm.cancelled():
        return ConnectionError("the broker did not answer")
    if error := confirm.exception():
        return error
    taken = isinstance(confirm.result(), Basic.Ack)
    return None if taken else Unroutable(f"no queue takes {parcel.key or parcel.exchange}")
