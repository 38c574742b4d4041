"""Stack: calls from a roomy function never fall on the edge of a piece of it."""

from resource import RUSAGE_SELF, getrusage
from types import FunctionType

from shared.stack import roomy

CALLS = 200


def nothing() -> None:
    pass


def call_often() -> None:
    for _ in range(CALLS):
        nothing()


def faults_of_a_busy_loop(depth: int) -> int:
    """Pages newly mapped while a loop calls a function, `depth` words further down the stack."""
    code = (lambda: call_often()).__code__.replace(co_stacksize=depth)
    deep = FunctionType(code, globals())
    before = getrusage(RUSAGE_SELF).ru_minflt
    deep()
    return getrusage(RUSAGE_SELF).ru_minflt - before


def worst() -> int:
    return max(faults_of_a_busy_loop(depth) for depth in range(10, 2200, 4))


def test_a_busy_loop_deep_in_a_roomy_function_takes_no_new_memory_call_by_call() -> None:
    assert roomy(lambda: worst())() < CALLS / 10
