"""Services that are not running: their handlers tried on a batch, with or without the database."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from services.intake.model import Complaint
from shared.aggregate import Aggregate
from shared.contracts.event import Message
from shared.contracts.intake import ComplaintRegistered
from shared.document import Document, Step
from shared.errors import NotYet
from shared.handling import Context, Subscriptions
from shared.privacy import DataKey, Keyring
from shared.processor import Processor
from shared.service import Running
from shared.testing.builders import BEGAN, regulations
from tests.harness import Site, service

SERVICES = ("intake", "routing", "sla", "feedback", "archive")
RULES = regulations()


@asynccontextmanager
async def resting(site: Site) -> AsyncIterator[dict[str, Running[Any]]]:
    """Every service, made but not started."""
    async with AsyncExitStack() as stack:
        services = {name: service(name) for name in SERVICES}
        made = {name: Running(one, site.settings(one.settings), regulations=RULES) for name, one in services.items()}
        for one in made.values():
            stack.push_async_callback(one.closing.aclose)
        yield made


def context_of(running: Running[Any], key: DataKey) -> Context[Any]:
    """What the handlers of a service may know, at the moment that the stories begin, with this key at hand."""
    return Context(BEGAN, running.regulations, Keyring([key]), running.tokens, running.kit)


def processor_of(running: Running[Any], key: DataKey) -> Processor:
    """The way from a batch to committed documents, on the real database."""

    async def prepare(_: Sequence[Document[Any]], __: Sequence[Message] = ()) -> Context[Any]:
        return context_of(running, key)

    return Processor(running.repository, running.service.subscriptions, prepare)


def heard(subscriptions: Subscriptions, story: Sequence[Message]) -> list[Message]:
    """That part of a story which a service hears."""
    return [message for message in story if type(message) in subscriptions.events]


Before = Callable[[Message, Message], bool]
"""Whether the first message certainly comes before the second, although the broker may choose nearly any order."""


def told(
    document: Document[Any], subscriptions: Subscriptions, story: Sequence[Message], context: Context[Any],
    certainly: Before = lambda _, __: False,
) -> Aggregate:  # fmt: skip
    """The aggregate after a story, in memory; what comes too early comes again until it is handled."""
    waiting = list(story)
    while waiting:
        early = []
        for place, message in enumerate(waiting):
            missed = any(certainly(other, message) for other in [*early, *waiting[place + 1 :]])
            if missed or not _takes(document, message, subscriptions, context):
                early.append(message)
        assert len(early) < len(waiting), f"nobody is ready for {[one.kind() for one in early]}"
        waiting = early
    assert document.aggregate is not None
    return document.aggregate  # type: ignore[no-any-return]


def _takes(document: Document[Any], message: Message, subscriptions: Subscriptions, context: Context[Any]) -> bool:
    def change(aggregate: Aggregate | None) -> Aggregate:
        return subscriptions.handle(aggregate, message, context)

    errors = document.attempt(Step(change, context.now, message.id))
    for _, error in errors:
        if not isinstance(error, NotYet):
            raise error
    return not errors


def as_registered(event: ComplaintRegistered) -> Document[Complaint]:
    """What intake has in its hands when it has registered what the event says."""
    told = event.model_dump(include=set(Complaint.model_fields))
    number, key = event.envelope.number, event.id
    complaint = Complaint(number=number, registration_id=key, status="registered", **told)
    document: Document[Complaint] = Document(Complaint, complaint.id)
    document.apply(Step(lambda _: complaint.model_copy(deep=True), event.received_at))
    return document
