"""All of Redress in one process on one port, with its letters in a box."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aio_pika
import structlog
from aiormq.exceptions import AMQPError
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import PyMongoError

from deploy.local.letterbox import Letterbox
from deploy.local.ports import LOOPBACK, is_free
from deploy.local.process import ServerFailed
from shared.cli import SERVICES
from shared.hosting import host
from shared.identity import issue_staff_token
from shared.service import Running, Service
from shared.settings import NotRight
from shared.telemetry import configure_logging

USUAL_PORT = 8080
KNOCK_SECONDS = 5

NOBODY_THERE = """{server} does not answer at {address}: {error}
Ways out:
  - see whether it runs, and whether {variable} is right
  - without {variable} a private {server} is started"""


@dataclass(frozen=True)
class Installation:
    """The five services, running: where they answer, and what there is to look into."""

    url: str
    amqp_url: str
    services: Mapping[str, Running[Any]]
    letterbox: Letterbox

    def staff_token(self, name: str, *roles: str, department: str = "") -> str:
        """A token for a member of staff."""
        secret = self.services["routing"].settings.jwt_secret
        if secret is None:
            raise ServerFailed("REDRESS_JWT_SECRET is empty; staff tokens cannot be made without it.")
        return issue_staff_token(secret.get_secret_value(), name, list(roles), [department] if department else [])


@asynccontextmanager
async def installed(given: Mapping[str, Any], letterbox: Letterbox) -> AsyncIterator[Installation]:
    """Run all services until the context is left; `given` are settings, the environment has the others.

    Raises `ServerFailed` where MongoDB or RabbitMQ does not answer, or a setting is wrong.
    """
    await _knock(given)
    async with AsyncExitStack() as stack:
        running = [_running(name, given, letterbox) for name in SERVICES]
        await host(stack, running, given["host"], given["port"])
        await asyncio.gather(*(service.bus.connected() for service in running))
        named = {service.service.name: service for service in running}
        yield Installation(given["public_url"], given["amqp_url"], named, letterbox)


async def _knock(given: Mapping[str, Any]) -> None:
    """Raises `ServerFailed` where a server does not answer: better said now than waited for."""
    for server, (setting, ask) in SERVERS.items():
        url = given[setting]
        try:
            await ask(url)
        except (PyMongoError, AMQPError, OSError, TimeoutError) as error:
            words = {"server": server, "address": _address(url), "variable": f"REDRESS_{setting.upper()}"}
            raise ServerFailed(NOBODY_THERE.format(**words, error=str(error).partition(" (")[0])) from error


async def _ask_mongodb(url: str) -> None:
    client: AsyncIOMotorClient[Any] = AsyncIOMotorClient(url, serverSelectionTimeoutMS=KNOCK_SECONDS * 1000)
    try:
        await client.admin.command("ping")
    finally:
        client.close()


async def _ask_rabbitmq(url: str) -> None:
    connection = await aio_pika.connect(url, timeout=KNOCK_SECONDS)
    await connection.close()


SERVERS = {"MongoDB": ("mongodb_url", _ask_mongodb), "RabbitMQ": ("amqp_url", _ask_rabbitmq)}
"""The servers, the setting that says where each is, and how it is asked for a sign of life."""


def _address(url: str) -> str:
    """Where a URL leads, without the password in it."""
    return urlsplit(url).netloc.rpartition("@")[2]


def settings_for(mongodb_url: str, amqp_url: str, port: int) -> dict[str, Any]:
    """The settings that follow from where the servers and we are; letters stay here, whatever the environment says."""
    return {
        "mongodb_url": mongodb_url,
        "amqp_url": amqp_url,
        "host": LOOPBACK,
        "port": port,
        "public_url": f"http://localhost:{port}",
        "messenger": "console",
    }


def port_for(wanted: int | None) -> int:
    """The wanted port, or the first free one from 8080 on. Raises `ServerFailed` where the wanted one is taken."""
    if wanted is None:
        return next(port for port in range(USUAL_PORT, 65_536) if is_free(port))
    if not is_free(wanted):
        raise ServerFailed(
            f"Port {wanted} is taken by another program.\n"
            "Ways out:\n  - leave out --port, and a free one is found\n  - stop the other program"
        )
    return wanted


def log_to(file: Path) -> None:
    """Have log lines in a file, out of the way of what is shown."""
    file.parent.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(level=logging.WARNING, filename=file, format="%(levelname)s %(name)s %(message)s")
    configure_logging("json")
    structlog.configure(logger_factory=structlog.BytesLoggerFactory(file.open("ab")))


def _running(name: str, given: Mapping[str, Any], letterbox: Letterbox) -> Running[Any]:
    service: Service = import_module(f"services.{name}.app").SERVICE
    try:
        settings = service.settings.given(**given)
    except NotRight as error:
        raise ServerFailed(str(error)) from error
    if getattr(settings, "messenger", "") == "console":
        kit = service.kit
        service = replace(service, kit=lambda running: replace(kit(running), messenger=letterbox))
    return Running(service, settings)
