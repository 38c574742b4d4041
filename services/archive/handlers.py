"""What archive does when something happens: it writes it down; when a dossier is complete, it files it."""

from services.archive.dossier import Dossier
from services.archive.index import Terms
from services.archive.model import Record
from shared.contracts import EVENTS
from shared.contracts.archive import RecordEvent
from shared.contracts.event import Event
from shared.handling import Context, Subscriptions

HEARD = [event for event in EVENTS.values() if not issubclass(event, RecordEvent)]
"""Everything that the others say."""


def on_event(record: Record | None, event: Event, context: Context[Terms]) -> Record:
    """Something happened to a complaint; whichever event comes first opens its record."""
    record = record or Record.open(event.number)
    record.hear(event, context.now)
    return record


def on_alarm(record: Record, context: Context[Terms]) -> None:
    """The dossier lacks nothing: catalogue and index it.

    An alarm does it and not the event that completed the dossier, because the keys at hand are those of the stored
    record here, and of the incoming messages there.
    """
    terms = Dossier(record, context.keyring).terms(context.kit)
    record.file(context.regulation(record.regulation, record.regulation_version), terms, context.now)


SUBSCRIPTIONS = Subscriptions(
    Record,
    events=dict.fromkeys(HEARD, on_event),
    creates=frozenset(HEARD),
    alarm=on_alarm,
)
