"""Chaos: services, broker and database are killed under load, and every complaint still goes its way exactly once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson
import pytest

from deploy.local import Servers
from deploy.local.process import wait_until
from shared.bus.wire import PREFIX
from tests.broker import contents, depth
from tests.harness import SILENT, Process, Site, eventually, free_port, process, service

SERVICES = ("intake", "routing", "sla", "feedback", "archive")
DEPARTMENTS = ("quality", "service", "general-affairs")
CALLERS = 4
HEARD_BY_ARCHIVE = {"complaint.registered", "case.routed", "sla.target-set", "receipt.delivered"}
UNSURE = (SILENT, TimeoutError, aiohttp.ClientPayloadError)
"""What a caller is told by a service that died while it was asked: nothing, so it asks again."""


@dataclass
class Estate:
    """All services as processes, each of which can be killed and comes back on the same port."""

    site: Site
    stack: AsyncExitStack
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in SERVICES})
    alive: dict[str, Process] = field(default_factory=dict)

    async def start(self, name: str) -> None:
        """Start a service; returns at once."""
        running = process(self.site, f"services.{name}", port=self.ports[name])
        self.alive[name] = await self.stack.enter_async_context(running)

    async def kill_and_restart(self, name: str) -> None:
        """A service dies and is started again."""
        await self.alive[name].kill()
        await self.start(name)
        await self.alive[name].ready(within=40)


@asynccontextmanager
async def estate(site: Site) -> AsyncIterator[Estate]:
    """Every service, ready."""
    async with AsyncExitStack() as stack:
        made = Estate(site, stack)
        for name in SERVICES:
            await made.start(name)
        await asyncio.gather(*(one.ready(within=40) for one in made.alive.values()))
        yield made


class Callers:
    """Channels that register complaints one after the other, and ask again until they have a receipt."""

    def __init__(self, running: Estate) -> None:
        self._running, self._tasks = running, set[asyncio.Task[None]]()
        self.receipts: dict[str, set[str]] = {}
        self._enough = False

    def begin(self) -> None:
        """Begin to register."""
        self._tasks = {asyncio.create_task(self._call(f"caller-{n}")) for n in range(CALLERS)}

    async def end(self) -> None:
        """Register no more, but get a receipt for what is under way."""
        self._enough = True
        await asyncio.wait_for(asyncio.gather(*self._tasks), 60)

    async def _call(self, name: str) -> None:
        turn = 0
        while not self._enough:
            turn += 1
            await self._register(f"{name}-{turn}")
            await asyncio.sleep(0.05)

    async def _register(self, key: str) -> None:
        while True:
            with suppress(*UNSURE):
                status, receipt = await self._running.alive["intake"].register(key)
                if status in (200, 201):
                    self.receipts.setdefault(key, set()).add(receipt["number"])
                    return
                assert status == 503, receipt
            await asyncio.sleep(0.1)


def settled_on_disk(servers: Servers, site: Site) -> bool:
    """Whether the broker has written down every quorum queue; one younger than that would not survive its death."""
    (directory,) = {server.directory.parent for server in servers.private}
    written = [file.read_bytes() for file in directory.glob("rabbitmq/data/*/quorum/*/names.dets")]
    queues = [*SERVICES, *(f"{name}.dead" for name in SERVICES), *(f"department.{name}" for name in DEPARTMENTS)]
    names = [f"{site.prefix}_{queue}".encode() for queue in queues]
    return all(any(name in content for content in written) for name in names)


async def kill_broker(servers: Servers) -> None:
    await asyncio.to_thread(servers.kill_rabbitmq)
    await asyncio.to_thread(servers.start_rabbitmq)


async def kill_database(servers: Servers) -> None:
    await asyncio.to_thread(servers.kill_mongod)
    await asyncio.to_thread(servers.start_mongod)


async def documents(site: Site, name: str) -> list[dict[str, Any]]:
    async with site.database(name) as database:
        found: list[dict[str, Any]] = await database[service(name).collection].find().to_list(None)
        return found


async def everything_is_said(site: Site, numbers: set[str]) -> bool:
    """Whether every outbox is empty, every queue is empty, and the archive knows all that it will be told."""
    stored = [one for name in SERVICES for one in await documents(site, name)]
    if any(one["outbox"] for one in stored) or any([await depth(site.amqp_url, name) for name in SERVICES]):
        return False
    records = await documents(site, "archive")
    complete = [one for one in records if {entry["type"] for entry in one["state"]["timeline"]} >= HEARD_BY_ARCHIVE]
    return {one["_id"] for one in complete} == numbers


async def work_orders(site: Site) -> Counter[str]:
    """How many different work orders each complaint has in the departments' queues."""
    found = set()
    for department in DEPARTMENTS:
        for message in await contents(site.amqp_url, f"department.{department}"):
            found.add((orjson.loads(message.body)["number"], message.headers[f"{PREFIX}id"]))
    return Counter(number for number, _ in found)


@pytest.fixture
async def survivors(site: Site, servers: Servers) -> AsyncIterator[Callers]:
    """What came of registrations during which everything was killed once, after all has been said."""
    async with estate(site) as running:
        assert await asyncio.to_thread(wait_until, lambda: settled_on_disk(servers, site), within=20)
        callers = Callers(running)
        callers.begin()
        disasters: list[Callable[[], Awaitable[None]]] = [
            *(lambda name=name: running.kill_and_restart(name) for name in SERVICES),
            lambda: kill_broker(servers),
            lambda: kill_database(servers),
        ]
        for disaster in disasters:
            await disaster()
        await callers.end()
        numbers = {number for receipts in callers.receipts.values() for number in receipts}
        await eventually(lambda: everything_is_said(site, numbers), within=60)
        yield callers


@pytest.mark.timeout(240)
async def test_whatever_is_killed_every_accepted_complaint_goes_its_way_exactly_once(
    survivors: Callers, site: Site
) -> None:
    numbers = [number for receipts in survivors.receipts.values() for number in receipts]
    complaints, records = await documents(site, "intake"), await documents(site, "archive")
    events = [entry["id"] for record in records for entry in record["state"]["timeline"]]

    assert len(numbers) == len(set(numbers)) == len(survivors.receipts) > 0
    assert sorted(one["state"]["number"] for one in complaints) == sorted(numbers)
    assert sorted(record["_id"] for record in records) == sorted(numbers)
    assert max(Counter(events).values()) == 1
    assert await work_orders(site) == dict.fromkeys(numbers, 1)
    assert [await depth(site.amqp_url, f"{name}.dead") for name in SERVICES] == [0] * len(SERVICES)
