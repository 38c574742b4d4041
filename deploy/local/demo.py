"""`redress demo`: one complaint from the POST to the archive in seconds, a breach and an escalation included."""

import asyncio
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp
import click
import uvloop
from pymongo import MongoClient
from rich.console import Console

from deploy.local.desk import desks
from deploy.local.installation import SERVERS, installed, log_to, settings_for
from deploy.local.journey import Journey, StepFailed, attended
from deploy.local.keys import JWT_SECRET, MADE, MASTER_KEY
from deploy.local.letterbox import Letterbox
from deploy.local.ports import choose
from deploy.local.process import ServerFailed
from deploy.local.servers import Servers, start
from deploy.local.steps import STEPS, Step
from deploy.local.timeline import Timeline
from deploy.local.visitor import Visitor
from deploy.local.witness import Witness
from services.intake.store import add_channel

DEPARTMENT = "quality"
"""The department that answers complaints about products."""


@click.command()
def demo() -> None:
    """Follow one complaint from registration to archive under a regulation whose deadlines are seconds.

    Everything is checked: it exits with 1 and names the step that did not happen. It has servers of its own and
    disturbs nothing; with REDRESS_MONGODB_URL and REDRESS_AMQP_URL it uses yours, in databases and a virtual host
    that it removes again.
    """
    begun = time.monotonic()
    console = Console()
    with tempfile.TemporaryDirectory(prefix="redress-demo-", ignore_cleanup_errors=True) as folder:
        try:
            with _servers(Path(folder)) as (servers, name, amqp_url):
                log_to(Path(folder) / "redress.log")
                happened = uvloop.run(_demo(servers.mongodb_url, amqp_url, name, console))
        except (ServerFailed, OSError) as failure:
            raise click.ClickException(str(failure)) from failure
    console.print(f"{'Done' if happened else 'Stopped'} after {time.monotonic() - begun:.0f} s, servers included.")
    sys.exit(0 if happened else 1)


@contextmanager
def _servers(folder: Path) -> Iterator[tuple[Servers, str, str]]:
    """The servers, a name of our own on them, and the address of our virtual host."""
    servers = start(folder, quiet=False, plugins=(), prefer_default_ports=False)
    name = f"redress-demo-{secrets.token_hex(4)}"
    try:
        amqp_url = servers.create_vhost(name)
        try:
            yield servers, name, amqp_url
        finally:
            if len(servers.private) < len(SERVERS):
                _leave_no_trace(servers, name)
    finally:
        servers.stop(gently=False)


def _leave_no_trace(servers: Servers, name: str) -> None:
    servers.delete_vhost(name)
    with MongoClient[dict[str, object]](servers.mongodb_url) as client:
        for database in client.list_database_names():
            if database.startswith(name):
                client.drop_database(database)


async def _demo(mongodb_url: str, amqp_url: str, name: str, console: Console) -> bool:
    async with _journey(mongodb_url, amqp_url, name) as journey:
        return await follow(journey, STEPS, Timeline(console))


async def follow(journey: Journey, steps: Iterable[Step], timeline: Timeline) -> bool:
    """Take the steps in order, up to the first that does not happen; whether all did."""
    for step in steps:
        try:
            timeline.tell(step.name, await step.take(journey), mark=step.mark)
        except (StepFailed, LookupError, TypeError, aiohttp.ClientError) as failure:
            timeline.tell(f"{step.name}: did not happen", [str(failure) or repr(failure)], mark="failed")
            return False
    return True


@asynccontextmanager
async def _journey(mongodb_url: str, amqp_url: str, name: str) -> AsyncIterator[Journey]:
    given = settings_for(mongodb_url, amqp_url, choose()) | {
        "master_key": MADE[MASTER_KEY](),
        "jwt_secret": MADE[JWT_SECRET](),
        "database_prefix": name,
        "tick": 0.2,
    }
    witness = Witness()
    async with installed(given, Letterbox()) as installation, Visitor(installation.url) as visitor:
        key = await add_channel(installation.services["intake"].database, "web")
        listening = asyncio.create_task(witness.listen(amqp_url))
        await witness.listening.wait()
        async with desks(amqp_url, [DEPARTMENT]) as found:
            journey = Journey(installation, visitor, witness, found[DEPARTMENT], key)
            async with attended(journey):
                yield journey
        listening.cancel()
