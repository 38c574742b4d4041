"""The language the services share: values, events, work orders and replies. It imports nothing but pydantic."""

from shared.contracts import archive, feedback, intake, routing, sla
from shared.contracts.event import Event

EVENTS: dict[str, type[Event]] = {
    event.kind(): event
    for event in (
        intake.ComplaintRegistered,
        intake.ComplaintAccepted,
        intake.ComplaintDeclined,
        intake.ComplaintSupplemented,
        intake.ComplaintWithdrawn,
        intake.ComplaintLinked,
        intake.RegulationMoved,
        routing.CaseRouted,
        routing.CaseAccepted,
        routing.CaseProgressed,
        routing.CasePaused,
        routing.CaseResumed,
        routing.CaseTransferred,
        routing.CaseProposed,
        routing.CaseReviewed,
        routing.CaseResolved,
        routing.CaseReopened,
        sla.TargetSet,
        sla.TargetMoved,
        sla.TargetDropped,
        sla.TargetAtRisk,
        sla.TargetBreached,
        sla.TargetMet,
        sla.Escalated,
        sla.Alerted,
        sla.NoticeSeen,
        feedback.ReceiptDelivered,
        feedback.ReceiptFailed,
        feedback.OutcomeDelivered,
        feedback.OutcomeAgreed,
        feedback.OutcomeDisputed,
        feedback.SurveyCompleted,
        feedback.SurveyExpired,
        feedback.ComplaintClosed,
        feedback.ImprovementOpened,
        feedback.ImprovementVerified,
        feedback.ImprovementFailed,
        archive.RecordArchived,
        archive.RecordHeld,
        archive.RecordReleased,
        archive.RecordDestroyed,
    )
}
"""Every event on `redress.events`, by its type on the wire."""
