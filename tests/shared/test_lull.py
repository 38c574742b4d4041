"""Work gathers until there is a lull, and never longer than somebody can be made to wait."""

import asyncio
from time import monotonic, sleep

import pytest

from shared.lull import QUIET, Lull


async def stirred_every(lull: Lull, pause: float) -> None:
    """Something arrives again and again."""
    while True:
        lull.stir()
        await asyncio.sleep(pause)


async def waited(lull: Lull) -> float:
    """Seconds until the lull has come."""
    began = monotonic()
    await asyncio.wait_for(lull.come(), 5)
    return monotonic() - began


async def test_what_comes_alone_hardly_waits() -> None:
    lull = Lull(2.0)
    lull.stir()

    assert await waited(lull) < 1.0


async def test_in_a_stream_a_pause_is_a_lull_only_when_it_is_longer() -> None:
    lull = Lull(1.6)
    lull.stir()
    await asyncio.sleep(1.6 * QUIET)
    lull.stir()

    assert await waited(lull) > 0.8 * 1.6 * QUIET


async def test_a_stream_is_gathered_for_the_longest_wait_and_no_longer() -> None:
    lull = Lull(0.4)
    stream = asyncio.create_task(stirred_every(lull, 0.01))

    assert 0.3 < await waited(lull) < 2.0
    stream.cancel()


async def test_a_pause_in_which_the_loop_was_busy_is_no_lull() -> None:
    lull = Lull(2.0)
    lull.stir()
    waiting = asyncio.create_task(lull.come())
    await asyncio.sleep(0)

    sleep(2.0 * QUIET)  # noqa: ASYNC251 - a handler that computes
    await asyncio.sleep(0.05)

    assert not waiting.done()
    assert await asyncio.wait_for(waiting, 5)


async def test_when_it_is_enough_nobody_waits() -> None:
    lull = Lull(60.0)
    lull.stir()
    asyncio.get_running_loop().call_later(0.01, lull.enough)

    assert await waited(lull) < 2.0


async def test_without_anything_there_is_no_lull() -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(Lull(0.01).come(), 0.1)


async def test_what_arrived_before_does_not_bring_the_next_lull() -> None:
    lull = Lull(0.05)
    lull.stir()
    await lull.come()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(lull.come(), 0.3)


async def test_whoever_has_waited_for_a_pause_is_told_that_it_is_quiet() -> None:
    lull = Lull(2.0)
    lull.stir()

    assert await lull.come()


async def test_whoever_was_not_let_wait_any_longer_is_told_that_more_is_coming() -> None:
    lull = Lull(0.4)
    stream = asyncio.create_task(stirred_every(lull, 0.01))

    assert not await lull.come()
    stream.cancel()


async def test_whoever_is_cancelled_just_when_it_is_enough_stops_all_the_same() -> None:
    lull = Lull(60.0)

    async def work_for_ever() -> None:
        while True:
            await lull.come()

    work = asyncio.create_task(work_for_ever())
    for turn in (lull.stir, lambda: None, lull.enough):
        await asyncio.sleep(0)
        turn()
    work.cancel()
    await asyncio.wait({work}, timeout=2)

    assert work.cancelled()
