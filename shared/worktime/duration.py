"""A time limit as a regulation words it."""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache
from typing import Literal, Self, get_args

Unit = Literal["second", "minute", "hour", "working day", "week", "same day", "next day"]
"""What a time limit counts in; the last two are whole limits of their own."""

ELAPSED: dict[Unit, timedelta] = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
}
"""The units whose clock never stops, nights and holidays included."""

NAMED: frozenset[Unit] = frozenset({"same day", "next day"})
ALLOWED = '"5 working days", "24 hours", "10 minutes", "30 seconds", "1 week", "same day" or "next day"'
MAXIMUM = 9999

_COUNTED = re.compile(r"([0-9]{1,9}) (second|minute|hour|working day|week)(s?)")


@dataclass(frozen=True)
class Duration:
    """A time limit: so many units, or the same or the next day; its text is what a pack writes.

    Raises ValueError for a unit that does not exist and for a count outside 1 to 9999; elapsed units may count 0.
    """

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in get_args(Unit):
            raise ValueError(f"{self.unit!r} is not a unit of time; write {ALLOWED}")
        least, most = 0 if self.unit in ELAPSED else 1, 1 if self.unit in NAMED else MAXIMUM
        if not least <= self.count <= most:
            raise ValueError(f"a limit in {self.unit}s counts from {least} to {most}, not {self.count}")

    @classmethod
    def parse(cls, text: "str | Duration") -> Self:
        """Read a limit such as `5 working days`, `24 hours`, `1 week`, `same day`; ValueError says what is allowed."""
        if isinstance(text, cls):
            return text
        if not isinstance(text, str):
            raise ValueError(f"{text!r} is not a time limit; write {ALLOWED}")
        return cls._read(text)

    @classmethod
    @lru_cache(1000)
    def _read(cls, text: str) -> Self:
        """Packs write few different limits, and every deadline asks for its own again."""
        if text in NAMED:
            return cls(1, text)
        found = _COUNTED.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not a time limit; write {ALLOWED}")
        return cls(int(found[1]), found[2])  # type: ignore[arg-type]  # the pattern admits only units

    @cached_property
    def elapsed(self) -> timedelta | None:
        """The length of a limit whose clock never stops, None for one that is counted in days."""
        unit = ELAPSED.get(self.unit)
        return None if unit is None else self.count * unit

    def __str__(self) -> str:
        if self.unit in NAMED:
            return self.unit
        return f"{self.count} {self.unit}" + ("" if self.count == 1 else "s")
