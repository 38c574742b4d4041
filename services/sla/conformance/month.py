"""A month as the office counts it."""

import re
from datetime import datetime
from typing import NamedTuple, Self

from shared.worktime import calendar_named

ZONE = calendar_named("cn").zone
PATTERN = r"^20\d\d-(0[1-9]|1[0-2])$"


class Month(NamedTuple):
    """A calendar month in the office's time."""

    year: int
    month: int

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """The month that a moment lies in."""
        local = moment.astimezone(ZONE)
        return cls(local.year, local.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The month of `2026-11`. Raises ValueError."""
        if not re.match(PATTERN, text):
            raise ValueError(f"{text!r} is not a month of this century; write 2026-11")
        return cls(int(text[:4]), int(text[5:]))

    @property
    def since(self) -> datetime:
        """Its first moment."""
        return datetime(self.year, self.month, 1, tzinfo=ZONE)

    @property
    def until(self) -> datetime:
        """The first moment of the month after it."""
        return self.later(1).since

    def later(self, months: int) -> "Month":
        """The month so many months later, or earlier."""
        years, month = divmod(self.month - 1 + months, 12)
        return Month(self.year + years, month + 1)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}"
