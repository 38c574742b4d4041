"""How archive asks its documents: the search and its indexes."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from services.archive.forms import Search
from services.archive.index import Field, Terms
from services.archive.model import Record
from shared.errors import Fault
from shared.ids import is_complaint_number
from shared.paging import Cursor
from shared.repository import answering
from shared.service import Index, Running
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

_REGISTERED = {"$eq": ["$$this.type", "complaint.registered"]}
_SHOWN = {
    "state.number": 1, "state.key_id": 1, "state.status": 1, "state.catalogue": 1,
    "state.timeline": {"$filter": {"input": "$state.timeline", "cond": _REGISTERED}},
}  # fmt: skip
"""What a line of the list shows of a record, and whom it has to mask there."""
_EXACT = {"tag": "state.catalogue.tags", "department": "state.catalogue.department", "batch": "state.catalogue.batch"}
_WORDED: dict[str, Field] = {"q": "text", "person": "person", "product": "product"}


class TooShort(Fault):
    """There is nothing in the query to search for; of Chinese it takes at least two characters in a row."""

    code = "query-too-short"
    status = 400


async def find(
    running: Running[Record], wanted: Mapping[str, Any], limit: int, cursor: str
) -> tuple[list[Record], str | None]:
    """One page of the filed records that fit, latest first, each no more than its line; and the cursor of the next."""
    order = Cursor(_ORDER)
    found = running.repository.collection.find(order.after(wanted, cursor), _SHOWN).sort(order.keys).limit(limit + 1)
    with answering():
        raws = await found.to_list(limit + 1)
    return [Record.model_validate(raw["state"]) for raw in raws[:limit]], order.next(raws, limit)


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
