"""Timers due at one instant: ours, APScheduler's on MongoDB and Celery's on RabbitMQ, by turns on the same servers.

Each timer publishes one message that the broker confirms. The peers live in a virtual environment that is made for this
measurement and thrown away with it; where their packages cannot be had, only ours are measured, and it says so.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path

import click
import pymongo

from bench.alarms import COLLECTED, ring
from bench.ground import ROOT, Ground, Stage
from bench.measure import Figures, Plan, by_turns
from bench.watch import Arrivals, Broker
from deploy.local.process import Process
from shared.bus.topology import EVENTS

PACKAGES = ("apscheduler==3.11.3", "celery==5.7.0", "kombu==5.7.0", f"pymongo=={pymongo.version}")
FIRED = "bench.fired"
ROUNDS = 3
LEAD = 5.0
"""Seconds from the start of a peer's programs to the common instant, besides those it takes to arm."""
ARMED_PER_SECOND = 250

Programs = Callable[[Stage, int, float], list[list[str]]]
"""The command lines that arm so many timers of a stage for an instant (seconds since 1970) and fire them."""


async def measure(ground: Ground, plan: Plan) -> Figures:
    """The sla service, and both peers where they can be had."""
    async with AsyncExitStack() as stack:
        stage = await stack.enter_async_context(ground.stage("peers"))
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="peers-", dir=ROOT / ".local")))
        await stage.redress("sla")
        broker = await stack.enter_async_context(Broker(stage))
        await broker.collect(COLLECTED, EVENTS, ["sla.target-breached"])
        await broker.collect(FIRED, EVENTS, [])
        ours, theirs = await broker.arrivals(COLLECTED), await broker.arrivals(FIRED)
        sides = {"redress": partial(_ours, stage, ours, plan.timers)}
        if await asyncio.to_thread(_installed, directory):
            for name, programs in PEERS.items():
                sides[name] = partial(_fire, stage, theirs, plan.timers, directory, programs)
        results = await by_turns(plan.at_most(ROUNDS), "peers", *sides.values())
    return {f"timers_{name}_per_s": figures["per_s"] for name, figures in zip(sides, results, strict=True)}


async def _ours(stage: Stage, arrivals: Arrivals, count: int) -> Figures:
    return {"per_s": count / (await ring(stage, arrivals, count, timedelta()))["seconds"]}


async def _fire(stage: Stage, arrivals: Arrivals, count: int, directory: Path, programs: Programs) -> Figures:
    """One round of a peer: from the instant at which all are due until the last message has come."""
    arrivals.forget()
    due = time.time() + LEAD + count / ARMED_PER_SECOND
    running = [_begin(directory, stage, arguments) for arguments in programs(stage, count, due)]
    try:
        await arrivals.count(count)
    except TimeoutError as error:
        raise RuntimeError(f"the peer did not fire them all\n{running[0].last_words()}") from error
    finally:
        for process in running:
            process.kill()
    return {"per_s": count / (arrivals.last - (due - time.time() + time.monotonic()))}


def _begin(directory: Path, stage: Stage, arguments: Sequence[str]) -> Process:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PEER_AMQP_URL": _amqp_url(stage)}
    argv = [str(directory / "bin" / "python"), *arguments]
    process = Process(argv, log=directory / f"{stage.name}.log", env=env)
    process.spawn()
    return process


def _apscheduler(stage: Stage, count: int, due: float) -> list[list[str]]:
    given = [_amqp_url(stage), stage.mongodb_url, f"{stage.prefix}apscheduler", FIRED, str(count), str(due)]
    return [["-m", "bench.peer_apscheduler", *given]]


def _celery(_: Stage, count: int, due: float) -> list[list[str]]:
    worker = ["-m", "celery", "--app", "bench.peer_celery", "worker", "--loglevel", "error"]
    return [worker, ["-m", "bench.peer_celery", FIRED, str(count), str(due)]]


PEERS: dict[str, Programs] = {"apscheduler": _apscheduler, "celery": _celery}


def _amqp_url(stage: Stage) -> str:
    return stage.amqp_url.partition("?")[0]


def _installed(directory: Path) -> bool:
    """Make the peers' virtual environment; False, and said, where their packages cannot be had."""
    install = [str(directory / "bin" / "python"), "-m", "pip", "install", "--quiet", *PACKAGES]
    try:
        for command in ([sys.executable, "-m", "venv", str(directory)], install):
            subprocess.run(command, check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as failure:
        click.echo(f"The peers cannot be installed, only ours is measured.\n{failure.stderr}", err=True)
        return False
    return True
