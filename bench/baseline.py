"""The plain program: what anybody would write first, and what Redress is measured against.

Its intake validates, inserts with majority write concern and publishes with a confirm, once per request. Its consumer
handles and acknowledges one message at a time: validate, insert, publish where a follower listens. It seals nothing,
knows no idempotency, and loses an event when it dies between insert and publish.
"""

import asyncio
import os
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import aio_pika
import click
import orjson
from aio_pika.abc import AbstractExchange, AbstractIncomingMessage
from aiohttp import web
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection
from pydantic import BaseModel
from pymongo import WriteConcern

EXCHANGE = "plain.events"
DATABASE = "plain"
PREFETCH = 100
QUORUM: dict[str, Any] = {"x-queue-type": "quorum"}


class Person(BaseModel):
    """Who complains."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


class Product(BaseModel):
    """The thing complained of."""

    name: str = ""
    batch: str = ""


class Complaint(BaseModel):
    """A complaint as a channel hands it in."""

    channel: str
    regulation: str = ""
    subject_line: str = ""
    narrative: str
    place: str = ""
    complainant: Person
    respondent: str = ""
    claim: str = ""
    product: Product | None = None


class Event(BaseModel):
    """What the plain program publishes: a number, and everything else as it came."""

    number: str
    data: dict[str, Any]


class Intake:
    """Registers complaints."""

    def __init__(self, collection: AsyncIOMotorCollection[Any], exchange: AbstractExchange) -> None:
        self._collection, self._exchange = collection, exchange

    async def register(self, request: web.Request) -> web.Response:
        """Validate, insert, publish, answer."""
        complaint = Complaint.model_validate_json(await request.read()).model_dump()
        number = uuid4().hex
        await self._collection.insert_one({"_id": number, **complaint})
        await publish(self._exchange, "complaint.registered", Event(number=number, data=complaint))
        return web.json_response({"number": number}, status=201)


class Consumer:
    """Keeps what it hears, and says so to the next."""

    def __init__(self, collection: AsyncIOMotorCollection[Any], exchange: AbstractExchange, says: str) -> None:
        self._collection, self._exchange, self._says = collection, exchange, says

    async def handle(self, message: AbstractIncomingMessage) -> None:
        """Insert, publish, acknowledge."""
        async with message.process():
            event = Event.model_validate_json(message.body)
            await self._collection.insert_one({"_id": message.message_id, "number": event.number, "data": event.data})
            if self._says:
                await publish(self._exchange, self._says, event)


async def publish(exchange: AbstractExchange, key: str, event: Event) -> None:
    """Publish one persistent message and wait for the broker's confirm."""
    message = aio_pika.Message(
        event.model_dump_json().encode(),
        content_type="application/json",
        message_id=uuid4().hex,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
    )
    await exchange.publish(message, key)


async def serve(port: int) -> None:
    """Run the intake until it is killed."""
    async with AsyncExitStack() as stack:
        channel = await _channel(stack)
        exchange = await channel.declare_exchange(EXCHANGE, "topic", durable=True)
        app = web.Application()
        app.router.add_post("/intake/complaints", Intake(_collection("complaints"), exchange).register)
        app.router.add_get("/readyz", _ready)
        await _listen(app, port)


async def consume(port: int, queue: str, hears: str, says: str) -> None:
    """Run one consumer until it is killed."""
    async with AsyncExitStack() as stack:
        channel = await _channel(stack)
        await channel.set_qos(prefetch_count=PREFETCH)
        exchange = await channel.declare_exchange(EXCHANGE, "topic", durable=True)
        declared = await channel.declare_queue(queue, durable=True, arguments=QUORUM)
        await declared.bind(exchange, hears)
        consumer = Consumer(_collection(queue), exchange, says)
        app = web.Application()
        app.router.add_get("/readyz", _ready)
        listening = asyncio.create_task(_listen(app, port))
        async with declared.iterator() as messages:
            async for message in messages:
                await consumer.handle(message)
        await listening


async def _channel(stack: AsyncExitStack) -> aio_pika.abc.AbstractChannel:
    connection = await aio_pika.connect_robust(os.environ["REDRESS_AMQP_URL"])
    await stack.enter_async_context(connection)
    return await connection.channel()


def _collection(name: str) -> AsyncIOMotorCollection[Any]:
    client: AsyncIOMotorClient[Any] = AsyncIOMotorClient(os.environ["REDRESS_MONGODB_URL"])
    database = client[os.environ["REDRESS_DATABASE_PREFIX"] + DATABASE]
    return database[name].with_options(write_concern=WriteConcern("majority"))


async def _ready(_: web.Request) -> web.Response:
    return web.Response(body=orjson.dumps({"ready": True}), content_type="application/json")


async def _listen(app: web.Application, port: int) -> None:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


@click.group()
@click.option("--port", type=int, required=True)
@click.pass_context
def main(context: click.Context, port: int) -> None:
    """The plain program."""
    context.obj = port


@main.command("intake")
@click.pass_obj
def intake_command(port: int) -> None:
    """Take complaints in."""
    asyncio.run(serve(port))


@main.command("consumer")
@click.argument("queue")
@click.option("--hears", required=True)
@click.option("--says", default="")
@click.pass_obj
def consumer_command(port: int, queue: str, hears: str, says: str) -> None:
    """Handle and acknowledge one message at a time."""
    asyncio.run(consume(port, queue, hears, says))


if __name__ == "__main__":
    main()
