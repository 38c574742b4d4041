"""What a service hears and how it answers: subscriptions, the context a handler is given, its four answers.

A handler is a plain function of an aggregate, a message and a context. It returns (done), raises `NotYet` (try again
later, which costs no attempt), raises `Discard` (dead letter), or fails with any other exception (try again with
growing delay, then dead letter). It never acknowledges, publishes or saves.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar

from shared.aggregate import Aggregate, Governed
from shared.contracts.event import Message
from shared.contracts.values import Sealed
from shared.errors import NotYet
from shared.privacy import Keyring, Tokens
from shared.regulations import Regulation, Regulations, UnknownRegulation
from shared.worktime import Calendar, calendar_named

Kit = TypeVar("Kit")


@dataclass(frozen=True, slots=True)
class Context(Generic[Kit]):
    """What a handler may know besides its aggregate and its message.

    `now` is the moment of the batch; `keyring` holds the keys that the batch's sealed values need; `kit` is whatever
    the service brought along at its start (routing's classifier, for one).
    """

    now: datetime
    regulations: Regulations
    keyring: Keyring
    tokens: Tokens
    kit: Kit

    def regulation_of(self, aggregate: Governed) -> Regulation:
        """The version of the regulation that a complaint is handled under. Raises `NotYet`."""
        return self.regulation(aggregate.regulation, aggregate.regulation_version)

    def regulation(self, name: str, version: str) -> Regulation:
        """A regulation in one of its versions.

        Raises `NotYet` for one that this replica has not heard of; the one that registered the complaint had.
        """
        try:
            return self.regulations.get(name, version)
        except UnknownRegulation as unknown:
            raise NotYet(str(unknown)) from unknown

    def seal(self, text: str, aggregate: Aggregate) -> Sealed:
        """A text sealed with the complaint's own key. Raises `Unreadable` where that is not there."""
        return self.keyring.seal(text, aggregate.key_id, aggregate.number)

    def calendar(self, name: str, edition: int | None) -> Calendar:
        """The working calendar that something was counted by; the edition in force where none is named.

        Raises `NotYet` for one that this replica has not heard of; whoever counted by it had.
        """
        try:
            return calendar_named(name, edition)
        except ValueError as unknown:
            raise NotYet(str(unknown)) from unknown


Handler: TypeAlias = Callable[[Any, Any, Context[Any]], Aggregate | None]
"""(aggregate or None, message, context) → the new aggregate where there was none, else None."""

AlarmHandler: TypeAlias = Callable[[Any, Context[Any]], None]
"""(aggregate, context): do what has become due, and set the next alarm."""

Effect: TypeAlias = Callable[[Any, Context[Any]], Awaitable[Callable[[Any], Any]]]
"""(aggregate, context): act on the outside world and return the step that notes on the aggregate that it was done.

Safe to repeat: a crash between the act and the note means acting again. The note may be taken again on a newer state.
"""


@dataclass(frozen=True)
class Subscriptions:
    """Everything that one service does when something happens; a literal table at the foot of `handlers.py`.

    `events` maps message classes to handlers. `alarm` runs when an aggregate's alarm falls due; `effect`, where there
    is one, is awaited just before it; `at_once` says that what it does for one aggregate has nothing to do with others,
    so that a new one need not wait for the tick: it is done before the first write. `retired` are events that an older
    version listened to: what of them is still under way changes nothing. `creates` names the messages that may come
    first and make the aggregate; any other one that finds none is answered with `NotYet`, so that handlers need not
    say so.
    """

    aggregate: type[Aggregate]
    events: Mapping[type[Message], Handler]
    creates: frozenset[type[Message]] = field(default=frozenset())
    retired: frozenset[type[Message]] = field(default=frozenset())
    alarm: AlarmHandler | None = None
    effect: Effect | None = None
    at_once: bool = False

    def handle(self, aggregate: Aggregate | None, message: Message, context: Context[Any]) -> Aggregate:
        """Let the right handler change or create the aggregate; raises whatever the handler raises."""
        kind = type(message)
        if aggregate is None and kind not in self.creates:
            raise NotYet(f"no {self.aggregate.__name__} for {message.number} yet")
        if kind in self.retired and aggregate:
            return aggregate
        created = self.events[kind](aggregate, message, context)
        result = created or aggregate
        if result is None:
            raise TypeError(f"the handler of {message.kind()} created nothing")
        return result
