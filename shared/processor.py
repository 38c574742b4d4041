"""From a batch of messages to committed documents: load once, let the handlers change them, commit once.

Several messages to one aggregate fold into one write. A document that loses a race is loaded again and its steps are
taken again; a message that stumbles leaves its document as it was and does not stop the others.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Any

import structlog

from shared.bus.consumer import Verdict, dead, done, failed, later
from shared.contracts.event import Message
from shared.document import Document, Step
from shared.errors import Discard, Fault, NotYet, problem
from shared.handling import Context, Subscriptions
from shared.repository import Repository
from shared.telemetry import traceparent
from shared.tracing import span

log = structlog.get_logger(__name__)

RACES = 10
"""How often a lost race is run again before the message waits for a quieter moment."""

Prepare = Callable[[Sequence[Document[Any]], Sequence[Message]], Awaitable[Context[Any]]]
"""Makes the context of a batch: the moment, and the keys that its documents and messages need."""


Verdicts = dict[tuple[str, str], Verdict]
"""What messages came to that were not simply done, by document and message id: others may give an id twice."""

AtOnce = Callable[[Sequence[Document[Any]], Context[Any]], Awaitable[None]]
"""Does what new documents want done before they are written for the first time."""


class Processor:
    """Handles batches for one service; the bus gives them and settles by the verdicts."""

    def __init__(
        self, repository: Repository[Any], subscriptions: Subscriptions, prepare: Prepare, at_once: AtOnce | None = None
    ) -> None:
        self._repository, self._subscriptions, self._prepare = repository, subscriptions, prepare
        self._at_once = at_once

    async def handle(self, messages: Sequence[Message]) -> list[Verdict]:
        """A verdict for each message, in order. Raises `Unavailable` where the database does not answer."""
        documents = await self._repository.load({message.number for message in messages})
        context = await self._prepare(list(documents.values()), messages)
        verdicts: Verdicts = {}
        for message in messages:
            envelope, document = message.envelope, documents[message.number]
            with span(f"handle {message.kind()}", envelope.traceparent) as trace:
                traceparent.set(trace)
                change = partial(self._subscriptions.handle, message=message, context=context)
                if errors := document.attempt(Step(change, context.now, envelope.id, trace)):
                    verdicts |= verdicts_on(document, errors)
        traceparent.set("")
        if self._at_once:
            await self._at_once(list(documents.values()), context)
        verdicts |= await commit(self._repository, list(documents.values()))
        return [verdicts.get((documents[message.number].key, message.envelope.id), done) for message in messages]


async def commit(repository: Repository[Any], documents: Sequence[Document[Any]]) -> Verdicts:
    """Commit these documents, running lost races again; returns the verdicts on messages that came to nothing."""
    verdicts: Verdicts = {}
    pending = [document for document in documents if document.changed]
    for _ in range(RACES):
        losers = await repository.commit(pending)
        for document in pending:
            if document.refused:
                verdicts |= _all([document], failed(document.refused))
        if not losers:
            return verdicts
        fresh = await repository.load({loser.key for loser in losers}, by="_id")
        for loser in losers:
            verdicts |= verdicts_on(loser, loser.redo(fresh[loser.key].loaded))
        pending = [loser for loser in losers if loser.changed]
    return verdicts | _all(pending, later("others keep changing the same document"))


def verdicts_on(document: Document[Any], errors: Iterable[tuple[str, Exception]]) -> Verdicts:
    """What each message that raised an error gets."""
    return {(document.key, message_id): _verdict(error) for message_id, error in errors}


def _verdict(error: Exception) -> Verdict:
    match error:
        case NotYet():
            return later(str(error))
        case Discard():
            return dead(str(error), problem(409, "refused", str(error)))
        case Fault():
            return dead(f"{error.code}: {error}", error.document)
    log.error("handler_failed", exc_info=error)
    return failed(repr(error))


def _all(documents: Iterable[Document[Any]], verdict: Verdict) -> Verdicts:
    return {(document.key, message_id): verdict for document in documents for message_id in document.inbox}
