"""Rounds: one run at a time, in nobody's way, begun again after a failure."""

import asyncio

from structlog.testing import capture_logs

from shared.rounds import Rounds
from tests.harness import eventually


class Work:
    """Counts how often it was begun; goes on only when it may."""

    def __init__(self) -> None:
        self.begun = 0
        self.may_end = asyncio.Event()

    async def __call__(self) -> None:
        self.begun += 1
        await self.may_end.wait()
        raise ZeroDivisionError("not this time")


async def test_a_round_under_way_is_not_begun_again() -> None:
    work = Work()
    rounds = Rounds([work])
    for _ in range(3):
        rounds.begin()
        await asyncio.sleep(0)

    assert work.begun == 1
    await rounds.stop()


async def test_a_round_that_failed_says_so_and_is_begun_again() -> None:
    work = Work()
    rounds = Rounds([work])
    work.may_end.set()
    with capture_logs() as lines:
        rounds.begin()
        await eventually(lambda: lines)
        rounds.begin()
        await eventually(lambda: work.begun == 2)

    assert lines[0]["event"] == "round_failed"
    await rounds.stop()
