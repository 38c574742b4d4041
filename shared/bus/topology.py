"""Which exchanges and queues a service needs, and how they are declared.

Every queue that holds messages is a quorum queue; only the ticks, which mean nothing a second later, are not. Beside a
service's queue stand its delay queues, one per delay (a message's own TTL would be late behind a longer one, see
`docs/decisions/0002`), and its dead-letter queue.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aio_pika.abc import AbstractChannel

EVENTS = "redress.events"
DEPARTMENTS = "redress.departments"
DELIVERY_LIMIT = 50
"""How often the broker hands out a message whose consumer dies of it, before it counts as dead."""

_QUORUM: dict[str, Any] = {"x-queue-type": "quorum"}


@dataclass(frozen=True)
class Topology:
    """What one service has on the broker.

    `events` are the types it hears, `retired` those that an older version of it heard; `queues` further queues it
    consumes, such as `department.replies`; `departments` those whose queues it must see to; `delays` the growing pauses
    before a message is tried again.
    """

    service: str
    events: Sequence[str]
    retired: Sequence[str] = ()
    queues: Sequence[str] = ()
    departments: Sequence[str] = ()
    delays: Sequence[timedelta] = field(default=())

    @property
    def dead_queue(self) -> str:
        """Where messages go that cannot be handled."""
        return f"{self.service}.dead"

    @property
    def tick_queue(self) -> str:
        """Where the service's ticks go, one at a time, to one replica at a time."""
        return f"{self.service}.tick"

    def retry_queue(self, attempt: int) -> str:
        """The delay queue for the `attempt`-th further try, counted from 1; the last delay serves all later ones."""
        delay = self.delays[min(attempt, len(self.delays)) - 1]
        return f"{self.service}.retry.{int(delay.total_seconds() * 1000)}ms"

    async def declare(self, channel: AbstractChannel) -> None:
        """Declare everything; declaring again what is there is harmless, declaring it otherwise is an error."""
        await channel.declare_exchange(EVENTS, "topic", durable=True)
        await channel.declare_exchange(DEPARTMENTS, "topic", durable=True)
        await self._declare_queues(channel)
        await self._declare_delays(channel)
        await self._declare_departments(channel)
        await channel.declare_queue(self.dead_queue, durable=True, arguments=_QUORUM)
        ticks: dict[str, Any] = {"x-max-length": 1, "x-single-active-consumer": True, "x-overflow": "drop-head"}
        # Not durable: should its node be lost, it is declared again on another one; there is nothing in it to lose.
        await channel.declare_queue(self.tick_queue, durable=False, arguments=ticks)

    async def _declare_queues(self, channel: AbstractChannel) -> None:
        limits = {"x-delivery-limit": DELIVERY_LIMIT, **_dead_letter_to(self.dead_queue)}
        queue = await channel.declare_queue(self.service, durable=True, arguments=_QUORUM | limits)
        for event in self.events:
            await queue.bind(EVENTS, event)
        for event in self.retired:
            await queue.unbind(EVENTS, event)
        for name in self.queues:
            await channel.declare_queue(name, durable=True, arguments=_QUORUM | limits)

    async def _declare_delays(self, channel: AbstractChannel) -> None:
        for attempt, delay in enumerate(self.delays, 1):
            arguments = {"x-message-ttl": int(delay.total_seconds() * 1000), **_dead_letter_to(self.service)}
            await channel.declare_queue(self.retry_queue(attempt), durable=True, arguments=_QUORUM | arguments)

    async def _declare_departments(self, channel: AbstractChannel) -> None:
        for department in self.departments:
            queue = await channel.declare_queue(f"department.{department}", durable=True, arguments=_QUORUM)
            await queue.bind(DEPARTMENTS, f"department.{department}")


def _dead_letter_to(queue: str) -> dict[str, Any]:
    # At-least-once: the broker keeps the message until the queue it moves to has confirmed it.
    return {
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": queue,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
