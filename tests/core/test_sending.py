"""Sending: many messages in one go, the broker's word on each, and none of them waited for in vain."""

import asyncio
from collections.abc import AsyncIterator
from typing import cast

import aiormq
import aiormq.abc
import pytest
from aio_pika.abc import AbstractQueue
from aiormq.exceptions import ChannelInvalidStateError
from pamqp.commands import Basic

from shared.bus import sending
from shared.bus.sending import Parcel, Unroutable, confirmed, send
from shared.ids import ulid
from tests.broker import channel_to
from tests.line import line_to


@pytest.fixture
async def queue(amqp_url: str) -> AsyncIterator[AbstractQueue]:
    """A queue that takes whatever is sent to it."""
    async with channel_to(amqp_url) as channel:
        yield await channel.declare_queue(exclusive=True)


@pytest.fixture
async def channel(amqp_url: str) -> AsyncIterator[aiormq.abc.AbstractChannel]:
    """A channel to send on."""
    async with channel_to(amqp_url) as channel:
        yield await channel.get_underlay_channel()


def parcel(key: str, body: bytes = b"{}") -> Parcel:
    return Parcel(body, "", key, Basic.Properties(message_id=ulid()))


async def bodies(queue: AbstractQueue, count: int) -> list[bytes]:
    messages = [await queue.get(no_ack=True, timeout=5) for _ in range(count)]
    return [message.body for message in messages]


async def test_many_messages_arrive_in_their_order(channel: aiormq.abc.AbstractChannel, queue: AbstractQueue) -> None:
    texts = [f"{n}".encode() for n in range(500)]

    faults = await send(channel, [parcel(queue.name, text) for text in texts])

    assert faults == [None] * 500
    assert await bodies(queue, 500) == texts


async def test_a_message_that_no_queue_takes_is_the_only_one_refused(
    channel: aiormq.abc.AbstractChannel, queue: AbstractQueue
) -> None:
    faults = await send(channel, [parcel(queue.name), parcel("nowhere"), parcel(queue.name)])

    assert [type(fault) for fault in faults] == [type(None), Unroutable, type(None)]


async def test_a_message_larger_than_a_frame_arrives_whole(
    channel: aiormq.abc.AbstractChannel, queue: AbstractQueue
) -> None:
    large = bytes(range(256)) * 2_000

    await confirmed(channel, large, "", queue.name, Basic.Properties(message_id=ulid()))

    assert await bodies(queue, 1) == [large]


async def test_senders_on_one_channel_each_hear_of_their_own_messages(
    channel: aiormq.abc.AbstractChannel, queue: AbstractQueue
) -> None:
    sent = [send(channel, [parcel(key) for _ in range(20)]) for key in (queue.name, "nowhere") * 20]

    faults = await asyncio.gather(*sent)

    assert [set(map(type, some)) for some in faults] == [{type(None)}, {Unroutable}] * 20


async def test_when_the_connection_goes_nobody_waits_for_confirms(amqp_url: str, queue: AbstractQueue) -> None:
    async with line_to(amqp_url) as line, channel_to(line.url) as channel:
        underlay = await channel.get_underlay_channel()
        line.strike_deaf()
        sending = asyncio.create_task(send(underlay, [parcel(queue.name), parcel(queue.name)]))
        await asyncio.sleep(0)
        await line.cut()

        faults = await asyncio.wait_for(sending, 5)

    assert [type(fault) for fault in faults] == [ConnectionError, ConnectionError]


async def test_a_sender_who_does_not_get_to_write_gives_up(
    channel: aiormq.abc.AbstractChannel, queue: AbstractQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "CONFIRM_TIMEOUT", 0.1)

    async with cast(aiormq.Channel, channel).lock:
        with pytest.raises(TimeoutError):
            await send(channel, [parcel(queue.name)])

    assert await send(channel, [parcel(queue.name)]) == [None]


async def test_on_a_closed_channel_nothing_is_sent(amqp_url: str, queue: AbstractQueue) -> None:
    async with channel_to(amqp_url) as channel:
        underlay = await channel.get_underlay_channel()
        await channel.close()

        with pytest.raises(ChannelInvalidStateError):
            await send(underlay, [parcel(queue.name)])
