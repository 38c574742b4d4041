"""Room on the interpreter's stack, so that no call in a busy loop pays for the edge of a piece of it."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

ROOM = 1 << 16
"""Words that a roomy function asks for. Pieces double until one holds them, so that nearly as much stays free."""


def roomy(function: Callable[P, T]) -> Callable[P, T]:
    """Let everything that `function` calls find room on one piece of stack.

    CPython keeps the frames of a thread in pieces of 16 KB (`_PyThreadState_PushFrame`), and a call that crosses the
    edge of one maps a new piece and unmaps it when it returns: two hundred times the price of a call. How deep the
    edge lies is chance; where the busiest loops run into it, a service loses some hundredths of its processor time.
    A frame that asks for more room gets a larger piece, and what it leaves serves the calls from there on. Memory that
    nobody comes to is never taken.
    """
    function.__code__ = function.__code__.replace(co_stacksize=ROOM)
    return function
