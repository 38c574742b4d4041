"""Registrations and messages to try things out with; each is complete, and a test changes what it is about."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from shared.contracts.archive import RecordArchived
from shared.contracts.departments import (
    AcceptReply,
    PauseReply,
    ProgressReply,
    ResolveReply,
    ResumeReply,
    TransferReply,
)
from shared.contracts.event import Envelope, Message
from shared.contracts.feedback import (
    ComplaintClosed,
    ImprovementFailed,
    ImprovementOpened,
    ImprovementVerified,
    OutcomeAgreed,
    OutcomeDelivered,
    OutcomeDisputed,
    ReceiptDelivered,
    ReceiptFailed,
    SurveyCompleted,
    SurveyExpired,
)
from shared.contracts.intake import (
    ComplaintAccepted,
    ComplaintDeclined,
    ComplaintLinked,
    ComplaintRegistered,
    ComplaintSupplemented,
    ComplaintWithdrawn,
    Product,
    RegulationMoved,
    SealedComplainant,
)
from shared.contracts.routing import (
    CaseAccepted,
    CasePaused,
    CaseProgressed,
    CaseReopened,
    CaseResolved,
    CaseResumed,
    CaseRouted,
    CaseTransferred,
)
from shared.contracts.sla import Alerted, Escalated, NoticeSeen, TargetAtRisk, TargetBreached, TargetMet, TargetSet
from shared.contracts.values import Severity
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


def stories(number: str, key: DataKey) -> dict[str, list[Message]]:
    """Some lives of a complaint, each a list of what was said about it in the order it happened, a minute apart.

    Between them they contain every event and every department's reply; a reply stands just before the event it brings.
    """
    told: dict[str, list[Message]] = {
        "disputed and answered again": _disputed(number, key),
        "late, silent and improved": _late(number, key),
        "withdrawn": _withdrawn(number, key),
        "declined": _declined(number, key),
        "accepted and late": _accepted(number, key),
        "paused for too long": _paused(number, key),
    }
    return {name: [_in_time(message, number, minute) for minute, message in enumerate(story)]
            for name, story in told.items()}  # fmt: skip


def _in_time(message: Message, number: str, minute: int) -> Message:
    return travelled(message, number, BEGAN + timedelta(minutes=minute))


def _disputed(number: str, key: DataKey) -> list[Message]:
    """Under a pack that promises an investigation, measures, a survey and filing."""
    start = {"number": number, "by": "amy"}
    answer = seal("我们上门重装，并致歉。", key, number)
    target: dict[str, Any] = {"milestone": "resolution", "due_at": BEGAN + timedelta(days=15), "department": "service"}
    resolution = {"outcome": "upheld", "answer": "我们上门重装，并致歉。"}
    return [
        registered(number, key, regulation="corporate"),
        TargetSet(**target),
        ReceiptDelivered(via="console", at=BEGAN),
        _routed("service"),
        ComplaintSupplemented(what=seal("还划伤了地板。", key, number), by="complainant"),
        AcceptReply(**start),
        CaseAccepted(handler="amy"),
        ProgressReply(**start, step="called", visible_to_complainant=True),
        CaseProgressed(step="called", visible_to_complainant=True, by="amy"),
        PauseReply(**start, reason="photos", waiting_for="complainant"),
        CasePaused(reason="photos", waiting_for="complainant"),
        ResumeReply(**start, reason="photos came"),
        CaseResumed(reason="photos came", waiting_for="complainant"),
        TransferReply(**start, to="quality", reason="the product broke"),
        CaseTransferred(**{"from": "service"}, to="quality", reason="the product broke", by="amy"),
        ResolveReply(**start, **resolution),
        CaseResolved(outcome="upheld", answer=answer, round=1),
        TargetMet(**target),
        OutcomeDelivered(round=1, via="console"),
        OutcomeDisputed(round=1, reason="nobody came"),
        CaseReopened(level=1, reason="nobody came", department="quality"),
        AcceptReply(**start, handler="bob"),
        CaseAccepted(handler="bob"),
        ResolveReply(**start, **resolution),
        CaseResolved(outcome="partly-upheld", answer=answer, round=2, measures="安装员培训"),
        OutcomeDelivered(round=2, via="console"),
        OutcomeAgreed(round=2),
        ComplaintClosed(outcome="partly-upheld", agreed=True, rounds=2),
        SurveyCompleted(csat=4, nps=8),
        RecordArchived(catalogue_number=f"2026-D3-{number}"),
    ]


def _late(number: str, key: DataKey) -> list[Message]:
    target: dict[str, Any] = {"milestone": "resolution", "due_at": BEGAN + timedelta(minutes=4)}
    improvement = {"root_cause": "no training", "owner": "ben", "effect": "fewer complaints"}
    return [
        registered(number, key, channel="letter"),
        ReceiptFailed(via="email", at=BEGAN, reason="no such address"),
        _routed("quality"),
        ComplaintLinked(to=a_number(9), likeness=0.9),
        TargetAtRisk(**target),
        TargetBreached(**target, lateness=1.0),
        Escalated(milestone="resolution", rung="urge", role="handler", department="quality"),
        Alerted(severity="major", role="supervisor", seen_by_when=BEGAN + timedelta(minutes=30)),
        NoticeSeen(notice="alert-1", notice_kind="alert", role="supervisor", by="sun"),
        ResolveReply(number=number, by="amy", outcome="explained", answer="说明。"),
        CaseResolved(outcome="explained", answer=seal("说明。", key, number), round=1),
        OutcomeDelivered(round=1, via="tracking"),
        OutcomeAgreed(round=1, reason="silence"),
        ComplaintClosed(outcome="explained", agreed=True, rounds=1),
        SurveyExpired(),
        ImprovementOpened(**improvement),
        ImprovementFailed(**improvement),
        ImprovementVerified(**improvement),
    ]


def _withdrawn(number: str, key: DataKey) -> list[Message]:
    closed = ComplaintClosed(outcome="withdrawn", agreed=False, rounds=0)
    return [registered(number, key), _routed("service"), ComplaintWithdrawn(by="complainant", reason="settled"), closed]


def _declined(number: str, key: DataKey) -> list[Message]:
    """Under a pack that decides on admissibility first."""
    closed = ComplaintClosed(outcome="declined", agreed=False, rounds=0)
    declined = ComplaintDeclined(by="olga", reason="not ours")
    return [registered(number, key, regulation=DECIDING), declined, closed]


def _accepted(number: str, key: DataKey) -> list[Message]:
    return [
        registered(number, key, regulation=DECIDING),
        ComplaintAccepted(by="olga"),
        _routed("service"),
        RegulationMoved(regulation=DECIDING, **{"from": "1"}, to="2", reason="newer rules", by="ada"),
        Escalated(milestone="resolution", rung="urge", role="handler", department="service"),
        Escalated(milestone="resolution", rung="written", role="supervisor", department="service"),
    ]


def _paused(number: str, key: DataKey) -> list[Message]:
    """Under a pack that lets a clock stand still for half a minute."""
    start = {"number": number, "by": "amy"}
    waits: list[Message] = [
        PauseReply(**start, reason="photos", waiting_for="complainant"),
        CasePaused(reason="photos", waiting_for="complainant"),
        ResumeReply(**start, reason="photos came"),
        CaseResumed(reason="photos came", waiting_for="complainant"),
    ]
    return [
        registered(number, key, regulation="demo"),
        _routed("quality", "critical"),
        AcceptReply(**start),
        CaseAccepted(handler="amy"),
        ProgressReply(**start, step="investigation"),
        CaseProgressed(step="investigation", by="amy"),
        *waits,
        *waits,
        ResolveReply(**start, outcome="upheld", answer="换新。"),
        CaseResolved(outcome="upheld", answer=seal("换新。", key, number), round=1),
        OutcomeDelivered(round=1, via="console"),
        OutcomeAgreed(round=1),
        ComplaintClosed(outcome="upheld", agreed=True, rounds=1),
        SurveyExpired(),
    ]


def _routed(department: str, severity: Severity = "general") -> CaseRouted:
    return CaseRouted(category="service", severity=severity, priority="normal", department=department,
                      confidence=0.8, because=["态度"])  # fmt: skip


__all__: Sequence[str] = [
    "BEGAN",
    "a_number",
    "a_registration",
    "outgoing",
    "registered",
    "regulations",
    "stories",
    "travelled",
]  # fmt: skip
