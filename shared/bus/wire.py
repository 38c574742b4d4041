"""How messages look on the wire: CloudEvents 1.0 over AMQP, one in binary mode or many as a JSON batch.

Binary mode carries the attributes in `cloudEvents:` headers and the data as the body; a batch is a JSON array with the
content type `application/cloudevents-batch+json` (CloudEvents AMQP binding 1.0.1, JSON format 1.0.2).
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from aiormq.abc import DeliveredMessage
from pamqp.commands import Basic
from pydantic import TypeAdapter, ValidationError

from shared.clock import now
from shared.contracts import EVENTS
from shared.contracts.departments import DepartmentReply, Reply
from shared.contracts.event import Envelope, Message
from shared.contracts.values import to_instant
from shared.document import Outgoing
from shared.ids import ulid

BATCH = "application/cloudevents-batch+json"
PREFIX = "cloudEvents:"

LONGEST_NAME, LONGEST_VALUE, MOST_ATTRIBUTES = 60, 1000, 20
"""What is kept of the attributes of a message put aside: AMQP headers must fit into one frame, whatever came in."""

_reply: TypeAdapter[Reply] = TypeAdapter(DepartmentReply)


class Undecodable(ValueError):
    """The message is not what it should be; the text says what is wrong with it."""


@dataclass(slots=True)
class Raw:
    """One message as it arrived, not yet understood: CloudEvents attributes, data, and what befell it so far.

    `data` is the body in binary mode (bytes), or what the JSON of a batch already parsed to; `answer_to` is the queue
    on which its sender waits for what becomes of it, if they do.
    """

    attributes: dict[str, Any]
    data: Any
    headers: Mapping[str, Any] = field(default_factory=dict)
    answer_to: str = ""


def properties(outgoing: Outgoing, source: str) -> Basic.Properties:
    """The AMQP properties of a single message in binary mode, persistent."""
    return Basic.Properties(
        content_type="application/json",
        message_id=outgoing.id,
        message_type=outgoing.type,
        delivery_mode=2,
        headers={PREFIX + name: value for name, value in _attributes(outgoing, source).items()},
    )


def batch(outgoing: Sequence[Outgoing], source: str) -> bytes:
    """Several messages as one JSON array of CloudEvents."""
    return b"[" + b",".join(_structured(one, source) for one in outgoing) + b"]"


def body(raw: Raw) -> bytes:
    """What a message put aside carries as its body."""
    return raw.data if isinstance(raw.data, bytes) else orjson.dumps(raw.data)


def again(raw: Raw, history: Mapping[str, Any]) -> Basic.Properties:
    """The AMQP properties of a message put aside: its attributes as headers, and what befell it."""
    given = [(name, value) for name, value in raw.attributes.items() if value is not None and len(name) <= LONGEST_NAME]
    headers = {PREFIX + name: str(value)[:LONGEST_VALUE] for name, value in given[:MOST_ATTRIBUTES]}
    return Basic.Properties(
        content_type=short(raw.headers.get("content_type", "application/json")),
        message_id=short(raw.attributes.get("id") or ulid()),
        reply_to=raw.answer_to or None,
        delivery_mode=2,
        headers=headers | dict(history),
    )


def short(said: object) -> str:
    """A text as AMQP's properties can hold it: 255 bytes (AMQP 0-9-1, 4.2.5.3)."""
    return str(said).encode()[:255].decode("utf-8", "ignore")


def whole(message: DeliveredMessage) -> Raw:
    """A delivery that could not even be split."""
    return Raw({"id": message.header.properties.message_id}, message.body, {"content_type": BATCH})


def split(message: DeliveredMessage) -> Iterator[Raw]:
    """The single messages that a delivery carries. Raises `Undecodable` where not even that can be told."""
    header = message.header.properties
    headers = header.headers or {}
    if header.content_type != BATCH:
        attributes = {key[len(PREFIX) :]: value for key, value in headers.items() if key.startswith(PREFIX)}
        attributes.setdefault("id", header.message_id)
        yield Raw(attributes, message.body, headers, header.reply_to or "")
        return
    try:
        elements = orjson.loads(message.body)
    except orjson.JSONDecodeError as error:
        raise Undecodable(f"the batch is not JSON: {error}") from error
    if not isinstance(elements, list):
        raise Undecodable("the batch is not a JSON array")
    for element in elements:
        yield _unbatched(element)


def decode_event(raw: Raw) -> Message:
    """The event in `raw`. Raises `Undecodable` for an unknown type, a missing attribute or data that do not fit."""
    attributes = raw.attributes
    kind = EVENTS.get(str(attributes.get("type")))
    if kind is None:
        if attributes.get("type") == Reply.kind():
            return decode_reply(raw)
        raise Undecodable(f"unknown event type {attributes.get('type')!r:.100}")
    try:
        envelope = Envelope(
            _word(attributes, "id"), _word(attributes, "source"), _word(attributes, "subject"),
            _instant(_word(attributes, "time")), str(attributes.get("traceparent", "")),
        )  # fmt: skip
        return kind.received(orjson.loads(raw.data) if isinstance(raw.data, bytes) else raw.data, envelope)
    except (ValidationError, orjson.JSONDecodeError) as error:
        raise Undecodable(_reason(error)) from error


def decode_reply(raw: Raw) -> Message:
    """The department's reply in `raw`, which needs no headers at all: without an id its content is its id.

    What it lacks is written into its attributes, so that it is known as a reply wherever it goes from here. Raises
    `Undecodable`.
    """
    raw.attributes["type"] = Reply.kind()
    raw.attributes["id"] = str(raw.attributes.get("id") or hashlib.sha256(body(raw)).hexdigest())
    try:
        reply = _reply.validate_json(body(raw))
    except ValidationError as error:
        raise Undecodable(_reason(error)) from error
    attributes = raw.attributes
    # What tells messages apart is their source and their id: two senders may count alike (CloudEvents 1.0, 3.1.1).
    message_id, trace = f"{reply.by}\0{attributes['id']}", str(attributes.get("traceparent", ""))
    return reply.enveloped(Envelope(message_id, reply.by, reply.number, now(), trace))


def _word(attributes: Mapping[str, Any], name: str) -> str:
    """A CloudEvents attribute that must be there. Raises `Undecodable`."""
    value = attributes.get(name)
    if value is None:
        raise Undecodable(f"the CloudEvents attribute {name!r} is missing")
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_VALUE:
        raise Undecodable(f"the CloudEvents attribute {name!r} is not a word")
    return value


def _instant(text: str) -> datetime:
    """A CloudEvents time (RFC 3339). Raises `Undecodable`."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError("it needs a timezone")
        return to_instant(moment)
    except ValueError as error:
        raise Undecodable(f"the CloudEvents attribute 'time' should be a valid datetime: {error}") from error


def _attributes(outgoing: Outgoing, source: str) -> dict[str, str]:
    attributes = {
        "specversion": "1.0", "id": outgoing.id, "source": f"/redress/{source}", "type": outgoing.type,
        "subject": outgoing.number, "time": outgoing.time,
    }  # fmt: skip
    return attributes | {"traceparent": outgoing.traceparent} if outgoing.traceparent else attributes


def _structured(outgoing: Outgoing, source: str) -> bytes:
    attributes = orjson.dumps({**_attributes(outgoing, source), "datacontenttype": "application/json"})
    return attributes[:-1] + b',"data":' + outgoing.data.encode() + b"}"


def _unbatched(element: Any) -> Raw:
    if not isinstance(element, dict):
        return Raw({}, orjson.dumps(element))
    data = element.pop("data", None)
    return Raw(element, data)


def _reason(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        faults = error.errors(include_url=False, include_input=False)
        return "; ".join(f"/{'/'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults[:5])
    return f"not JSON: {error}"
