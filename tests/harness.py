"""Services under test: in this process or as processes of their own, on real servers, and what to ask them with."""

import asyncio
import base64
import inspect
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
from click.testing import CliRunner, Result
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorDatabase
from pymongo import MongoClient

from deploy.local import Servers
from services.intake.store import add_channel
from shared.cli import main
from shared.clock import Clock
from shared.clock import now as wall
from shared.hosting import host
from shared.identity import issue_staff_token
from shared.regulations import Regulations
from shared.service import Running, Service
from shared.settings import Settings
from shared.testing.builders import a_registration

T = TypeVar("T")

LOOPBACK = "127.0.0.1"
JWT_SECRET = secrets.token_urlsafe(40)
QUICK = {"retry_delays": "0.1,0.2,0.4", "tick": "0.1", "sweep_after": "0.3", "look_every": "0.2", "attempts": "3"}
"""Settings under which a retry, an alarm or a sweep takes tenths of a second."""
ROLES = ["officer", "dispatcher", "handler", "supervisor", "manager", "auditor", "archivist"]
SILENT = aiohttp.ClientConnectionError


async def eventually(condition: Callable[[], T | Awaitable[T]], within: float = 10) -> T:
    """What `condition` answers as soon as that is true; fails when it has not become so within so many seconds."""
    deadline = time.monotonic() + within
    while True:
        answer = condition()
        value: Any = await answer if inspect.isawaitable(answer) else answer
        if value:
            return value  # type: ignore[no-any-return]
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {inspect.getsource(condition).strip()} (last: {value!r})")
        await asyncio.sleep(0.02)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server((LOOPBACK, 0)) as taken:
        return int(taken.getsockname()[1])


@dataclass(frozen=True)
class Site:
    """Where services of a test live: databases and a virtual host of their own, and their secrets."""

    mongodb_url: str
    amqp_url: str
    prefix: str
    changes: dict[str, str] = field(default_factory=dict)
    master_key: str = field(default_factory=lambda: base64.b64encode(os.urandom(32)).decode())
    channel_keys: dict[str, str] = field(default_factory=dict)

    def environment(self, **more: str) -> dict[str, str]:
        """The settings as environment variables."""
        values = {
            "mongodb_url": self.mongodb_url, "amqp_url": self.amqp_url, "database_prefix": self.prefix,
            "master_key": self.master_key, "jwt_secret": JWT_SECRET, "host": LOOPBACK, "log_level": "warning",
            "messenger": "console", "form_limit": "1000",
        }  # fmt: skip
        return {f"REDRESS_{name.upper()}": value for name, value in (values | QUICK | self.changes | more).items()}

    def settings(self, kind: type[Settings]) -> Settings:
        """The settings of a service that runs in this process."""
        values = {name.removeprefix("REDRESS_").lower(): value for name, value in self.environment().items()}
        return kind.model_validate(values)

    @asynccontextmanager
    async def database(self, service: str) -> AsyncIterator[AsyncIOMotorDatabase[Any]]:
        """A service's database, for a look from outside."""
        client: AsyncIOMotorClient[Any] = AsyncIOMotorClient(self.mongodb_url, tz_aware=True)
        try:
            yield client[f"{self.prefix}_{service}"]
        finally:
            await asyncio.to_thread(client.close)

    async def channel_key(self, channel: str = "hotline") -> str:
        """The key of a channel that may register complaints here."""
        if channel not in self.channel_keys:
            async with self.database("intake") as database:
                self.channel_keys[channel] = await add_channel(database, channel)
        return self.channel_keys[channel]


async def redress(site: Site, *argv: str) -> Result:
    """Run an operator's command as it is run on a console."""
    return await asyncio.to_thread(CliRunner().invoke, main, argv, env=site.environment())


@contextmanager
def fresh_site(servers: Servers) -> Iterator[Site]:
    """A site with nothing in it, gone after the block."""
    name = f"test-{secrets.token_hex(4)}"
    try:
        yield Site(servers.mongodb_url, servers.create_vhost(name), name)
    finally:
        servers.delete_vhost(name)
        _drop_databases(servers.mongodb_url, f"{name}_")


def _drop_databases(url: str, prefix: str) -> None:
    client: MongoClient[Any] = MongoClient(url)
    with client:
        for database in client.list_database_names():
            if database.startswith(prefix):
                client.drop_database(database)


def service(name: str) -> Service:
    """The service of a name."""
    found: Service = import_module(f"services.{name}.app").SERVICE
    return found


class Caller:
    """Speaks to services over HTTP as a channel, as staff, as anybody."""

    def __init__(self, http: aiohttp.ClientSession, channel_key: str = "") -> None:
        self.http, self.channel_key = http, channel_key

    async def register(self, key: str = "", **changes: Any) -> tuple[int, dict[str, Any]]:
        """Register a complaint under an Idempotency-Key: status and body of the answer."""
        headers = {"Authorization": f"Bearer {self.channel_key}"} | ({"Idempotency-Key": key} if key else {})
        return await self.send("POST", "/intake/complaints", a_registration(**changes), headers)

    async def staff(self, method: str, path: str, body: Any = None, departments: Sequence[str] = ()) -> tuple[int, Any]:
        """Ask as a member of staff with every working role."""
        token = issue_staff_token(JWT_SECRET, "amy", ROLES, list(departments))
        return await self.send(method, path, body, {"Authorization": f"Bearer {token}"})

    async def send(self, method: str, path: str, body: Any = None, headers: Any = None) -> tuple[int, Any]:
        """Ask anything: status and body of the answer."""
        async with self.http.request(method, path, json=body, headers=headers) as response:
            return response.status, await response.json(content_type=None)


class Town(Caller):
    """Services that run in this process, each under its name."""

    def __init__(self, http: aiohttp.ClientSession, running: Sequence[Running[Any]]) -> None:
        super().__init__(http)
        self._running = {one.service.name: one for one in running}

    def __getitem__(self, name: str) -> Running[Any]:
        return self._running[name]

    async def state(self, name: str, number: str) -> dict[str, Any] | None:
        """The stored document of a complaint in a service, whole."""
        one = self[name]
        field = one.repository.kind.FOUND_BY
        found: dict[str, Any] | None = await one.repository.collection.find_one({field: number})
        return found

    async def settled(self, name: str) -> bool:
        """Whether every outbox of a service is empty."""
        return not await self[name].repository.collection.count_documents({"outbox": {"$ne": []}})


@asynccontextmanager
async def serving(
    site: Site, *names: str | Service, clock: Clock = wall, regulations: Regulations | None = None, wait: bool = True
) -> AsyncIterator[Town]:
    """Run services, by name or as they are, in this process behind one free port, until the block ends."""
    services = [service(name) if isinstance(name, str) else name for name in names]
    running = [Running(one, site.settings(one.settings), clock=clock, regulations=regulations) for one in services]
    port = free_port()
    async with AsyncExitStack() as stack:
        await host(stack, running, LOOPBACK, port)
        http = await stack.enter_async_context(aiohttp.ClientSession(f"http://{LOOPBACK}:{port}"))
        town = Town(http, running)
        town.channel_key = await site.channel_key()
        for one in running if wait else ():
            await asyncio.wait_for(one.bus.connected(), 20)
        yield town


class Process(Caller):
    """One service as a process of its own, which can be ended at any moment."""

    def __init__(self, http: aiohttp.ClientSession, child: asyncio.subprocess.Process, channel_key: str) -> None:
        super().__init__(http, channel_key)
        self.child = child

    async def ready(self, within: float = 20) -> None:
        """Wait until it says that it is ready."""
        await eventually(self.is_ready, within)

    async def is_ready(self) -> bool:
        """Whether it says that it is ready."""
        if self.child.returncode is not None:
            raise AssertionError(f"the service ended with {self.child.returncode}")
        try:
            return (await self.send("GET", "/readyz"))[0] == 200
        except SILENT:
            return False

    async def ended(self, within: float = 20) -> int:
        """Wait until it is no more; returns its exit code, negative for a signal."""
        return await asyncio.wait_for(self.child.wait(), within)

    async def kill(self) -> None:
        """End it as a power cut would."""
        self.child.send_signal(signal.SIGKILL)
        await self.ended()

    async def stop(self, within: float = 20) -> int:
        """End it in an orderly way; returns its exit code."""
        self.child.send_signal(signal.SIGTERM)
        return await self.ended(within)


@asynccontextmanager
async def process(site: Site, *argv: str, port: int | None = None, **settings: str) -> AsyncIterator[Process]:
    """A service as a process, `process(site, "services.sla")`; it is killed when the block ends."""
    port = port or free_port()
    environment = os.environ | site.environment(port=str(port), **settings)
    root = Path(__file__).parent.parent
    child = await asyncio.create_subprocess_exec(sys.executable, "-m", *argv, env=environment, cwd=root)
    async with aiohttp.ClientSession(f"http://{LOOPBACK}:{port}") as http:
        try:
            yield Process(http, child, await site.channel_key())
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
