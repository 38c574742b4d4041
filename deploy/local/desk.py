"""A department's desk: work orders come in on its queue, replies go out on the bus."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from shared.contracts.departments import Reply, WorkOrder
from shared.ids import ulid

REPLIES = "department.replies"


class Desk:
    """The desk of one department."""

    def __init__(self, channel: AbstractChannel, department: str) -> None:
        self._channel = channel
        self.department = department

    async def orders(self) -> AsyncIterator[tuple[WorkOrder, AbstractIncomingMessage]]:
        """Each work order as it comes, with the message to acknowledge when it is dealt with."""
        queue = await self._channel.get_queue(f"department.{self.department}", ensure=True)
        async with queue.iterator() as messages:
            async for message in messages:
                yield WorkOrder.model_validate_json(message.body), message

    async def send(self, reply: Reply) -> None:
        """Put a reply on the bus; back when the broker has it."""
        message = aio_pika.Message(
            reply.model_dump_json().encode(),
            content_type="application/json",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=ulid(),
        )
        await self._channel.default_exchange.publish(message, REPLIES)


@asynccontextmanager
async def desks(amqp_url: str, departments: list[str]) -> AsyncIterator[dict[str, Desk]]:
    """The desks of some departments, each with a channel of its own, until the context is left."""
    connection = await aio_pika.connect(amqp_url)
    async with connection:
        yield {name: Desk(await connection.channel(), name) for name in departments}
