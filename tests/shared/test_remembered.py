"""Figures that take long to count: asked for often, counted seldom, and never left to grow old."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from shared.errors import Unavailable
from shared.remembered import RENEWED, STALE, Remembered
from shared.testing.clocks import SetClock

TOOK = timedelta(seconds=1)


class Counting:
    """Counts how often it counts; `TOOK` passes meanwhile, and where it is held up it waits to be let go."""

    def __init__(self, clock: SetClock) -> None:
        self.clock, self.times, self.free = clock, 0, asyncio.Event()
        self.free.set()

    async def __call__(self) -> int:
        self.times += 1
        times = self.times
        await self.free.wait()
        self.clock.advance(seconds=TOOK.total_seconds())
        return times


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def counting(clock: SetClock) -> Counting:
    return Counting(clock)


@pytest.fixture
async def remembered(clock: SetClock) -> AsyncIterator[Remembered]:
    figures = Remembered(clock)
    yield figures
    await figures.close()


def grow_old(clock: SetClock, times: int) -> None:
    """Let so many times pass what counting took."""
    clock.advance(seconds=(times * TOOK).total_seconds())


async def test_what_was_counted_a_moment_ago_is_not_counted_again(remembered: Remembered, counting: Counting) -> None:
    await remembered.get("board", counting)

    assert ((await remembered.get("board", counting)).value, counting.times) == (1, 1)


async def test_a_figure_says_as_of_when_its_counting_began(
    remembered: Remembered, counting: Counting, clock: SetClock
) -> None:
    began: datetime = clock()

    assert (await remembered.get("board", counting)).as_of == began


async def test_those_who_ask_at_once_share_one_counting(remembered: Remembered, counting: Counting) -> None:
    await asyncio.gather(*(remembered.get("board", counting) for _ in range(10)))

    assert counting.times == 1


async def test_figures_of_different_names_are_counted_apart(remembered: Remembered, counting: Counting) -> None:
    values = [(await remembered.get(name, counting)).value for name in ("2026-11", "2026-12")]

    assert values == [1, 2]


async def test_an_old_figure_is_counted_again_while_whoever_asks_waits_a_moment(
    remembered: Remembered, counting: Counting, clock: SetClock
) -> None:
    await remembered.get("board", counting)
    grow_old(clock, RENEWED + 1)

    assert (await remembered.get("board", counting)).value == 2


async def test_where_counting_takes_longer_the_old_figure_has_to_do(
    remembered: Remembered, counting: Counting, clock: SetClock
) -> None:
    await remembered.get("board", counting)
    grow_old(clock, RENEWED + 1)
    counting.free.clear()

    assert (await remembered.get("board", counting)).value == 1


async def test_whoever_asks_for_a_figure_that_is_far_too_old_waits_for_the_new_one(
    remembered: Remembered, counting: Counting, clock: SetClock
) -> None:
    await remembered.get("board", counting)
    grow_old(clock, STALE + 1)
    counting.free.clear()

    asking = asyncio.create_task(remembered.get("board", counting))
    done, _ = await asyncio.wait([asking], timeout=0.1)
    counting.free.set()

    assert (done, (await asking).value) == (set(), 2)


async def test_where_nothing_can_be_counted_the_old_figure_stays_and_the_log_says_why(
    remembered: Remembered, counting: Counting, clock: SetClock
) -> None:
    await remembered.get("board", counting)
    grow_old(clock, RENEWED + 1)

    with capture_logs() as lines:
        figure = await remembered.get("board", _fails)

    assert (figure.value, [line["event"] for line in lines]) == (1, ["figure_not_counted"])


async def test_where_there_is_no_other_figure_the_fault_is_told(remembered: Remembered) -> None:
    with pytest.raises(Unavailable):
        await remembered.get("board", _fails)


async def _fails() -> int:
    raise Unavailable("The database does not answer.")
