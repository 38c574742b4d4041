"""Several replicas of sla: whatever becomes of them, of the database and of their clocks, every alarm rings once."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bench.measure import furthest_overtaking
from deploy.local import Servers
from deploy.local.mongod import Mongod
from shared.alarms import AT_ONCE
from shared.clock import now
from tests.chaos.replicas import Replicas, replicas_on, stall, wake
from tests.harness import Process, Site, eventually

SKEWED = "shared.testing.skew"
MANY = 6 * AT_ONCE
"""A walk that is still under way when its first batch is seen to have rung."""
HANDOVER = 10
"""Seconds within which another replica goes on when the leader is gone."""


@pytest.fixture
async def replicas(site: Site) -> AsyncIterator[Replicas]:
    async with replicas_on(site) as made:
        yield made


@pytest.fixture
def skew(tmp_path: Path) -> Path:
    """The file that says how wrong the replicas' clocks are; they are right at first."""
    file = tmp_path / "skew"
    file.touch()
    return file


def jump(skew: Path, by: timedelta) -> None:
    """Have the clocks show the true time and so much more."""
    draft = skew.with_suffix(".draft")
    draft.write_text(str(by.total_seconds()))
    draft.replace(skew)


@pytest.mark.parametrize("count", [2, 3])
async def test_among_several_replicas_every_alarm_has_its_effect_once(replicas: Replicas, count: int) -> None:
    await replicas.start(count)

    await replicas.arm(1000, now(), timedelta(seconds=2))

    await eventually(replicas.all_rang)
    assert replicas.said() == replicas.each_once


async def test_when_the_leader_is_killed_the_next_one_goes_on_within_seconds(replicas: Replicas) -> None:
    await replicas.start(3)
    await replicas.arm(MANY, now())
    leader = await replicas.leader()

    await leader.kill()

    await eventually(replicas.all_rang, within=HANDOVER)
    assert replicas.said() == replicas.each_once


async def test_when_the_leader_hangs_the_next_one_goes_on_and_its_awakening_doubles_nothing(replicas: Replicas) -> None:
    await replicas.start(2)
    await replicas.arm(MANY, now())
    leader = await replicas.leader()

    stall(leader)

    await eventually(replicas.all_rang, within=HANDOVER + 2)
    wake(leader)
    await eventually(replicas.all_wait_for_ticks)
    assert replicas.said() == replicas.each_once


async def test_while_the_database_stands_still_alarms_wait_and_then_ring_once(
    replicas: Replicas, servers: Servers
) -> None:
    (mongod,) = [server for server in servers.private if isinstance(server, Mongod)]
    await replicas.start(2)
    await replicas.arm(MANY, now())
    leader = await replicas.leader()

    os.kill(mongod.pid, signal.SIGSTOP)
    try:
        await eventually(lambda: is_not_ready(leader))
    finally:
        os.kill(mongod.pid, signal.SIGCONT)

    await eventually(replicas.all_rang)
    assert replicas.said() == replicas.each_once


async def test_when_the_database_dies_under_a_walk_the_rest_rings_once_when_it_is_back(
    replicas: Replicas, servers: Servers
) -> None:
    await replicas.start(2)
    await replicas.arm(MANY, now())
    await replicas.leader()

    await asyncio.to_thread(servers.kill_mongod)
    await asyncio.to_thread(servers.start_mongod)

    await eventually(replicas.all_rang, within=20)
    assert replicas.said() == replicas.each_once


async def test_a_clock_that_jumps_forward_and_under_a_walk_back_rings_every_alarm_once(
    replicas: Replicas, skew: Path
) -> None:
    await replicas.start(2, SKEWED, "sla", "--by", str(skew))
    await replicas.arm(MANY, now() + timedelta(minutes=1), timedelta(hours=1))

    jump(skew, timedelta(hours=2))
    await replicas.leader()
    jump(skew, timedelta(hours=-2))
    await replicas.arm(AT_ONCE, now() - timedelta(hours=4), timedelta(hours=1))

    await eventually(replicas.all_rang)
    assert replicas.said() == replicas.each_once


async def test_what_fell_due_while_everything_was_down_for_a_night_rings_once_and_oldest_first(
    replicas: Replicas,
) -> None:
    await replicas.arm(MANY, now() - timedelta(hours=10), timedelta(hours=10))

    await replicas.start(2)

    await eventually(replicas.all_rang)
    assert replicas.said() == replicas.each_once
    assert furthest_overtaking(replicas.order()) < 2 * AT_ONCE  # what is published together may overtake


async def is_not_ready(replica: Process) -> bool:
    return not await replica.is_ready()
