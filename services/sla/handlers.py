"""What sla does when something happens that starts, meets, pauses or moves a deadline, and when one falls due."""

from typing import Any

from services.sla.model import Clock
from services.sla.rules import Rules
from shared.contracts.archive import RecordArchived
from shared.contracts.feedback import (
    ComplaintClosed,
    ImprovementVerified,
    OutcomeAgreed,
    ReceiptDelivered,
    SurveyCompleted,
    SurveyExpired,
)
from shared.contracts.intake import (
    ComplaintAccepted,
    ComplaintDeclined,
    ComplaintRegistered,
    ComplaintWithdrawn,
    RegulationMoved,
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
from shared.handling import Context, Subscriptions

INVESTIGATION = "investigation"
"""The step by which a department says that it has looked into the matter (S12.2)."""


def on_complaint_registered(_: Clock | None, event: ComplaintRegistered, context: Context[Any]) -> Clock:
    """Start the clock of a new complaint, by the edition of the calendar that its receipt was counted by."""
    regulation = context.regulation(event.regulation, event.regulation_version)
    clock = Clock(
        number=event.number,
        regulation=event.regulation,
        regulation_version=event.regulation_version,
        channel=event.channel,
        written=event.written,
        tier=event.complainant.tier,
        severity=event.hints.severity or "general",
        respondent=event.respondent,
        received_at=event.received_at,
    )
    by_receipt = context.calendar(regulation.calendar, event.calendar_edition)
    clock.start(Rules(regulation, by_receipt), context.now)
    clock.recount(Rules(regulation), context.now)
    return clock


def on_complaint_accepted(clock: Clock, event: ComplaintAccepted, context: Context[Any]) -> None:
    """Admissible: the decision was made, and what counts from acceptance begins."""
    clock.accepted(event.time, Rules.of(clock, context), context.now)


def on_complaint_declined(clock: Clock, event: ComplaintDeclined, context: Context[Any]) -> None:
    """Not admissible: the decision was made, and nothing else is due."""
    clock.meet("decision", event.time, Rules.of(clock, context), context.now)
    clock.end(event.time, Rules.of(clock, context), context.now)


def on_complaint_withdrawn(clock: Clock, event: ComplaintWithdrawn, context: Context[Any]) -> None:
    """The complainant does not pursue the matter."""
    clock.end(event.time, Rules.of(clock, context), context.now)


def on_regulation_moved(clock: Clock, event: RegulationMoved, context: Context[Any]) -> None:
    """Another version of the regulation counts: its targets take the place of those that are open."""
    rules = Rules(context.regulation(event.regulation, event.to))
    clock.go_over(rules, event.to, event.time, context.now)


def on_case_routed(clock: Clock, event: CaseRouted, context: Context[Any]) -> None:
    """Department and severity are known now; a graver matter is due sooner."""
    clock.concerned = event.concerned
    clock.hand_over(event.department, event.time)
    clock.regrade(event.severity, event.time, Rules.of(clock, context), context.now)


def on_case_accepted(clock: Clock, event: CaseAccepted, context: Context[Any]) -> None:
    """A handler took the case: supervision has been heeded."""
    clock.act(event.time, Rules.of(clock, context), context.now)


def on_case_transferred(clock: Clock, event: CaseTransferred, context: Context[Any]) -> None:
    """Another department answers, by the same deadline."""
    clock.hand_over(event.to, event.time)
    clock.act(event.time, Rules.of(clock, context), context.now)


def on_case_progressed(clock: Clock, event: CaseProgressed, context: Context[Any]) -> None:
    """What the complainant is told is a reply; the step `investigation` ends the investigation."""
    rules = Rules.of(clock, context)
    clock.act(event.time, rules, context.now)
    if event.visible_to_complainant:
        clock.meet("first-reply", event.time, rules, context.now)
    if event.step == INVESTIGATION:
        clock.meet("investigation", event.time, rules, context.now)


def on_case_paused(clock: Clock, event: CasePaused, context: Context[Any]) -> None:
    """Somebody is waited for."""
    rules = Rules.of(clock, context)
    clock.act(event.time, rules, context.now)
    clock.pause(event.reason, event.waiting_for, event.time, rules, context.now)


def on_case_resumed(clock: Clock, event: CaseResumed, context: Context[Any]) -> None:
    """The waiting is over."""
    clock.resume(event.time, Rules.of(clock, context), context.now)


def on_case_resolved(clock: Clock, event: CaseResolved, context: Context[Any]) -> None:
    """The department has answered: the resolution target is met or was missed."""
    measures = bool(event.measures or event.redress)
    clock.resolved(event.round, event.time, Rules.of(clock, context), context.now, has_measures=measures)


def on_case_reopened(clock: Clock, event: CaseReopened, context: Context[Any]) -> None:
    """The answer did not hold."""
    clock.reopen(event.time, Rules.of(clock, context), context.now)


def on_receipt_delivered(clock: Clock, event: ReceiptDelivered, context: Context[Any]) -> None:
    """The acknowledgement has reached the complainant."""
    clock.meet("acknowledgement", event.at, Rules.of(clock, context), context.now)


def on_outcome_agreed(clock: Clock, event: OutcomeAgreed, context: Context[Any]) -> None:
    """What the answer promised is to be carried out from now on."""
    clock.agreed(event.round, event.time, Rules.of(clock, context), context.now)


def on_improvement_verified(clock: Clock, event: ImprovementVerified, context: Context[Any]) -> None:
    """The measures were carried out, and did what they were meant to do."""
    clock.meet("measures", event.time, Rules.of(clock, context), context.now)


def on_complaint_closed(clock: Clock, event: ComplaintClosed, context: Context[Any]) -> None:
    """The matter is finished."""
    clock.close(event.outcome, event.time, Rules.of(clock, context), context.now)


def on_survey_completed(clock: Clock, event: SurveyCompleted, context: Context[Any]) -> None:
    """The complainant has judged how the complaint was handled."""
    clock.meet("survey", event.time, Rules.of(clock, context), context.now)


def on_survey_expired(clock: Clock, _: SurveyExpired, context: Context[Any]) -> None:
    """The complainant was asked and did not say."""
    clock.give_up_survey(Rules.of(clock, context), context.now)


def on_record_archived(clock: Clock, event: RecordArchived, context: Context[Any]) -> None:
    """The dossier is filed."""
    clock.meet("filing", event.time, Rules.of(clock, context), context.now)


def on_alarm(clock: Clock, context: Context[Any]) -> None:
    """Warn, breach and escalate whatever has become due."""
    clock.ring(Rules.of(clock, context), context.now)


SUBSCRIPTIONS = Subscriptions(
    Clock,
    events={
        ComplaintRegistered: on_complaint_registered,
        ComplaintAccepted: on_complaint_accepted,
        ComplaintDeclined: on_complaint_declined,
        ComplaintWithdrawn: on_complaint_withdrawn,
        RegulationMoved: on_regulation_moved,
        CaseRouted: on_case_routed,
        CaseAccepted: on_case_accepted,
        CaseTransferred: on_case_transferred,
        CaseProgressed: on_case_progressed,
        CasePaused: on_case_paused,
        CaseResumed: on_case_resumed,
        CaseResolved: on_case_resolved,
        CaseReopened: on_case_reopened,
        ReceiptDelivered: on_receipt_delivered,
        OutcomeAgreed: on_outcome_agreed,
        ImprovementVerified: on_improvement_verified,
        ComplaintClosed: on_complaint_closed,
        SurveyCompleted: on_survey_completed,
        SurveyExpired: on_survey_expired,
        RecordArchived: on_record_archived,
    },
    creates=frozenset({ComplaintRegistered}),
    alarm=on_alarm,
)
