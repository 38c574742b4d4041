"""Lists in pages: each begins right behind the one before, whatever was added meanwhile, however far behind that is."""

import base64
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

import orjson

from shared.contracts.values import to_instant
from shared.database import Documents, value_at
from shared.errors import Fault
from shared.repository import answering

T = TypeVar("T")

Raw = Mapping[str, Any]
"""A document as it is stored."""

WHOLE_STATE: Raw = {"state": 1}


Visible: TypeAlias = Callable[[T], bool | Awaitable[bool]]
"""Whether whoever asks may see something; where that has to be looked up, it may take its time."""


class BadCursor(Fault):
    """The cursor is not one that a list of ours has given out."""

    code = "bad-cursor"
    status = 400


class Stretch(NamedTuple):
    """A part of a list: what is in it, and by which keys it is still to be sorted."""

    criteria: dict[str, Any]
    keys: list[tuple[str, int]]


class Cursor:
    """Tells where in a list a page ends; `keys` are document fields with directions, the last one unique."""

    def __init__(self, keys: Sequence[tuple[str, int]]) -> None:
        self.keys = list(keys)

    def stretches(self, criteria: Mapping[str, Any], cursor: str) -> list[Stretch]:
        """The list behind the cursor in stretches that follow one another; raises `BadCursor`.

        Each is one range, which MongoDB reads from an index from where it begins, however far behind that is; of their
        union it would read everything, and sort it.
        """
        if not cursor:
            return [Stretch(dict(criteria), self.keys)]
        return [
            Stretch({"$and": [dict(criteria), behind]}, self.keys[place:]) for behind, place in self._behind(cursor)
        ]

    def _behind(self, cursor: str) -> Iterator[tuple[dict[str, Any], int]]:
        """What comes behind the cursor, next first, each with the first key that is not the same as there."""
        values = self._decode(cursor)
        for place, (field, direction) in reversed(list(enumerate(self.keys))):
            same = {key: value for (key, _), value in zip(self.keys[:place], values, strict=False)}
            yield from ((same | {field: further}, place) for further in _further(values[place], direction))

    def behind(self, raw: Raw) -> str:
        """The cursor right behind a document."""
        values = [_encoded(value_at(raw, field)) for field, _ in self.keys]
        return base64.urlsafe_b64encode(orjson.dumps(values)).rstrip(b"=").decode()

    def _decode(self, cursor: str) -> list[Any]:
        try:
            values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            decoded = [_decoded(value) for value in values]
        except (ValueError, TypeError, KeyError) as error:
            raise BadCursor("The cursor is not one of ours.") from error
        if len(decoded) != len(self.keys):
            raise BadCursor("The cursor belongs to another list.")
        return decoded


class Listing(Generic[T]):
    """A list of documents in the order of `keys`, and how it is read.

    `item` makes of a stored state what the list holds; `shown` is what of a document that takes, as MongoDB is asked.
    """

    def __init__(
        self, documents: Documents, keys: Sequence[tuple[str, int]], item: Callable[[Any], T], shown: Raw = WHOLE_STATE
    ) -> None:
        self._documents, self._order = documents, Cursor(keys)
        self._item, self._shown = item, shown

    async def page(
        self, criteria: Raw, limit: int, cursor: str, visible: Visible[T] = lambda _: True
    ) -> tuple[list[T], str | None]:
        """One page of what fits and is visible to whoever asks, and the cursor of the next one.

        It is read on until the page is full: what is hidden, which is little, leaves no gap. Raises `BadCursor` and
        `Unavailable`.
        """
        found: list[tuple[Raw, T]] = []
        more = True
        while more and len(found) <= limit:
            raws = await self._read(criteria, cursor, limit + 1)
            items = [(raw, self._item(raw["state"])) for raw in raws]
            found += [(raw, item) for raw, item in items if await _told(visible(item))]
            if more := len(raws) > limit:
                cursor = self._order.behind(raws[-1])
        following = self._order.behind(found[limit - 1][0]) if len(found) > limit else None
        return [item for _, item in found[:limit]], following

    async def _read(self, criteria: Raw, cursor: str, most: int) -> list[Raw]:
        """The next documents behind the cursor, whoever may see them."""
        raws: list[Raw] = []
        with answering():
            for wanted, keys in self._order.stretches(criteria, cursor):
                if left := most - len(raws):
                    found = self._documents.find(wanted, self._shown, batch_size=left).sort(keys).limit(left)
                    raws += await found.to_list(left)
        return raws


async def _told(answer: bool | Awaitable[bool]) -> bool:
    return answer if isinstance(answer, bool) else await answer


def _further(value: Any, direction: int) -> list[dict[str, Any]]:
    """What comes behind a value; nothing comes before everything, and MongoDB compares it with nothing else."""
    if direction > 0:
        return [{"$ne": None} if value is None else {"$gt": value}]
    return [] if value is None else [{"$lt": value}, {"$eq": None}]


def _encoded(value: Any) -> Any:
    return {"t": value.isoformat()} if isinstance(value, datetime) else value


def _decoded(value: Any) -> Any:
    if isinstance(value, int) and value.bit_length() > 63:
        raise ValueError("MongoDB keeps integers of 64 bits")
    return to_instant(datetime.fromisoformat(value["t"])) if isinstance(value, dict) else value
