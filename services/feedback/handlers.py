"""What feedback does when something has to be told to the complainant, or they have let the time pass."""

from collections.abc import Callable

from services.feedback.letters import progress_told, recipient
from services.feedback.model import Answer, Conversation
from services.feedback.post import PostRoom
from shared.contracts.intake import ComplaintDeclined, ComplaintRegistered, ComplaintWithdrawn, RegulationMoved
from shared.contracts.routing import CaseProgressed, CaseReopened, CaseResolved
from shared.handling import Context, Subscriptions

Post = Context[PostRoom]


def on_complaint_registered(
    conversation: Conversation | None, event: ComplaintRegistered, context: Post
) -> Conversation:
    """A new complaint: the complainant gets a receipt (S15.2)."""
    if conversation is not None:
        return conversation
    person = event.complainant
    reachable = not person.anonymous or recipient(person, event.number, context.keyring).has_address
    return Conversation.begin(event, reachable=reachable, at=context.now)


def on_complaint_declined(conversation: Conversation, event: ComplaintDeclined, context: Post) -> None:
    """It is not taken on: a letter says why, and the matter is closed."""
    conversation.decline(event.reason, at=context.now)


def on_complaint_withdrawn(conversation: Conversation, _: ComplaintWithdrawn, context: Post) -> None:
    """It is withdrawn: a letter confirms it, and the matter is closed."""
    conversation.withdraw(at=context.now)


def on_regulation_moved(conversation: Conversation, event: RegulationMoved, _: Post) -> None:
    """What comes next goes by another version of the regulation."""
    conversation.govern(event.to, event.time)


def on_case_progressed(conversation: Conversation, event: CaseProgressed, context: Post) -> None:
    """A step was recorded; the complainant is told of those that are meant for them (S5.5)."""
    if event.visible_to_complainant:
        told = progress_told(event, conversation.complainant.language, context.regulation_of(conversation))
        conversation.report_progress(told, event.note, at=context.now)


def on_case_resolved(conversation: Conversation, event: CaseResolved, context: Post) -> None:
    """The department has answered: the complainant is told and asked (S15.6)."""
    answer = Answer(text=event.answer, outcome=event.outcome, last=event.last)
    conversation.put_answer(answer, event.round, at=context.now, regulation=context.regulation_of(conversation))


def on_case_reopened(conversation: Conversation, _: CaseReopened, __: Post) -> None:
    """The answer did not hold; the next level looks at it."""
    conversation.reopen()


async def send_letters(conversation: Conversation, context: Post) -> Callable[[Conversation], Conversation]:
    """Send the letters that wait, and note on the conversation what came of each."""
    attempts = await context.kit.send_waiting(conversation, context)
    regulation = context.regulation_of(conversation)

    def note(conversation: Conversation) -> Conversation:
        for attempt in attempts:
            conversation.note(attempt, at=context.now, regulation=regulation)
        return conversation

    return note


def on_alarm(conversation: Conversation, context: Post) -> None:
    """Time has passed: silence becomes consent, the survey is reminded of or expires."""
    conversation.ring(context.now, context.regulation_of(conversation))


SUBSCRIPTIONS = Subscriptions(
    Conversation,
    events={
        ComplaintRegistered: on_complaint_registered,
        ComplaintDeclined: on_complaint_declined,
        ComplaintWithdrawn: on_complaint_withdrawn,
        RegulationMoved: on_regulation_moved,
        CaseProgressed: on_case_progressed,
        CaseResolved: on_case_resolved,
        CaseReopened: on_case_reopened,
    },
    creates=frozenset({ComplaintRegistered}),
    alarm=on_alarm,
    effect=send_letters,
    at_once=True,
)
