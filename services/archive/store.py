"""How archive asks its documents: the search and its indexes."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from services.archive.forms import Search
from services.archive.index import Field, Terms
from services.archive.model import Record
from shared.database import Documents
from shared.errors import Fault
from shared.ids import is_complaint_number
from shared.paging import Listing
from shared.service import Index
from shared.worktime import calendar_named

RECEIVED = "state.catalogue.received_at"
_ORDER = [(RECEIVED, -1), ("_id", 1)]
_FILED = {"partialFilterExpression": {RECEIVED: {"$exists": True}}}
"""Only what is filed is indexed: the stream of events touches none of these indexes."""

INDEXES: list[Index] = [
    (_ORDER, _FILED),
    ([("state.catalogue.department", 1), *_ORDER], _FILED),
    ([("state.catalogue.tags", 1), *_ORDER], _FILED),
    ([("state.catalogue.batch", 1), *_ORDER], _FILED),
    ([("state.terms", 1), *_ORDER], _FILED),
    ([("state.catalogue.catalogue_number", 1)], _FILED),
]

_TELLING = {"$in": ["$$this.type", ["complaint.registered", "complaint.regulation-moved", "case.routed"]]}
_SHOWN = {
    "state.number": 1, "state.key_id": 1, "state.status": 1, "state.catalogue": 1,
    "state.timeline": {"$filter": {"input": "$state.timeline", "cond": _TELLING}},
}  # fmt: skip
"""What a line of the list shows of a record, whom it has to mask there, and whom it is not shown to."""
_EXACT = {"tag": "state.catalogue.tags", "department": "state.catalogue.department", "batch": "state.catalogue.batch"}
_WORDED: dict[str, Field] = {"q": "text", "person": "person", "product": "product"}


Seen = Callable[[Record], bool]
"""Whether a record exists for whoever asks."""


class TooShort(Fault):
    """There is nothing in the query to search for; of Chinese it takes at least two characters in a row."""

    code = "query-too-short"
    status = 400


async def find(
    documents: Documents, wanted: Mapping[str, Any], seen: Seen, limit: int, cursor: str
) -> tuple[list[Record], str | None]:
    """One page of the filed records that fit, latest first, each no more than its line; and the cursor of the next."""
    return await Listing(documents, _ORDER, Record.model_validate, _SHOWN).page(wanted, limit, cursor, seen)


def criteria(search: Search, terms: Terms) -> dict[str, Any]:
    """What a search asks of MongoDB. Raises `TooShort`."""
    return {"$and": [_period(search), *_exact(search), *_worded(search, terms)]}


def _period(search: Search) -> dict[str, Any]:
    bounds = {"$gte": _start(search.since), "$lt": _start(search.until, timedelta(days=1))}
    given = {sign: moment for sign, moment in bounds.items() if moment}
    return {RECEIVED: given or {"$exists": True}}


def _start(value: datetime | date | None, after: timedelta = timedelta()) -> datetime | None:
    """A moment as it is; of a local day the midnight it begins with, or one so much later."""
    if value is None or isinstance(value, datetime):
        return value
    return datetime.combine(value, time(), calendar_named("cn").zone) + after


def _exact(search: Search) -> Iterator[dict[str, Any]]:
    for name, field in _EXACT.items():
        if value := getattr(search, name):
            yield {field: value}
    if search.number:
        yield _numbered(search.number)


def _worded(search: Search, terms: Terms) -> Iterator[dict[str, Any]]:
    for name, field in _WORDED.items():
        text: str = getattr(search, name)
        if name == "q" and _is_number(text):
            yield _numbered(text)
        elif text:
            yield {"state.terms": {"$all": _hashes(text, field, terms)}}


def _hashes(text: str, field: Field, terms: Terms) -> list[str]:
    hashes = terms.of(text, field)
    if not hashes:
        raise TooShort("Search for a word, or for at least two Chinese characters in a row.")
    return sorted(hashes)


def _is_number(text: str) -> bool:
    """Whether it is a complaint number, or a catalogue number, which ends in one."""
    return is_complaint_number("-".join(text.upper().split("-")[-3:]))


def _numbered(text: str) -> dict[str, Any]:
    number = text.upper()
    return {"_id": number} if number.count("-") == 2 else {"state.catalogue.catalogue_number": number}
