"""Dead letters: looking at what could not be handled, putting it back after the cause is mended, or dropping it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage, AbstractQueue
from aio_pika.exceptions import AMQPError, ChannelNotFoundEntity

from shared.bus import wire
from shared.bus.consumer import ATTEMPTS, FIRST_AT, FIRST_ERROR, LAST_ERROR, REASON, WAITS, count_in
from shared.bus.sending import confirmed
from shared.errors import NotFound, Unavailable

HISTORY = frozenset({ATTEMPTS, WAITS, REASON, FIRST_ERROR, LAST_ERROR, FIRST_AT, "x-death", "x-delivery-count"})


@dataclass(frozen=True)
class DeadLetter:
    """One message that could not be handled, and why."""

    id: str
    type: str
    number: str
    reason: str
    first_error: str
    last_error: str
    attempts: int
    first_at: str
    body: str

    @classmethod
    def of(cls, message: AbstractIncomingMessage) -> "DeadLetter":
        """What the dead-letter queue holds, as a person reads it."""
        headers = message.headers
        return cls(
            id=message.message_id or "",
            type=str(headers.get(f"{wire.PREFIX}type", "")),
            number=str(headers.get(f"{wire.PREFIX}subject", "")),
            reason=str(headers.get(REASON) or "its consumer died of it too often"),
            first_error=str(headers.get(FIRST_ERROR, "")),
            last_error=str(headers.get(LAST_ERROR, "")),
            attempts=count_in(headers.get(ATTEMPTS)),
            first_at=str(headers.get(FIRST_AT, "")),
            body=message.body.decode("utf-8", "replace"),
        )


Chosen = Callable[[DeadLetter], bool]


async def letters(url: str, service: str) -> list[DeadLetter]:
    """Every dead letter of a service, oldest first; they stay where they are."""
    return [letter async for letter, _, _ in _walk(url, service)]


async def replay(url: str, service: str, chosen: Chosen) -> list[DeadLetter]:
    """Put the chosen letters back where they were to be consumed, with a clean record; returns them.

    Those that die again meanwhile stay dead, or there would be no end of it.
    """
    replayed: list[DeadLetter] = []
    told: set[tuple[str, ...]] = set()  # senders may count alike: an id alone does not tell one letter from another
    async for letter, message, channel in _walk(url, service):
        itself = letter.id, letter.number, letter.body
        if chosen(letter) and itself not in told:
            told.add(itself)
            headers = {name: value for name, value in message.headers.items() if name not in HISTORY}
            raw = wire.Raw({"id": letter.id}, message.body, {"content_type": message.content_type})
            await confirmed(channel, message.body, "", _origin(message, service), wire.again(raw, headers))
            await message.ack()
            replayed.append(letter)
    return replayed


def _origin(message: AbstractIncomingMessage, service: str) -> str:
    """The queue of a letter: what the broker has buried by itself says so, all else is the service's own."""
    buried: Any = message.headers.get("x-death")
    try:
        return str(buried[0]["queue"]) if buried[0]["reason"] == "delivery_limit" else service
    except (TypeError, LookupError):
        return service


async def drop(url: str, service: str, chosen: Chosen) -> list[DeadLetter]:
    """Throw the chosen letters away; returns them."""
    dropped = []
    async for letter, message, _ in _walk(url, service):
        if chosen(letter):
            await message.ack()
            dropped.append(letter)
    return dropped


async def _walk(url: str, service: str) -> AsyncIterator[tuple[DeadLetter, AbstractIncomingMessage, Any]]:
    """Every letter once; what has not been acknowledged is back in the queue at the end, for the next walk to find."""
    async with await _connected(url) as connection:
        channel = await connection.channel()
        queue = await _dead_queue(channel, service)
        underlay = await channel.get_underlay_channel()
        seen: list[AbstractIncomingMessage] = []
        while message := await queue.get(fail=False, no_ack=False):
            seen.append(message)
            yield DeadLetter.of(message), message, underlay
        for message in seen:
            if not message.processed:
                await message.nack(requeue=True)
        await channel.get_queue(f"{service}.dead", ensure=True)  # answered after all of that has been done


async def _connected(url: str) -> AbstractConnection:
    try:
        return await aio_pika.connect(url, timeout=5)
    except (AMQPError, OSError) as error:
        raise Unavailable("The broker does not answer: is it up, and REDRESS_AMQP_URL right?") from error


async def _dead_queue(channel: AbstractChannel, service: str) -> AbstractQueue:
    try:
        return await channel.get_queue(f"{service}.dead", ensure=True)
    except ChannelNotFoundEntity as error:
        raise NotFound(f"This broker has no queue {service}.dead: {service} has never run on it.") from error
