"""Answers to whoever put a message into a queue and said where to answer: the result, or the problem (RFC 9457).

AMQP's own way: the property `reply_to` names a queue, the answer carries the message's id as its `correlation_id`.
"""

from collections.abc import Mapping
from typing import Any

import aiormq.abc
import orjson
import structlog
from pamqp.commands import Basic

from shared.bus.sending import Unroutable, confirmed
from shared.bus.wire import Raw, short
from shared.ids import ulid

log = structlog.get_logger(__name__)

ANSWERABLE = ("amq.", "department.")
"""Where answers go: queues that the broker named (direct reply-to among them) and those of departments, not our own."""

DONE: Mapping[str, Any] = {"result": "done"}


async def answer(channel: aiormq.abc.AbstractChannel, raw: Raw, said: Mapping[str, Any]) -> None:
    """Tell the sender what became of a message, where they asked for it; an asker who is gone is not waited for."""
    if not raw.answer_to.startswith(ANSWERABLE):
        return
    problem = "status" in said
    properties = Basic.Properties(
        content_type="application/problem+json" if problem else "application/json",
        message_id=ulid(),
        correlation_id=short(raw.attributes.get("id", "")),
        delivery_mode=2,
    )
    try:
        await confirmed(channel, orjson.dumps(said, default=str), "", raw.answer_to, properties)
    except Unroutable:
        log.warning("answer_not_wanted", to=raw.answer_to)
