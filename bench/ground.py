"""Where measurements take place: private servers, and for each measurement databases and queues of its own."""

import asyncio
import base64
import os
import secrets
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from http import HTTPStatus
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, Self

import aiohttp
import psutil
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo import AsyncMongoClient

from deploy.local import Servers, ports, start
from deploy.local.process import Process
from deploy.local.servers import AMQP_URL, MONGODB_URL
from services.intake.store import add_channel
from shared.identity import issue_staff_token
from shared.vault import Vault

ROOT = Path(__file__).resolve().parent.parent
PLAIN_CHAIN = (
    ("plain.routing", "complaint.registered", "case.routed"),
    ("plain.sla", "case.routed", "sla.target-set"),
    ("plain.desk", "sla.target-set", "work.ordered"),
)
"""The baseline's three consumers: queue, what it hears, what it says."""
READY_SECONDS = 30.0
AT_ONCE = 2000
"""Documents that are stored in one command."""
CACHE_GB = max((psutil.virtual_memory().total / 2**30 - 1) / 2, 0.5)
"""As much as MongoDB takes of a machine by itself."""

PUBLISHED = "redress_messages_published_total{"


class Program:
    """One process under measurement."""

    def __init__(self, name: str, arguments: Sequence[str], log: Path, env: dict[str, str], port: int) -> None:
        self.name, self.port = name, port
        self._process = Process([sys.executable, "-m", *arguments], log=log, env=env)
        self._process.spawn()

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Its process id."""
        if self._process.pid is None:
            raise RuntimeError(f"{self.name} has ended.\n{self._process.last_words()}")
        return self._process.pid

    async def ready(self) -> None:
        """Wait until it says that it is ready."""
        async with aiohttp.ClientSession() as session:
            await until(lambda: self._says_ready(session), within=READY_SECONDS, every=0.1)

    async def _says_ready(self, session: aiohttp.ClientSession) -> bool:
        if not self.pid:
            return False
        try:
            async with session.get(f"{self.address}/readyz") as response:
                return response.status == HTTPStatus.OK
        except aiohttp.ClientError:
            return False

    async def published(self) -> int:
        """How many messages of the service the broker has confirmed since it began."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.address}/metrics") as response:
            page = await response.text()
        counts = [line.split()[-1] for line in page.splitlines() if line.startswith(PUBLISHED)]
        return round(sum(map(float, counts)))

    def rss_mb(self) -> float:
        """Its memory in RAM, in megabytes."""
        return float(psutil.Process(self.pid).memory_info().rss) / 1e6

    def pause(self) -> None:
        """Hold it still, its connections open."""
        psutil.Process(self.pid).suspend()

    def resume(self) -> None:
        """Let it go on."""
        psutil.Process(self.pid).resume()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()


class Stage:
    """A virtual host and databases of one measurement, and the programs that run on them."""

    def __init__(self, servers: Servers, directory: Path, name: str) -> None:
        self.name = f"{name}-{secrets.token_hex(3)}"
        self._servers, self._directory = servers, directory
        self.prefix = f"{self.name}-"
        # A program that is paused must not be given up by the broker meanwhile.
        self.amqp_url = f"{servers.create_vhost(self.name)}?heartbeat=60"
        self.mongodb_url = servers.mongodb_url
        self.client: AsyncIOMotorClient[Any] = AsyncIOMotorClient(servers.mongodb_url, tz_aware=True)
        self._direct: AsyncMongoClient[Any] = AsyncMongoClient(servers.mongodb_url)
        self.programs: dict[str, Program] = {}
        self.key = ""
        self._env = _environment() | {
            MONGODB_URL: self.mongodb_url,
            AMQP_URL: self.amqp_url,
            "REDRESS_DATABASE_PREFIX": self.prefix,
        }

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for program in self.programs.values():
            program.kill()
        for name in await self.client.list_database_names():
            if name.startswith(self.prefix):
                await self.client.drop_database(name)
        self.client.close()
        await self._direct.close()
        self._servers.delete_vhost(self.name)

    async def redress(self, *services: str) -> None:
        """Run these services, each in a process of its own, and wait until they are ready."""
        for service in services:
            port = ports.choose()
            self._run(service, [f"services.{service}"], port, {"REDRESS_PORT": str(port), "REDRESS_HOST": "127.0.0.1"})
        await asyncio.gather(*(self.programs[service].ready() for service in services))
        if "intake" in services and not self.key:
            self.key = await add_channel(self.database("intake"), "hotline")

    async def plain_intake(self) -> None:
        """Run the baseline's intake, under the name of ours."""
        await self._plain("intake", ["intake"])

    async def plain_consumer(self, queue: str, hears: str, says: str) -> None:
        """Run one of the baseline's consumers."""
        await self._plain(queue, ["consumer", queue, "--hears", hears, "--says", says])

    def as_staff(self, role: str) -> dict[str, str]:
        """The headers of a request by staff with this role."""
        return {"Authorization": f"Bearer {issue_staff_token(self._env['REDRESS_JWT_SECRET'], 'bench', [role], [])}"}

    def vault(self) -> Vault:
        """Where the keys of complaints are kept."""
        return Vault(
            self._direct[self.database("vault").name]["keys"], base64.b64decode(self._env["REDRESS_MASTER_KEY"])
        )

    def end(self, *names: str) -> None:
        """End these programs at once."""
        for name in names:
            self.programs.pop(name).kill()

    def database(self, service: str) -> AsyncIOMotorDatabase[Any]:
        """The database of a service, as its settings name it."""
        return self.client[f"{self.prefix}_{service}"]

    def documents(self, service: str) -> AsyncIOMotorCollection[Any]:
        """The aggregates of a service."""
        return self.database(service)[import_module(f"services.{service}.app").SERVICE.collection]

    def cpu(self) -> dict[str, float]:
        """Seconds of processor time so far: each program, `mongod`, `rabbitmq`, and `bench` itself with its load."""
        used = {name: _cpu(program.pid) for name, program in self.programs.items()}
        used["bench"] = sum(os.times()[:4])
        return used | {type(server).__name__.lower(): _cpu(server.pid) for server in self._servers.private}

    async def _plain(self, name: str, arguments: Sequence[str]) -> None:
        port = ports.choose()
        self._run(name, ["bench.baseline", "--port", str(port), *arguments], port, {})
        await self.programs[name].ready()

    def _run(self, name: str, arguments: Sequence[str], port: int, more: dict[str, str]) -> None:
        log = self._directory / f"{self.name}-{name}.log"
        self.programs[name] = Program(name, arguments, log, self._env | more, port)


class Ground:
    """The private servers of one run of the benchmark; everything is gone at its end."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        for name in (MONGODB_URL, AMQP_URL):
            os.environ.pop(name, None)  # never somebody's own servers
        self._servers = start(directory, plugins=(), prefer_default_ports=False, mongodb_cache_gb=CACHE_GB)

    def stage(self, name: str) -> Stage:
        """A stage for one measurement."""
        return Stage(self._servers, self._directory, name)

    def close(self) -> None:
        """Stop the servers."""
        self._servers.stop(gently=False)


async def put_in(collection: AsyncIOMotorCollection[Any], documents: Iterator[Any]) -> None:
    """Store documents as they are, many at a time."""
    while batch := list(islice(documents, AT_ONCE)):
        await collection.insert_many(batch, ordered=False)


async def until(true: Callable[[], Awaitable[bool]], *, within: float, every: float) -> None:
    """Ask `every` so many seconds until the answer is yes. Raises `TimeoutError` after `within` seconds."""
    async with asyncio.timeout(within):
        while not await true():  # noqa: ASYNC110  # other processes are watched: no event tells
            await asyncio.sleep(every)


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REDRESS_")}
    return kept | {
        "PYTHONPATH": str(ROOT),
        "REDRESS_MASTER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "REDRESS_JWT_SECRET": secrets.token_hex(32),
        "REDRESS_LOG_LEVEL": "warning",
        "REDRESS_MESSENGER": "console",
    }


def _cpu(pid: int) -> float:
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return float(sum(member.cpu_times().user + member.cpu_times().system for member in family))
