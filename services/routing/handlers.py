"""What routing does when a complaint comes in, when its fate changes elsewhere, and when a department replies."""

from datetime import timedelta

from services.routing.assessing import SURE_ENOUGH, assess
from services.routing.briefing import brief
from services.routing.casework.department import obey, teach
from services.routing.deadlines import due
from services.routing.desk.roster import find_handler
from services.routing.kit import Kit
from services.routing.model import URGENCY, Case, Moved, Step
from services.routing.teams.tasks import convene, obey_task, task_meant
from shared.contracts.departments import (
    AcceptReply,
    PauseReply,
    ProgressReply,
    Reply,
    ResolveReply,
    ResumeReply,
    TransferReply,
)
from shared.contracts.feedback import ComplaintClosed, OutcomeDisputed
from shared.contracts.intake import (
    ComplaintAccepted,
    ComplaintDeclined,
    ComplaintRegistered,
    ComplaintSupplemented,
    ComplaintWithdrawn,
    RegulationMoved,
)
from shared.contracts.sla import Escalated, TargetDropped, TargetMoved
from shared.contracts.values import Milestone
from shared.errors import Discard
from shared.handling import Context, Subscriptions
from shared.privacy import key_id_of

COMMON = ("channel", "regulation", "regulation_version", "calendar_edition", "received_at", "written", "subject_line",
          "narrative", "complainant", "respondent", "claim", "product", "place")  # fmt: skip


LOOK_AGAIN = timedelta(minutes=5)
"""How long a case that nobody on duty can be given waits before somebody is looked for again."""


def on_complaint_registered(_: Case | None, event: ComplaintRegistered, context: Context[Kit]) -> Case:
    """Classify a new complaint, and send it on unless admissibility is decided first.

    One that its receiver has settled on the spot is answered by that, where the regulation lets them (S2.3).
    """
    regulation = context.regulation(event.regulation, event.regulation_version)
    concerned = regulation.concerned(event.respondent, context.kit.staff)
    assessment = assess(event, concerned, context)
    case = Case(
        number=event.number,
        key_id=key_id_of(event.narrative),
        status="waiting",
        steps=_received(event),
        urgency=URGENCY[assessment.priority],
        concerned=concerned,
        **{name: getattr(event, name) for name in COMMON},
        **assessment._asdict(),
    )
    if event.settlement and regulation.settles(case.severity, case.channel):
        case.settle(event.settlement.outcome, event.settlement.answer, by=event.received_by, at=context.now)
    elif regulation.admissibility is None:
        _send(case, context)
    return case


def on_complaint_accepted(case: Case, event: ComplaintAccepted, context: Context[Kit]) -> None:
    """Admissible: it is sent on, and what counts from acceptance begins."""
    case.accepted_at = event.time
    if case.status == "waiting":
        _send(case, context)


def on_complaint_declined(case: Case, _: ComplaintDeclined, __: Context[Kit]) -> None:
    """Not admissible: no department will see it."""
    case.decline()


def on_complaint_withdrawn(case: Case, _: ComplaintWithdrawn, __: Context[Kit]) -> None:
    """The complainant does not pursue the matter."""
    case.withdraw()


def on_complaint_supplemented(case: Case, event: ComplaintSupplemented, context: Context[Kit]) -> None:
    """More is known: a department that is at work gets its work order again, with what was added."""
    known = case.model_copy(update={"supplements": [*case.supplements, event.what]})
    case.supplement(event.what, briefing=brief(known, context))


def on_regulation_moved(case: Case, event: RegulationMoved, context: Context[Kit]) -> None:
    """Another version of the regulation counts: a department that is at work is told until when it has to answer."""
    if case.govern(event.to, event.time):
        case.order_again(brief(case, context))


def on_target_moved(case: Case, event: TargetMoved, context: Context[Kit]) -> None:
    """A deadline was moved: a department at work is told again, unless it was told so before."""
    _follow(case, event.milestone, Moved(at=event.time, due_at=event.due_at, counting=event.counting), context)


def on_target_dropped(case: Case, event: TargetDropped, context: Context[Kit]) -> None:
    """Something is due no more: a department at work is told again, unless it was told so before."""
    _follow(case, event.milestone, Moved(at=event.time), context)


def on_outcome_disputed(case: Case, event: OutcomeDisputed, context: Context[Kit]) -> None:
    """The complainant does not agree: it goes up and round again (S2.6, S12.4), unless that was the last answer."""
    begun = case.model_copy(update={"counted_from": context.now})
    case.reopen(event.round, reason=event.reason, at=context.now, briefing=brief(begun, context))


def on_escalated(case: Case, event: Escalated, context: Context[Kit]) -> None:
    """The department is late: its work order comes again, with the level of supervision."""
    case.climb(event.rung, milestone=event.milestone, at=event.time, briefing=brief(case, context))


def on_complaint_closed(case: Case, event: ComplaintClosed, context: Context[Kit]) -> None:
    """The answer holds; where the complainant agreed, what the case was taken for is confirmed."""
    regulation = context.regulation_of(case)
    case.close(to_sum_up=regulation.summing_up is not None)
    if event.agreed:
        teach(case, context)


def on_alarm(case: Case, context: Context[Kit]) -> None:
    """A task is late, or nobody was on duty to be given the case; whoever claims it meanwhile has it."""
    briefing = brief(case, context)
    case.ring(context.now, briefing._replace(hand_out_at=context.now + LOOK_AGAIN))


def on_department_reply(case: Case, reply: Reply, context: Context[Kit]) -> None:
    """A department commands over the bus what it could as well have commanded over HTTP.

    One that does not lead speaks of its task, whether or not it names it.
    """
    task = task_meant(case, reply.task, reply.department)
    if task:
        obey_task(case, task, reply, by=reply.by, context=context)
    elif reply.department in (None, case.department):
        obey(case, reply, reply.by, context)
    else:
        raise Discard(f"{case.number} is with {case.department}, not with {reply.department}")


def _send(case: Case, context: Context[Kit]) -> None:
    """To the department, or to the dispatchers where nobody can be sure which; danger waits for nobody (S6.5)."""
    if case.confidence < SURE_ENOUGH and case.severity != "critical":
        case.hold_back()
    else:
        case.dispatch(brief(case, context))
        convene(case, context)


def _follow(case: Case, milestone: Milestone, moved: Moved, context: Context[Kit]) -> None:
    told = due(case, context)
    case.note_moved(milestone, moved)
    if due(case, context) != told:
        case.order_again(brief(case, context))


def _received(event: ComplaintRegistered) -> list[Step]:
    """What the receiver answered on the spot is on record, whether or not it was theirs to settle."""
    said = event.settlement
    return (
        [Step(at=event.received_at, step="answered-on-receipt", by=event.received_by, note=said.answer)] if said else []
    )


SUBSCRIPTIONS = Subscriptions(
    Case,
    events={
        ComplaintRegistered: on_complaint_registered,
        ComplaintAccepted: on_complaint_accepted,
        ComplaintDeclined: on_complaint_declined,
        ComplaintWithdrawn: on_complaint_withdrawn,
        ComplaintSupplemented: on_complaint_supplemented,
        RegulationMoved: on_regulation_moved,
        TargetMoved: on_target_moved,
        TargetDropped: on_target_dropped,
        OutcomeDisputed: on_outcome_disputed,
        Escalated: on_escalated,
        ComplaintClosed: on_complaint_closed,
        AcceptReply: on_department_reply,
        ProgressReply: on_department_reply,
        PauseReply: on_department_reply,
        ResumeReply: on_department_reply,
        TransferReply: on_department_reply,
        ResolveReply: on_department_reply,
    },
    creates=frozenset({ComplaintRegistered}),
    alarm=on_alarm,
    effect=find_handler,
)
