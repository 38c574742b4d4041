"""The publisher: what is offered to it goes out in turn, however long confirmed messages would like to rest."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial

import pytest

from shared.bus import publisher as publishing
from shared.bus.publisher import Publisher
from shared.document import Outgoing
from shared.ids import ulid
from tests.broker import channel_to
from tests.harness import eventually

ROOM = 10


@pytest.fixture
async def queue(amqp_url: str) -> AsyncIterator[str]:
    """The name of a queue that takes whatever is sent to it."""
    async with channel_to(amqp_url) as channel:
        yield (await channel.declare_queue(exclusive=True)).name


def message(queue: str) -> Outgoing:
    return Outgoing(ulid(), "", queue, "case.routed", "2026-11-23T09:00:00.000Z", "SQ-20261123-00017E", "{}", "")


async def test_in_a_long_stream_there_is_always_room_for_the_next_message(
    amqp_url: str, queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "MOST_IN_HAND", ROOM)
    publisher, settled = Publisher("routing"), set[str]()

    async def settle(published: Mapping[str, Sequence[str]]) -> None:
        settled.update(published)

    def has_gone(message_id: str) -> bool:
        return bool(publisher.confirmed(message_id)) or message_id in settled

    publisher.settle = settle
    async with channel_to(amqp_url) as channel:
        publisher.lend([await channel.get_underlay_channel()])
        running = asyncio.create_task(publisher.run())
        messages = [message(queue) for _ in range(5 * ROOM)]
        taken = 0
        for one in messages:
            taken += publisher.offer([(one.id, one)])
            await eventually(partial(has_gone, one.id))
        running.cancel()

    assert taken == len(messages)
