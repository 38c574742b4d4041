"""One complaint as the archive hears of it: an example of every event, its texts sealed with a key of its own."""

import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.archive.index import Terms
from services.archive.model import Record
from shared.contracts import EVENTS
from shared.contracts.event import Envelope, Event
from shared.handling import Context
from shared.ids import complaint_number, ulid
from shared.privacy import DataKey, Keyring, Tokens, seal
from shared.regulations import load_regulations

MASTER_KEY = b"0123456789abcdef" * 2
NUMBER = complaint_number("SQ", "20261123", 7)
START = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
SECRET_KEY = os.urandom(32)
KEY = DataKey(ulid(), AESGCM(SECRET_KEY))
KEYRING = Keyring([KEY])
PERSON = {"name": "王小芳", "phone": "13800001234", "email": "fang@example.com", "address": "幸福路1号"}
REGULATIONS = load_regulations()

sealed = partial(seal, key=KEY, number=NUMBER)

DATA: dict[str, dict[str, object]] = {
    "complaint.registered": {
        "channel": "hotline", "regulation": "service-quality", "regulation_version": "1",
        "received_at": "2026-11-23T01:30:00Z", "subject_line": "空调漏水", "place": "上海",
        "narrative": sealed("我是王小芳，新装的空调漏水，电话13800001234。"),
        "complainant": {"sealed": sealed(json.dumps(PERSON))},
        "product": {"name": "挂机空调 KFR-35", "batch": "B2026-07"},
    },
    "complaint.accepted": {"by": "li"},
    "complaint.declined": {"by": "li", "reason": "out of scope"},
    "complaint.supplemented": {"what": sealed("The carpet is ruined as well."), "by": "complainant"},
    "complaint.withdrawn": {"reason": "settled"},
    "complaint.linked": {"to": complaint_number("SQ", "20261101", 1), "likeness": 0.9},
    "case.routed": {
        "category": "product", "severity": "major", "priority": "high", "department": "quality", "confidence": 0.8,
        "because": ["漏水"], "tags": ["installation"],
    },
    "case.accepted": {"handler": "zhao"},
    "case.progressed": {"step": "visit", "note": sealed("On site at noon.")},
    "case.paused": {"reason": "photos", "waiting_for": "complainant"},
    "case.resumed": {"reason": "photos came"},
    "case.transferred": {"from": "quality", "to": "service", "reason": "a matter of installation"},
    "case.proposed": {"outcome": "upheld", "by": "zhao", "awaiting": "supervisor"},
    "case.reviewed": {"decision": "approve", "role": "supervisor", "by": "qian", "note": sealed("Well founded.")},
    "case.resolved": {"outcome": "upheld", "answer": sealed("We replace the air conditioner free of charge.")},
    "case.reopened": {"level": 1, "reason": "disputed", "department": "service"},
    "sla.target-set": {"milestone": "resolution", "due_at": "2026-11-26T10:00:00Z"},
    "sla.target-moved": {
        "milestone": "resolution", "due_at": "2026-11-27T10:00:00Z", "before": "2026-11-26T10:00:00Z",
        "counting": {"start": "2026-11-23T01:30:00Z", "within": "3 working days", "calendar": "cn", "edition": 1},
    },
    "sla.target-dropped": {"milestone": "investigation", "due_at": "2026-11-27T10:00:00Z"},
    "sla.target-at-risk": {"milestone": "resolution", "due_at": "2026-11-26T10:00:00Z"},
    "sla.target-breached": {"milestone": "resolution", "due_at": "2026-11-26T10:00:00Z", "lateness": 60.0},
    "sla.target-met": {"milestone": "acknowledgement", "due_at": "2026-11-24T01:30:00Z"},
    "sla.escalated": {"milestone": "resolution", "rung": "urge", "role": "handler"},
    "sla.alerted": {"severity": "major", "role": "supervisor", "seen_by_when": "2026-11-23T02:00:00Z"},
    "sla.notice-seen": {"notice": "alert-1", "kind": "alert", "role": "supervisor", "by": "sun"},
    "receipt.delivered": {"via": "sms", "at": "2026-11-23T01:31:00Z"},
    "receipt.failed": {"via": "sms", "at": "2026-11-23T01:31:00Z"},
    "outcome.delivered": {"round": 1, "via": "sms"},
    "outcome.agreed": {"round": 1},
    "outcome.disputed": {"round": 1, "reason": "too little"},
    "survey.completed": {"csat": 5, "comment": sealed("Very friendly fitters.")},
    "survey.expired": {},
    "complaint.closed": {"outcome": "upheld", "agreed": True, "rounds": 1},
    "improvement.opened": {"root_cause": "hose", "owner": "zhao"},
    "improvement.verified": {"root_cause": "hose", "owner": "zhao", "effect": "none since"},
    "improvement.failed": {"root_cause": "hose", "owner": "zhao", "effect": "again"},
}  # fmt: skip

COMPLETE = ("complaint.registered", "case.routed", "case.resolved", "complaint.closed")


def event(kind: str, *, after: timedelta = timedelta(), number: str = NUMBER, **changes: object) -> Event:
    """The example of an event, said in full, as it arrives so long after the start."""
    said = EVENTS[kind].model_validate(DATA[kind] | changes).data
    return arrived(kind, said, after, number)


def arrived(kind: str, data: object, after: timedelta = timedelta(), number: str = NUMBER) -> Event:
    """An event with this data, however little or much that is."""
    envelope = Envelope(ulid(), kind.partition(".")[0], number, START + after, "")
    return EVENTS[kind].received(data, envelope)


def complaint(*kinds: str) -> list[Event]:
    """These events, an hour apart."""
    return [event(kind, after=timedelta(hours=hours)) for hours, kind in enumerate(kinds)]


def context(now: datetime = START + timedelta(days=1), keyring: Keyring = KEYRING) -> Context[Terms]:
    """What the handlers know besides."""
    return Context(now, REGULATIONS, keyring, Tokens(MASTER_KEY), Terms(MASTER_KEY))


def record_of(events: Iterable[Event]) -> Record:
    """A record that has heard these events in this order."""
    record = Record.open(NUMBER)
    for heard in events:
        record.hear(heard, START)
    return record
