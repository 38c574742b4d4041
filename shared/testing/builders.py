"""Registrations and messages to try things out with; each is complete, and a test changes what it is about."""

from datetime import UTC, datetime
from typing import Any

import orjson

from shared.contracts.event import Envelope, Message
from shared.contracts.intake import (
    ComplaintRegistered,
    Product,
    SealedComplainant,
)
from shared.document import Outgoing
from shared.ids import complaint_number, ulid
from shared.privacy import DataKey, seal
from shared.regulations import Regulations, load_regulations
from shared.regulations.parts import Admissibility

BEGAN = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
"""A Monday morning in China."""


DECIDING = "deciding"
"""The name of a regulation that decides on admissibility before a department sees the complaint."""


def regulations() -> Regulations:
    """The shipped packs, and one in two versions that decides on admissibility first."""
    shipped = load_regulations()
    admissibility = Admissibility(tests=("within-scope",), review="5 working days", clause="S7.1")
    changes = {"name": DECIDING, "prefix": "DC", "admissibility": admissibility}
    deciding = shipped.get("service-quality").model_copy(update=changes)
    return Regulations([*shipped, deciding, deciding.model_copy(update={"version": "2"})])


def a_registration(**changes: Any) -> dict[str, Any]:
    """The body of a registration, as a channel hands it in."""
    body = {
        "channel": "hotline",
        "narrative": "送货的师傅态度恶劣，等了三天才来，安装到一半就走了。",
        "complainant": {"name": "王小明", "phone": "13800001234", "email": "wang@example.com"},
    }
    return body | changes


def a_number(sequence: int = 1) -> str:
    """A complaint number that could be real."""
    return complaint_number("SQ", "20261123", sequence)


def travelled(message: Message, number: str, at: datetime = BEGAN, message_id: str = "") -> Message:
    """The message as a handler receives it."""
    return message.model_copy().enveloped(Envelope(message_id or ulid(), "/redress/test", number, at, ""))


def outgoing(message: Message, number: str, at: datetime = BEGAN, message_id: str = "") -> Outgoing:
    """The message as it waits in an outbox; with an id of one's choice where there is one."""
    entry = Outgoing.of(message, number, at, "")
    return Outgoing(**entry.stored() | {"id": message_id or entry.id})


def registered(number: str, key: DataKey, **changes: Any) -> ComplaintRegistered:
    """A complaint has been registered, its personal data sealed with `key`."""
    person = {"name": "王小明", "phone": "13800001234", "email": "wang@example.com", "address": ""}
    values: dict[str, Any] = {
        "channel": "hotline",
        "regulation": "service-quality",
        "regulation_version": "1",
        "received_at": BEGAN,
        "subject_line": "送货迟到",
        "narrative": seal("送货的师傅态度恶劣，等了三天才来。", key, number),
        "complainant": SealedComplainant(sealed=seal(orjson.dumps(person).decode(), key, number)),
        "product": Product(name="电饭煲", batch="B-7"),
    }
    return ComplaintRegistered(**values | changes)
