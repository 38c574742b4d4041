"""Whole lives of complaints, message by message in the order they happen; what every handler is tried out on."""

from datetime import timedelta
from typing import Any

from shared.contracts.archive import RecordArchived
from shared.contracts.departments import (
    AcceptReply,
    PauseReply,
    ProgressReply,
    ResolveReply,
    ResumeReply,
    TransferReply,
)
from shared.contracts.event import Message
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
    ComplaintSupplemented,
    ComplaintWithdrawn,
    Hints,
    RegulationMoved,
    Settlement,
)
from shared.contracts.routing import (
    CaseAccepted,
    CasePaused,
    CaseProgressed,
    CaseProposed,
    CaseReopened,
    CaseResolved,
    CaseResumed,
    CaseReviewed,
    CaseRouted,
    CaseTransferred,
)
from shared.contracts.sla import (
    Alerted,
    Counting,
    Escalated,
    NoticeSeen,
    TargetAtRisk,
    TargetBreached,
    TargetDropped,
    TargetMet,
    TargetMoved,
    TargetSet,
)
from shared.contracts.values import Instant, Severity
from shared.privacy import DataKey, seal
from shared.testing.builders import BEGAN, DECIDING, a_number, registered, travelled

STEPS = ("verification", "complainant-heard", "respondent-heard", "investigation", "plan")
"""What `corporate` asks for before an answer that upholds a complaint."""

REINSTALLED = {"outcome": "upheld", "answer": "我们上门重装，并致歉。",
               "root_cause": "安装不当", "responsible": "安装队", "measures": "安装员培训"}  # fmt: skip
"""An answer with everything that `corporate` asks for."""


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
        "settled on the spot": _settled(number, key),
        "disputed to the last": _to_the_last(number, key),
        "asked of several departments": _asked(number, key),
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
        _moved(BEGAN + timedelta(days=15), BEGAN + timedelta(days=16)),
        TransferReply(**start, to="quality", reason="the product broke"),
        CaseTransferred(**{"from": "service"}, to="quality", reason="the product broke", by="amy"),
        *(ProgressReply(**start, step=step, note="见附件") for step in STEPS),
        ResolveReply(**start, **REINSTALLED),
        CaseResolved(outcome="upheld", answer=answer, round=1),
        TargetMet(**target),
        OutcomeDelivered(round=1, via="console"),
        OutcomeDisputed(round=1, reason="nobody came"),
        CaseReopened(level=1, reason="nobody came", department="quality"),
        _moved(BEGAN + timedelta(days=16), BEGAN + timedelta(days=30)),
        AcceptReply(**start, handler="bob"),
        CaseAccepted(handler="bob"),
        ResolveReply(**start | {"by": "bob"}, **REINSTALLED),
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
        _moved(BEGAN + timedelta(days=7), BEGAN + timedelta(days=5)),
        TargetDropped(milestone="decision", due_at=BEGAN + timedelta(days=1)),
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


def _settled(number: str, key: DataKey) -> list[Message]:
    """Under a pack that lets the receiver answer at once."""
    answer = seal("当场更换并致歉。", key, number)
    settlement = Settlement(outcome="upheld", answer=answer)
    return [
        registered(number, key, regulation="group", received_by="rita", settlement=settlement),
        _routed("service"),
        CaseResolved(outcome="upheld", answer=answer),
        OutcomeDelivered(round=1, via="console"),
        OutcomeAgreed(round=1),
        ComplaintClosed(outcome="upheld", agreed=True, rounds=1),
    ]


def _to_the_last(number: str, key: DataKey) -> list[Message]:
    """Under a pack that demands steps and ends with the second answer; the first was returned once before it held."""
    amy, bob = {"number": number, "by": "amy"}, {"number": number, "by": "bob"}
    steps = ("verification", "complainant-heard", "respondent-heard", "investigation")
    resolution = {"outcome": "not-upheld", "answer": "经查不属实。", "finding": "门店当日未营业。"}
    answer = seal("经查不属实。\n\n门店当日未营业。", key, number)
    proposed = CaseProposed(outcome="not-upheld", by="amy", awaiting="manager")
    return [
        registered(number, key, regulation="corporate"),
        _routed("service"),
        *(ProgressReply(**amy, step=step, note="见附件") for step in steps),
        CaseProgressed(step="called", visible_to_complainant=True, by="amy", promised_at=BEGAN + timedelta(days=2)),
        ResolveReply(**amy, **resolution),
        proposed,
        CaseReviewed(decision="return", role="manager", by="max", note=seal("依据不足", key, number)),
        proposed,
        CaseReviewed(decision="approve", role="manager", by="max"),
        CaseResolved(outcome="not-upheld", answer=answer),
        OutcomeDelivered(round=1, via="console"),
        OutcomeDisputed(round=1, reason="I saw it"),
        CaseReopened(level=1, reason="I saw it", department="service"),
        AcceptReply(**bob),
        CaseAccepted(handler="bob"),
        ResolveReply(**bob, **resolution),
        CaseResolved(outcome="not-upheld", answer=answer, round=2, last=True),
        OutcomeDelivered(round=2, via="console"),
        OutcomeDisputed(round=2, reason="I saw it"),
        ComplaintClosed(outcome="not-upheld", agreed=False, rounds=2),
    ]


def _moved(before: Instant, due_at: Instant) -> TargetMoved:
    counting = Counting(start=BEGAN, within="5 working days", calendar="cn")
    return TargetMoved(milestone="resolution", due_at=due_at, before=before, counting=counting)


def _asked(number: str, key: DataKey) -> list[Message]:
    """Under a pack that has another department asked about what is grave; then a leader has to approve."""
    amy: dict[str, Any] = {"number": number, "by": "amy", "department": "service"}
    eve: dict[str, Any] = {"number": number, "by": "eve", "department": "operations"}
    finding = seal("当日无班次。", key, number)
    return [
        registered(number, key, regulation="corporate", hints=Hints(severity="major")),
        _routed("service", "major"),
        CaseProgressed(step="asked-operations", note=seal("请说明", key, number)),
        AcceptReply(**amy),
        CaseAccepted(handler="amy"),
        AcceptReply(**eve, task="1"),
        ProgressReply(**eve, task="1", step="timetable-read", note="见附件"),
        CaseProgressed(step="timetable-read", note=finding, by="eve"),
        ResolveReply(**eve, task="1", outcome="explained", answer="当日无班次。"),
        CaseProgressed(step="answered-by-operations", note=finding, by="eve"),
        *(ProgressReply(**amy, step=step, note="见附件") for step in (*STEPS, "team")),
        ResolveReply(**amy, **REINSTALLED),
        CaseProposed(outcome="upheld", by="amy", awaiting="manager"),
    ]


def _routed(department: str, severity: Severity = "general") -> CaseRouted:
    return CaseRouted(category="service", severity=severity, priority="normal", department=department,
                      confidence=0.8, because=["态度"])  # fmt: skip
