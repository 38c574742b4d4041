"""A document in memory: one aggregate as it was stored, and the change that is being made to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import ValidationError

from shared.aggregate import Aggregate
from shared.contracts.event import Message
from shared.contracts.values import rfc3339
from shared.ids import ulid

A = TypeVar("A", bound=Aggregate)

INBOX_LIMIT = 1000
"""How many message ids a document remembers; a complaint's whole life is some tens of messages."""


class Outgoing(NamedTuple):
    """A message waiting in a document's outbox; `data` is its JSON, `time` RFC 3339."""

    id: str
    exchange: str
    key: str
    type: str
    time: str
    number: str
    data: str
    traceparent: str

    @classmethod
    def of(cls, message: Message, number: str, now: datetime, traceparent: str) -> "Outgoing":
        """What `message`, recorded at `now` about complaint `number`, looks like on its way out."""
        return cls(
            ulid(), message.EXCHANGE, message.routing_key, message.kind(), rfc3339(now), number,
            message.model_dump_json(exclude={"type"}), traceparent,
        )  # fmt: skip

    @classmethod
    def kept(cls, entry: Mapping[str, str]) -> "Outgoing":
        """The message that MongoDB keeps; what a newer replica has written besides is passed over."""
        return cls(*(entry[name] for name in cls._fields))

    def stored(self) -> dict[str, str]:
        """The entry as MongoDB keeps it."""
        return self._asdict()


class Loaded(NamedTuple):
    """What is stored of a document that was loaded; nothing of one that was not there."""

    version: int = 0
    state: Mapping[str, Any] | None = None
    alarm_at: datetime | None = None
    at: datetime | None = None
    """When it had last changed."""
    seen: frozenset[str] = frozenset()
    """The ids of the messages that it has handled."""
    waiting: frozenset[str] = frozenset()
    """The ids of the messages in its outbox."""


NOTHING = Loaded()


@dataclass(slots=True)
class Document(Generic[A]):
    """One aggregate, what of it was loaded, and what the next commit writes.

    `apply` is how anything changes it. The steps are kept, so that a change that lost a race, or stumbled half-way, is
    made again on what is stored: the steps are pure, the result is the same.
    """

    kind: type[A]
    key: str
    loaded: Loaded = NOTHING
    aggregate: A | None = None
    inbox: list[str] = field(default_factory=list)
    outbox: list[Outgoing] = field(default_factory=list)
    steps: list["Step[A]"] = field(default_factory=list)
    changed_at: datetime | None = None
    """When it changed now; never before it had last changed, even where the clocks of two replicas differ."""
    broken: ValueError | None = None
    """Why what is stored could not be read; whoever applies a step to it is told."""
    refused: str = ""
    """Why the database would not store the change, after a commit that was in vain for that reason."""

    @classmethod
    def found(cls, kind: type[A], key: str, raw: Mapping[str, Any]) -> "Document[A]":
        """The document that `raw` holds."""
        waiting = frozenset(entry["id"] for entry in raw.get("outbox", ()))
        seen, alarm_at = frozenset(raw["inbox"]), raw.get("alarm_at")
        document = cls(kind, key, Loaded(raw["version"], raw["state"], alarm_at, raw.get("at"), seen, waiting))
        document._restore()
        return document

    @property
    def changed(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.steps)

    @property
    def present(self) -> A:
        """The aggregate of a document that was found or made. Raises LookupError where there is none yet."""
        if self.aggregate is None:
            raise LookupError(f"there is no {self.kind.__name__} under {self.key}")
        return self.aggregate

    def apply(self, step: "Step[A]") -> None:
        """Take one step. If it raises, the document is as it was before it, and the error goes on."""
        if self.broken:
            raise self.broken
        before = len(self.aggregate.recorded) if self.aggregate else 0
        try:
            self.aggregate = step.change(self.aggregate)
        except Exception:
            self.redo(self.loaded)
            raise
        self.steps.append(step)
        if step.message_id:
            self.inbox.append(step.message_id)
        now = self.changed_at = max(step.now, self.changed_at or self.loaded.at or step.now)
        for message in self.aggregate.recorded[before:]:
            self.outbox.append(Outgoing.of(message, self.aggregate.number, now, step.traceparent))

    def attempt(self, step: "Step[A]") -> list[tuple[str, Exception]]:
        """Take one step unless its message was handled before; returns its message id and error if it raised one."""
        if step.message_id in self.loaded.seen or step.message_id in self.inbox:
            return []
        try:
            self.apply(step)
        except Exception as error:
            return [(step.message_id, error)]
        return []

    def redo(self, loaded: Loaded) -> list[tuple[str, Exception]]:
        """Take all steps so far again, on what is stored now; returns the errors of those that no longer fit."""
        steps, self.steps = self.steps, []
        self.loaded, self.changed_at, self.inbox, self.outbox = loaded, None, [], []
        self._restore()
        return [error for step in steps for error in self.attempt(step)]

    def _restore(self) -> None:
        self.aggregate, self.broken = None, None
        if self.loaded.state is None:
            return
        try:
            self.aggregate = self.kind.model_validate(self.loaded.state)
            self.aggregate.alarm_at = self.loaded.alarm_at
        except ValidationError as error:
            self.broken = error


class Step(NamedTuple, Generic[A]):
    """One change to an aggregate: a message handled, a command obeyed, an alarm rung.

    `change` takes the aggregate (None where there is none yet) and returns it, or the one it made.
    """

    change: Callable[[A | None], A]
    now: datetime
    message_id: str = ""
    traceparent: str = ""


def in_place(change: Callable[[A], object]) -> Callable[[A | None], A]:
    """What a step does to an aggregate that is there. Raises LookupError where it is not: none is ever deleted."""

    def changed(aggregate: A | None) -> A:
        if aggregate is None:
            raise LookupError("there is nothing here that could be changed")
        change(aggregate)
        return aggregate

    return changed
