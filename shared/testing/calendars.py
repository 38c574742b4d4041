"""The calendars of this process, which tests enter editions into, put back as they were."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.worktime import CALENDARS


@contextmanager
def as_they_were() -> Iterator[None]:
    """Forget after the block whatever editions were entered in it."""
    before = vars(CALENDARS).copy()
    try:
        yield
    finally:
        vars(CALENDARS).update(before)
