"""What archive publishes: what became of the record."""

from typing import Literal

from shared.contracts.event import Event
from shared.contracts.values import Day


class RecordEvent(Event):
    """One record, by its catalogue number."""

    catalogue_number: str
    retain_until: Day | None = None


class RecordArchived(RecordEvent):
    """The dossier is complete, catalogued and filed (S1.1)."""

    type: Literal["record.archived"] = "record.archived"


class RecordHeld(RecordEvent):
    """The record is frozen: it must not be destroyed."""

    type: Literal["record.held"] = "record.held"


class RecordReleased(RecordEvent):
    """The freeze is lifted."""

    type: Literal["record.released"] = "record.released"


class RecordDestroyed(RecordEvent):
    """The record was destroyed on expiry, and its key with it (S1.5)."""

    type: Literal["record.destroyed"] = "record.destroyed"
    certificate: str
