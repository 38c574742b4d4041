"""What the tests of feedback begin with: complaints, keys, contexts, and a conversation at any point."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.feedback.handlers import SUBSCRIPTIONS
from services.feedback.model import Conversation
from services.feedback.post import PostRoom
from shared.contracts.event import Envelope, Event
from shared.contracts.intake import ComplaintRegistered, SealedComplainant
from shared.contracts.routing import CaseReopened, CaseResolved
from shared.handling import Context
from shared.ids import ulid
from shared.messenger import Mailing, NotSent
from shared.privacy import DataKey, Keyring, Tokens, seal
from shared.regulations import load_regulations

NUMBER = "SQ-20261123-00017K"
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Monday, 10:00 in Shanghai."""
KEY = DataKey(ulid(), AESGCM(bytes(range(32))))
TOKENS = Tokens(b"m" * 32)
REGULATIONS = load_regulations()
REGULATION = REGULATIONS.get("service-quality")
DELAYS = (timedelta(minutes=1), timedelta(minutes=5))
E = TypeVar("E", bound=Event)
LI = {"name": "李明", "phone": "13912345678", "email": "li.ming@example.com", "address": ""}


class PigeonHole:
    """A messenger that keeps what it is given; `failing` are the errors it raises first."""

    def __init__(self, *failing: NotSent) -> None:
        self.mailings: list[Mailing] = []
        self._failing = list(failing)

    async def send(self, mailing: Mailing) -> str:
        """Keep the letter."""
        if self._failing:
            raise self._failing.pop(0)
        self.mailings.append(mailing)
        return "pigeon"


def sealed(text: str) -> str:
    """`text` sealed with the complaint's key."""
    return seal(text, KEY, NUMBER)


def a_context(now: datetime = MONDAY, messenger: object = None, keyring: Keyring | None = None) -> Context[PostRoom]:
    """What handlers are given."""
    kit = PostRoom(messenger or PigeonHole(), "https://complaints.example", DELAYS)  # type: ignore[arg-type]
    return Context(now, REGULATIONS, Keyring([KEY]) if keyring is None else keyring, TOKENS, kit)


def travelled(event: E, at: datetime = MONDAY) -> E:
    """The event as a handler receives it."""
    return event.enveloped(Envelope(ulid(), "/redress/test", NUMBER, at, ""))


def registered(
    person: dict[str, str] = LI, *, anonymous: bool = False, language: str = "zh-CN", **fields: object
) -> ComplaintRegistered:
    """A complaint of Li Ming's about a kettle."""
    complainant = SealedComplainant(
        sealed=sealed(orjson.dumps(person).decode()),
        anonymous=anonymous,
        language=language,  # type: ignore[arg-type]
    )
    event = ComplaintRegistered(
        channel="web", regulation="service-quality", regulation_version="1", received_at=MONDAY,
        subject_line="电水壶漏电", narrative=sealed("我买的电水壶漏电。"), complainant=complainant,
    ).model_copy(update=fields)  # fmt: skip
    return travelled(event)


def resolved(round_: int = 1, text: str = "为您更换新品并致歉。", at: datetime = MONDAY) -> CaseResolved:
    """The department's answer."""
    return travelled(CaseResolved(outcome="upheld", answer=sealed(text), round=round_), at)


def reopened(level: int = 1) -> CaseReopened:
    """The next level looks at it again."""
    return travelled(CaseReopened(level=level, reason="disputed", department="service"))


def after(*events: Event, now: datetime = MONDAY) -> Conversation:
    """The conversation after these events."""
    conversation: Conversation | None = None
    for event in events:
        conversation = SUBSCRIPTIONS.handle(conversation, event, a_context(now))  # type: ignore[assignment]
    assert conversation is not None
    return conversation


async def rung(conversation: Conversation, context: Context[PostRoom]) -> Conversation:
    """The conversation after its alarm rang: letters sent, what was due done."""
    assert SUBSCRIPTIONS.effect
    assert SUBSCRIPTIONS.alarm
    (await SUBSCRIPTIONS.effect(conversation, context))(conversation)
    SUBSCRIPTIONS.alarm(conversation, context)
    return conversation


def said(conversation: Conversation) -> Sequence[str]:
    """The types of what the conversation has recorded."""
    return [message.kind() for message in conversation.recorded]
