"""How a change is written: a new document as a whole, of a changed one what has changed, behind its version."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from shared.document import INBOX_LIMIT, Document

_NOTHING = object()


class Change(NamedTuple):
    """A document that has changed, how it is inserted or updated, and whether its outbox is emptied by the way."""

    document: Document[Any]
    insert: Mapping[str, Any] | None = None
    update: Mapping[str, Any] | None = None
    strikes: bool = False

    @property
    def is_due(self) -> bool:
        """Whether the document's alarm had fallen due already when it was changed."""
        alarm_at, changed_at = self.document.present.alarm_at, self.document.changed_at
        return alarm_at is not None and changed_at is not None and alarm_at <= changed_at


def change_of(document: Document[Any], confirmed: Callable[[str], Collection[str]]) -> Change | None:
    """What has to be written of a changed document; nothing where its steps came to nothing.

    `confirmed` names the messages of a document that are published and still stand in its outbox.
    """
    document.refused = ""
    loaded = document.loaded
    if loaded.state is None:
        return _insert(document)
    return _update(document, strikes=bool(loaded.waiting) and loaded.waiting <= set(confirmed(document.key)))


def _insert(document: Document[Any]) -> Change:
    aggregate = document.present
    written = {
        "_id": document.key, "version": 1, "at": document.changed_at, "state": aggregate.stored(),
        "inbox": document.inbox, "outbox": [outgoing.stored() for outgoing in document.outbox],
        "alarm_at": aggregate.alarm_at,
    }  # fmt: skip
    return Change(document, insert=written)


def _update(document: Document[Any], *, strikes: bool) -> Change | None:
    """The guarded update, with its outbox emptied of what it held before where that is known to be published."""
    loaded, aggregate, outbox = document.loaded, document.present, [outgoing.stored() for outgoing in document.outbox]
    changed, grown = difference(loaded.state or {}, aggregate.stored())
    if not (changed or grown or outbox) and aggregate.alarm_at == loaded.alarm_at:
        return None
    changed |= {"version": loaded.version + 1, "at": document.changed_at, "alarm_at": aggregate.alarm_at}
    if strikes:
        changed["outbox"] = outbox
    elif outbox:
        grown["outbox"] = {"$each": outbox}
    if document.inbox:
        grown["inbox"] = {"$each": document.inbox, "$slice": -INBOX_LIMIT}
    change = {"$set": changed} | ({"$push": grown} if grown else {})
    update = {"q": {"_id": document.key, "version": loaded.version}, "u": change, "upsert": True}
    return Change(document, update=update, strikes=strikes)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What has to be set and what pushed to make one state of a document the other.

    A field that did not change is not written again, a list that only grew is added to: most of a document, above all
    its sealed texts and its history, never changes. What a newer replica may have added to the state stays as it is.
    """
    changed, grown = {}, {}
    for name, value in after.items():
        old = before.get(name, _NOTHING)
        if old == value:
            continue
        if isinstance(old, list) and old and value[: len(old)] == old:
            grown[f"state.{name}"] = {"$each": value[len(old) :]}
        else:
            changed[f"state.{name}"] = value
    return changed, grown
