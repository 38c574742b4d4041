"""How often one address may do something."""

import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta
from math import ceil

from shared.errors import Fault

REMEMBERED = 10_000
"""Addresses kept in memory, those that came least recently forgotten first."""


class TooManyRequests(Fault):
    """The address has used up what it may do for now; `retry_after` says when it may go on (RFC 6585, 4)."""

    code = "too-many-requests"
    status = 429


class Throttle:
    """Lets each address through `most` times at once, and evenly as often in every `period` after that.

    A token bucket for each address, kept as the one moment at which it is full again. Every replica counts for itself.
    """

    def __init__(self, most: int, period: timedelta, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._most, self._period, self._monotonic = most, period.total_seconds(), monotonic
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def admit(self, address: str) -> None:
        """Let an address through once. Raises `TooManyRequests`."""
        now = self._monotonic()
        full_at = max(self._full_at.get(address, now), now) + self._period / self._most
        too_early = ceil(round(full_at - self._period - now, 3))  # rounded, because the parts of a period do not add up
        if too_early > 0:
            raise TooManyRequests("Too many of these came from your address just now.", retry_after=too_early)
        self._full_at[address] = full_at
        self._full_at.move_to_end(address)
        if len(self._full_at) > REMEMBERED:
            self._full_at.popitem(last=False)
