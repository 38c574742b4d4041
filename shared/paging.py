"""Cursors: where a page of a list ends, so that the next one begins right behind it whatever was added meanwhile."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from shared.errors import Fault


class BadCursor(Fault):
    """The cursor is not one that a list of ours has given out."""

    code = "bad-cursor"
    status = 400


class Stretch(NamedTuple):
    """A part of a list: what is in it, and by which keys it is still to be sorted."""

    criteria: dict[str, Any]
    keys: list[tuple[str, int]]


class Cursor:
    """Pages through a list in a fixed order; `keys` are document fields with directions, the last one unique."""

    def __init__(self, keys: Sequence[tuple[str, int]]) -> None:
        self.keys = list(keys)

    def after(self, criteria: Mapping[str, Any], cursor: str) -> dict[str, Any]:
        """`criteria`, and to come behind the cursor. Raises `BadCursor`."""
        if not cursor:
            return dict(criteria)
        return {"$and": [dict(criteria), {"$or": [behind for behind, _ in self._behind(cursor)]}]}

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

    def next(self, raws: Sequence[Mapping[str, Any]], limit: int) -> str | None:
        """The cursor behind the `limit`-th document, or None where there are no more."""
        if len(raws) <= limit:
            return None
        values = [_encoded(value_at(raws[limit - 1], field)) for field, _ in self.keys]
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
    return datetime.fromisoformat(value["t"]) if isinstance(value, dict) else value


def value_at(raw: Mapping[str, Any], path: str) -> Any:
    """What a stored document holds under a dotted path, such as `state.number`."""
    value: Any = raw
    for part in path.split("."):
        value = value[part]
    return value
