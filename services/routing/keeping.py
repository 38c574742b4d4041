"""Documents that are not about a complaint, such as who is on duty: changed down the same commit path as any other."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from shared.aggregate import Aggregate
from shared.document import Document, Step
from shared.errors import Conflict
from shared.processor import RACES
from shared.repository import Repository

A = TypeVar("A", bound=Aggregate)


async def amend(kept: Repository[A], key: str, change: Callable[[A], None], now: datetime) -> A:
    """Change the document of a key, which is made where there is none; again where somebody else was quicker.

    Raises whatever `change` raises, `Conflict`, `Unavailable`.
    """
    for _ in range(RACES):
        document: Document[A] = (await kept.load([key]))[key]
        document.apply(Step(partial(_changed, key=key, kind=kept.kind, change=change), now))
        if not await kept.commit([document]):
            return document.present
    raise Conflict(f"Others keep changing {key}; please try again.")


def _changed(found: A | None, *, key: str, kind: type[A], change: Callable[[A], None]) -> A:
    aggregate = found or kind(number=key)
    change(aggregate)
    return aggregate
