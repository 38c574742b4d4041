"""Claiming from a list: everybody who asks for the next case gets another one."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import TypeVar

from services.routing.model import Excluded
from shared.errors import Conflict, Fault, NotFound, WrongState

T = TypeVar("T")


class NothingToClaim(Fault):
    """Every case in the list has been taken."""

    code = "nothing-to-claim"
    status = 404


class Claims:
    """The claims that are under way in this replica.

    That no two people get the same case is seen to by the guarded write of the case. This spares those who ask at the
    same moment the race for the same one.
    """

    def __init__(self) -> None:
        self._under_way: set[str] = set()

    async def first(self, numbers: AsyncGenerator[str, None], take: Callable[[str], Awaitable[T]]) -> T:
        """Take the first of these cases that can be taken. Raises `NothingToClaim`."""
        async with aclosing(numbers):
            async for number in numbers:
                if number in self._under_way:
                    continue
                self._under_way.add(number)
                try:
                    return await take(number)
                except (Conflict, Excluded, NotFound, WrongState):
                    continue  # somebody was quicker, or it is not for them
                finally:
                    self._under_way.discard(number)
        raise NothingToClaim("There is no case that nobody has taken.")
