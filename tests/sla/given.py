"""A clock, its regulation and its moments."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from services.sla.model import Clock, Promise
from services.sla.rules import Rules
from shared.contracts.values import Milestone
from shared.errors import NotYet
from shared.handling import Context
from shared.privacy import Keyring, Tokens
from shared.regulations import load_regulations

RECEIVED = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
"""A Monday morning in Shanghai, half an hour after opening."""

Change = Callable[[Clock], object]


@cache
def rules(pack: str = "service-quality") -> Rules:
    return Rules(load_regulations().get(pack))


def a_clock(pack: str = "service-quality", **fields: Any) -> Clock:
    clock = Clock(
        number="SQ-20261123-00017K", regulation=pack, regulation_version="1", channel="hotline", received_at=RECEIVED,
        **fields,
    )  # fmt: skip
    clock.start(rules(pack), RECEIVED)
    return clock


def context() -> Context[Any]:
    """What a handler is given: the packs that are shipped, and no keys."""
    return Context(RECEIVED, load_regulations(), Keyring(), Tokens(b"k" * 32), None)


def hours(count: float) -> datetime:
    return RECEIVED + timedelta(hours=count)


def promise(clock: Clock, milestone: Milestone) -> Promise:
    return [promise for promise in clock.promises if promise.milestone == milestone][-1]


def said(clock: Clock, kind: type) -> list[Any]:
    return [event for event in clock.recorded if isinstance(event, kind)]


def hear(clock: Clock, changes: Iterable[Change]) -> Clock:
    """Take the changes in this order, those that are not ready again at the end, until all are taken."""
    waiting = list(changes)
    for _ in range(100):
        if not waiting:
            return clock
        change = waiting.pop(0)
        try:
            change(clock)
        except NotYet:
            waiting.append(change)
    raise AssertionError("some changes never become ready")
