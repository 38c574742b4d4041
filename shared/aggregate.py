"""The aggregate: the pure heart of a service, which decides, records what happened and says when to be woken."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.event import Message
from shared.contracts.values import Instant
from shared.errors import NotYet, WrongState

Transitions = Mapping[str, frozenset[str]]
"""From each state, the states that may follow; a state that none follows is final."""


class Aggregate(BaseModel):
    """What one service knows about one complaint, and the rules it changes by.

    Subclasses hold state as fields and rules as methods; they read no clock and do no I/O. A method that changes
    something calls `record`; the commit writes state and recorded messages together. A field of the stored state that
    this version does not know is left alone, so that old and new replicas can run side by side.
    """

    model_config = ConfigDict(extra="ignore")

    FOUND_BY: ClassVar[str] = "_id"
    """The document's field that holds the complaint number; messages find their aggregate by it."""

    number: str
    key_id: str = ""
    """The complaint's data key, kept by those aggregates whose handlers open or seal personal data."""
    alarm_at: Instant | None = Field(None, exclude=True)
    """When to be woken next; kept beside the state, where it is indexed."""

    @property
    def id(self) -> str:
        """The document's `_id`."""
        return self.number

    @cached_property
    def recorded(self) -> list[Message]:
        """What has happened to this aggregate since it was loaded, oldest first."""
        return []

    def stored(self) -> dict[str, Any]:
        """The state as MongoDB keeps it."""
        return self.model_dump()

    def record(self, message: Message) -> None:
        """Say that something happened; it is published if and only if the change is committed."""
        self.recorded.append(message)

    def wake_at(self, *moments: datetime | None) -> None:
        """Be woken at the earliest of these moments, or never if there is none."""
        self.alarm_at = min((moment for moment in moments if moment is not None), default=None)


class Staged(Aggregate):
    """An aggregate with a life cycle: a `status`, and one table of the moves it may make.

    The table drives the code, the state-machine tests and the diagram in `docs/lifecycle.md`.
    """

    TRANSITIONS: ClassVar[Transitions] = {}

    status: str

    @property
    def is_final(self) -> bool:
        """Whether nothing can follow."""
        return not self.TRANSITIONS[self.status]

    def _may(self, to: str) -> bool:
        return to in self.TRANSITIONS[self.status]

    def _move(self, to: str) -> None:
        """Go on to another state. Raises `WrongState` where the table has no such move."""
        if not self._may(to):
            follows = ", ".join(sorted(self.TRANSITIONS[self.status])) or "nothing"
            raise WrongState(
                f"{self.number} is {self.status}; what may follow is {follows}, not {to}.", state=self.status
            )
        self.status = to

    def _follow(self, to: str) -> bool:
        """Go where an event from another service says we are; False where the matter has ended here already.

        Raises `NotYet` where the event has overtaken an earlier one.
        """
        if self.is_final:
            return False
        if not self._may(to):
            raise NotYet(f"{self.number} is {self.status}, not ready to be {to}")
        self._move(to)
        return True


class Governed(Staged):
    """An aggregate that is handled under one version of one regulation.

    It is the one that the complaint was registered under, until an administrator moves it to another one, on the
    record; `governed_at` is when that was done last.
    """

    regulation: str
    regulation_version: str
    governed_at: Instant | None = None

    def govern(self, version: str, at: datetime) -> bool:
        """Go over to another version of the regulation at `at`; False where a later move has been heard of."""
        if self.governed_at and at < self.governed_at:
            return False
        self.regulation_version, self.governed_at = version, at
        return True
