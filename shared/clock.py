"""The one place where Redress asks what time it is."""

from collections.abc import Callable
from datetime import UTC, datetime

from shared.contracts.values import to_instant

Clock = Callable[[], datetime]
"""Answers the present moment, in UTC."""


def now() -> datetime:
    """The present moment in UTC, to the millisecond."""
    return to_instant(datetime.now(UTC))
