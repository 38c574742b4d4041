"""A witness on the bus: hears every event that the services publish, and can be asked what it has heard."""

import asyncio
from bisect import insort
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import aio_pika
from aiormq.abc import DeliveredMessage

from deploy.local.news import News
from deploy.local.process import ServerFailed
from shared.bus import wire
from shared.bus.topology import EVENTS
from shared.contracts.event import Event

E = TypeVar("E", bound=Event)


class Witness:
    """Everything that was said since it began to listen, by complaint and in order of time."""

    def __init__(self, tell: Callable[[Event], None] = lambda _: None) -> None:
        self._tell = tell
        self._stories: dict[str, list[Event]] = {}
        self._news = News()
        self.listening = asyncio.Event()
        """Set once nothing is missed any more."""

    def story(self, number: str) -> list[Event]:
        """What was said of one complaint, oldest first."""
        return self._stories.get(number, [])

    def numbers(self) -> list[str]:
        """The complaints that something was said of, in the order they were first heard of."""
        return list(self._stories)

    async def hears(
        self, number: str, kind: type[E], *, within: float, fits: Callable[[E], bool] = lambda _: True
    ) -> E:
        """The first event of a kind, once it has come. Raises `TimeoutError` after `within` seconds."""

        def found() -> E | None:
            return next((e for e in self.story(number) if isinstance(e, kind) and fits(e)), None)

        return await self._news.until(found, within=within)

    async def listen(self, amqp_url: str) -> None:
        """Listen until cancelled; whoever needs nothing missed waits for `listening` first.

        Raises `ServerFailed` when RabbitMQ goes away.
        """
        connection = await aio_pika.connect(amqp_url)
        async with connection:
            opened = await connection.channel()
            channel = await opened.get_underlay_channel()
            queue = (await channel.queue_declare(exclusive=True, auto_delete=True)).queue or ""
            await channel.queue_bind(queue, EVENTS, "#")
            await channel.basic_consume(queue, self._hear, no_ack=True)
            self.listening.set()
            await connection.closed()
        raise ServerFailed("RabbitMQ went away.")

    def note(self, event: Event) -> None:
        """Remember an event, in its place in time."""
        insort(self._stories.setdefault(event.number, []), event, key=lambda known: (known.time, known.id))
        self._tell(event)
        self._news.arrived()

    async def _hear(self, delivery: DeliveredMessage) -> None:
        for raw in wire.split(delivery):
            with suppress(wire.Undecodable):  # what is no event of ours is for the services to put aside
                event = wire.decode_event(raw)
                if isinstance(event, Event):
                    self.note(event)
