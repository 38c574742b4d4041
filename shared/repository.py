"""MongoDB: load and commit aggregates, many at a time, each in one atomic write.

A stored document is `{_id, version, at, state, inbox, outbox, alarm_at}`. A new one is inserted; a changed one is an
upsert guarded by its version. Whoever loses a race gets a duplicate-key error that names exactly its operation, in both
cases, on a sharded collection too. Aggregate documents are never deleted, so an upsert cannot bring one back.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

import structlog
from pymongo.errors import BulkWriteError, ConnectionFailure, OperationFailure, WriteConcernError

from shared.aggregate import Aggregate
from shared.change import Change, change_of
from shared.database import CONFIRM_MS, Documents, by_majority, value_at
from shared.document import Document, Outgoing
from shared.errors import NotFound, Unavailable
from shared.ids import ulid_floor

log = structlog.get_logger(__name__)

A = TypeVar("A", bound=Aggregate)

DUPLICATE_KEY = 11000
_REFUSED = frozenset({2, 9, 14, 15, 121, 10334, 17280, 17419, 17420})
"""Server errors that say the document itself cannot be stored (too large, too deep, not valid); others may pass."""
OUTBOX_INDEX = "outbox.id"

IN_BULK = {"ordered": False, "writeConcern": {"w": "majority", "wtimeout": CONFIRM_MS}}
"""How a batch is written: each change on its own, all of it acknowledged by a majority."""

SWEPT_AT_ONCE = 500
"""Documents that are looked into at once for what a crash left behind."""

_ONLY_IDS = {f"outbox.{name}": 0 for name in Outgoing._fields if name != "id"}
"""Of the messages that wait in a document, the ids tell enough to whoever changes it."""

CarryOut: TypeAlias = Callable[[dict[str, Any]], Awaitable[Mapping[str, Any]]]
"""Has the database carry out a command, and gives its reply."""


class Outlet(Protocol):
    """Where the messages of committed documents go: the publisher."""

    def offer(self, entries: Sequence[tuple[str, Outgoing]]) -> object:
        """These messages now wait in the outboxes of these documents."""

    def confirmed(self, document_id: str) -> Collection[str]:
        """The messages of a document that are published and still stand in its outbox."""

    def struck(self, document_id: str) -> None:
        """These messages no longer stand there."""


class Repository(Generic[A]):
    """The documents of one aggregate class; what they have to say goes out through `outlet`.

    Changes are written by plain commands, which `carry_out` takes to the collection's database.
    """

    def __init__(self, collection: Documents, kind: type[A], outlet: Outlet, carry_out: CarryOut) -> None:
        self.collection = by_majority(collection)
        self._carry_out = carry_out
        self.kind = kind
        self._outlet = outlet
        self.hurry: Callable[[], object] = lambda: None
        """Called when a change is written whose alarm is due already."""

    async def create_indexes(self) -> None:
        """The indexes that the core needs: waiting outboxes by age, alarms by due time, and the number."""
        # An empty outbox has no `outbox.id`, so the sparse index holds the waiting ones only.
        await self.collection.create_index(OUTBOX_INDEX, sparse=True)
        await self.collection.create_index("alarm_at", partialFilterExpression={"alarm_at": {"$type": "date"}})
        if self.kind.FOUND_BY != "_id":
            await self.collection.create_index(self.kind.FOUND_BY)

    async def load(self, keys: Iterable[str], by: str = "") -> dict[str, Document[A]]:
        """The documents found under these complaint numbers, and an empty one for each that is not there.

        `by="_id"` looks for document ids instead. Raises `Unavailable`.
        """
        field = by or self.kind.FOUND_BY
        documents = {key: Document(self.kind, key) for key in keys}
        with answering():
            found = await self.collection.find({field: {"$in": list(documents)}}, _ONLY_IDS).to_list(None)
        for raw in found:
            documents[value_at(raw, field)] = Document.found(self.kind, raw["_id"], raw)
        return documents

    async def get(self, key: str) -> Document[A]:
        """The one document under this complaint number. Raises `NotFound`."""
        document = (await self.load([key]))[key]
        if document.broken:
            raise document.broken
        if document.aggregate is None:
            raise NotFound.of(self.kind, key)
        return document

    async def due(self, until: datetime, since: datetime | None, limit: int) -> list[Document[A]]:
        """The documents whose alarm falls due in [since, until], oldest first."""
        # The index holds dates only; without $type the planner would not see that it serves, and read everything.
        bounds = {"$type": "date", "$lte": until} | ({"$gte": since} if since else {})
        found = self.collection.find({"alarm_at": bounds}, _ONLY_IDS).sort("alarm_at", 1).limit(limit)
        return [Document.found(self.kind, raw["_id"], raw) for raw in await found.to_list(None)]

    async def commit(self, documents: Sequence[Document[A]]) -> list[Document[A]]:
        """Write every changed document; returns those that lost a race and were not written.

        A document that the driver or the server will not have (too large, say) stands alone: it is not written and
        knows why, as `refused`. Raises `Unavailable` where it is not known what was written: everything has to be asked
        again, and the inboxes and the version guard see to it that asking again does no harm.
        """
        changed = [document for document in documents if document.changed]
        changes = [change for document in changed if (change := change_of(document, self._outlet.confirmed))]
        losers = await self._write(changes) if changes else []
        lost = set(map(id, losers))
        self._conclude([one for one in changes if id(one.document) not in lost and not one.document.refused])
        return losers

    def _conclude(self, changes: Sequence[Change]) -> None:
        """See to what follows from changes that are written."""
        if any(change.is_due for change in changes):
            self.hurry()
        for change in changes:
            if change.strikes:
                self._outlet.struck(change.document.key)
        self._outlet.offer([(one.document.key, outgoing) for one in changes for outgoing in one.document.outbox])

    async def _write(self, changes: Sequence[Change]) -> list[Document[A]]:
        """Write in bulk, what is new and what has changed; returns the losers of a race."""
        new = [change for change in changes if change.update is None]
        old = [change for change in changes if change.update is not None]
        name = self.collection.name
        losers = await self._order({"insert": name, "documents": [change.insert for change in new]}, new)
        return losers + await self._order({"update": name, "updates": [change.update for change in old]}, old)

    async def _order(self, command: dict[str, Any], changes: Sequence[Change]) -> list[Document[A]]:
        """Have changes written, in halves where the command as such is refused; returns the losers of a race.

        The plain command is not repeated by the driver: the guards make it safe for those who gave the order to do so,
        while repeating would have the server note each single write in its session besides.
        """
        if not changes:
            return []
        try:
            with answering():
                reply = await self._carry_out(command | IN_BULK)
        except Unavailable:
            raise
        except Exception as error:
            if isinstance(error, OperationFailure) and error.code not in _REFUSED:
                raise Unavailable("The database does not take changes.") from error
            log.warning("bulk_refused", documents=len(changes), error=repr(error)[:1000])
            if middle := len(changes) // 2:
                return [*await self._write(changes[:middle]), *await self._write(changes[middle:])]
            changes[0].document.refused = repr(error)[:1000]
            return []
        return _losers(reply, [change.document for change in changes])

    async def settle(self, published: Mapping[str, Sequence[str]]) -> None:
        """Take published messages, by document and message id, out of the outboxes.

        Acknowledged by one member only: should that be lost, they are published again and dropped by the inboxes.
        Raises `Unavailable`.
        """
        ids = [message_id for messages in published.values() for message_id in messages]
        taken = {"$pull": {"outbox": {"id": {"$in": ids}}}}
        update = {"q": {"_id": {"$in": list(published)}}, "u": taken, "multi": True}
        with answering():
            reply = await self._carry_out(
                {"update": self.collection.name, "updates": [update], "writeConcern": {"w": 1}}
            )
        if faults := reply.get("writeErrors"):
            raise Unavailable(f"The outboxes were not emptied: {faults[0]['errmsg']}")

    async def unpublished(self, before: datetime) -> AsyncGenerator[tuple[str, list[Outgoing]], None]:
        """Documents with messages older than `before` in their outbox, oldest first: what a crash left behind.

        Read from the index as it stands, each once. To ask for the next page of them, sorted, would not do: MongoDB
        sorts by the oldest of a document's messages, so those with several would stand before others again and again.
        """
        latest = ulid_floor(before)
        found = self.collection.find({"outbox": {"$elemMatch": {"id": {"$lt": latest}}}}, {"outbox": 1})
        async for raw in found.batch_size(SWEPT_AT_ONCE):
            yield raw["_id"], [Outgoing.kept(entry) for entry in raw["outbox"] if entry["id"] < latest]

    async def postpone(self, document: Document[A], until: datetime) -> None:
        """Ring a document's alarm later, because ringing it now failed; nothing else changes."""
        guard = {"_id": document.key, "version": document.loaded.version}
        with answering():
            await self.collection.update_one(guard, {"$set": {"alarm_at": until}})


@contextmanager
def answering() -> Iterator[None]:
    """Turns a database that does not answer, or does not confirm what was written, into `Unavailable`."""
    try:
        yield
    except ConnectionFailure as error:
        raise Unavailable("The database does not answer.") from error
    except (WriteConcernError, BulkWriteError) as error:
        raise Unavailable("The database did not confirm the change.") from error


def _losers(reply: Mapping[str, Any], documents: Sequence[Document[A]]) -> list[Document[A]]:
    """Those whose key or version was taken; those that were refused for another reason are told why."""
    faults = reply.get("writeErrors", ())
    if reply.get("writeConcernError") or any(fault["code"] not in _REFUSED | {DUPLICATE_KEY} for fault in faults):
        raise Unavailable("The database did not confirm the change.")
    for fault in faults:
        if fault["code"] != DUPLICATE_KEY:
            documents[fault["index"]].refused = str(fault["errmsg"])[:1000]
    return [documents[fault["index"]] for fault in faults if fault["code"] == DUPLICATE_KEY]
