"""`redress run`: everything on this machine, with sample complaints that can be watched."""

import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
import uvloop
from rich.console import Console
from rich.live import Live

from deploy.local.board import Board, line
from deploy.local.installation import Installation, installed, log_to, port_for, settings_for
from deploy.local.keys import JWT_SECRET, MASTER_KEY, LocalKeys, channel_variable
from deploy.local.letterbox import Letterbox
from deploy.local.process import ServerFailed
from deploy.local.rehearsal import Rehearsal
from deploy.local.samples import load_samples
from deploy.local.servers import Servers, start
from deploy.local.visitor import Visitor
from deploy.local.witness import Witness
from shared.contracts.event import Event
from shared.ids import ulid

CURL_CHANNEL = "hotline"
"""The channel whose key the printed curl line uses."""

BETWEEN_SAMPLES = 0.4
"""Seconds between two samples, so that one can watch them come in."""

ADDRESSES = """
Redress is running. Open:
  start page              {url}/
  complain here           {url}/intake/
  the API, explained      {url}/intake/docs  (likewise {others})
  health, metrics         {url}/readyz  {url}/metrics
  RabbitMQ                {rabbitmq}
Try:
  . {env}
  curl -s {url}/intake/complaints -H "Authorization: Bearer ${key}" -H "Content-Type: application/json" \\
       -d '{{"channel": "{channel}", "narrative": "The kettle leaks.", "complainant": {{"phone": "13800001234"}}}}'
  {redress} token --role handler --department quality      a token for staff, good for twelve hours
Letters to complainants lie in {letters}, log lines in {log}.
{departments}
"""
SIMULATED = "Departments and complainants are SIMULATED: they answer and judge by themselves (--departments none)."
NOT_SIMULATED = "Departments are not simulated: work orders wait in the queues department.<name>."


@dataclass(frozen=True)
class Wishes:
    """What the command line asked for."""

    directory: Path
    port: int
    samples: bool
    departments: bool
    pace: float

    @property
    def env(self) -> Path:
        """The file of shell exports for other commands."""
        return self.directory / "redress.env"

    @property
    def letters(self) -> Path:
        """The folder of letters to complainants."""
        return self.directory / "letters"

    @property
    def log(self) -> Path:
        """The file of log lines."""
        return self.directory / "redress.log"


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), envvar="REDRESS_PORT", help="Default: 8080, or the next free one."
)
@click.option("--samples/--no-samples", default=True, help="Post a dozen sample complaints.", show_default=True)
@click.option(
    "--departments",
    type=click.Choice(["simulated", "none"]),
    default="simulated",
    show_default=True,
    help="Simulated staff take and answer work orders, simulated complainants judge the answers.",
)
@click.option(
    "--pace",
    type=click.FloatRange(0, 600),
    default=3.0,
    show_default=True,
    help="Seconds that simulated people think before each thing they do.",
)
@click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".local"),
    show_default=True,
    help="Where data, secrets, letters and logs are kept.",
)
def run(port: int | None, samples: bool, departments: str, pace: float, directory: Path) -> None:
    """Run all of Redress on this machine and show what becomes of sample complaints, until Ctrl-C.

    Starts a private MongoDB and RabbitMQ (or uses REDRESS_MONGODB_URL and REDRESS_AMQP_URL) and, on one port, the five
    services.
    """
    try:
        wishes = Wishes(directory, port_for(port), samples, departments == "simulated", pace)
        keys = LocalKeys(directory / "secrets.env")
        servers = start(directory, quiet=False)
    except (ServerFailed, OSError) as failure:
        raise click.ClickException(str(failure)) from failure
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    try:
        log_to(wishes.log)
        uvloop.run(_run(wishes, keys, servers, Console()))
    except (ServerFailed, ExceptionGroup) as error:
        raise click.ClickException(reason_of(error)) from error
    finally:
        click.echo("stopping the servers …", err=True)
        servers.stop()


def reason_of(error: ServerFailed | ExceptionGroup[Exception]) -> str:
    """What stopped a command, in the words of the failure; what is no failure of a server is raised again."""
    if isinstance(error, ServerFailed):
        return str(error)
    failures = error.subgroup(ServerFailed)
    if failures is None:
        raise error
    first: BaseException = failures
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return str(first)


async def _run(wishes: Wishes, keys: LocalKeys, servers: Servers, console: Console) -> None:
    """Work until told to stop, or until something fails."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    work = asyncio.create_task(_work(wishes, keys, servers, console))
    await asyncio.wait([work, asyncio.create_task(stop.wait())], return_when=asyncio.FIRST_COMPLETED)
    click.echo("finishing what is in hand …", err=True)
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work


async def _work(wishes: Wishes, keys: LocalKeys, servers: Servers, console: Console) -> None:
    given = settings_for(servers.mongodb_url, servers.amqp_url, wishes.port)
    secrets = {"master_key": keys[MASTER_KEY], "jwt_secret": keys[JWT_SECRET]}
    click.echo("starting the five services …", err=True)
    async with installed(given | secrets, Letterbox(wishes.letters)) as installation:
        await _export(keys, wishes, installation, servers)
        _say(console, _addresses(wishes, installation, servers))
        await _show(wishes, keys, installation, console)


async def _export(keys: LocalKeys, wishes: Wishes, installation: Installation, servers: Servers) -> None:
    await keys.of_channel(CURL_CHANNEL, installation.services["intake"].database)
    addresses = {
        "REDRESS_MONGODB_URL": servers.mongodb_url,
        "REDRESS_AMQP_URL": servers.amqp_url,
        "REDRESS_PUBLIC_URL": installation.url,
    }
    keys.export(wishes.env, addresses)


def _addresses(wishes: Wishes, installation: Installation, servers: Servers) -> str:
    return ADDRESSES.format(
        url=installation.url,
        redress=_own_name(),
        others=" ".join(f"/{name}" for name in installation.services if name != "intake"),
        rabbitmq=servers.management_url or "its management pages are switched off",
        env=wishes.env,
        key=channel_variable(CURL_CHANNEL),
        channel=CURL_CHANNEL,
        letters=wishes.letters,
        log=wishes.log,
        departments=SIMULATED if wishes.departments else NOT_SIMULATED,
    )


def _own_name() -> str:
    """How the `redress` command was called here, for commands that people copy."""
    called = Path(sys.argv[0])
    return str(called) if called.name == "redress" else "redress"


async def _show(wishes: Wishes, keys: LocalKeys, installation: Installation, console: Console) -> None:
    """Post, rehearse and show until cancelled."""
    async with Visitor(installation.url) as visitor, asyncio.TaskGroup() as tasks:
        rehearsal = Rehearsal(installation, visitor, pace=wishes.pace, tell=partial(_say, console))
        listeners = [rehearsal.hear] if wishes.departments else []
        witness = Witness(lambda event: _hear(event, console, listeners))
        tasks.create_task(witness.listen(installation.amqp_url))
        await witness.listening.wait()
        if wishes.departments:
            tasks.create_task(rehearsal.run())
        if wishes.samples:
            tasks.create_task(_post_samples(keys, installation, visitor, rehearsal))
        await _watch(Board(witness, console, "Times are of Asia/Shanghai. Ctrl-C stops everything."), console)


def _hear(event: Event, console: Console, listeners: Sequence[Callable[[Event], None]]) -> None:
    if not console.is_terminal:
        _say(console, line(event))
    for listen in listeners:
        listen(event)


def _say(console: Console, words: str) -> None:
    console.print(words, highlight=False, markup=False, soft_wrap=True)


async def _post_samples(keys: LocalKeys, installation: Installation, visitor: Visitor, rehearsal: Rehearsal) -> None:
    database = installation.services["intake"].database
    for sample in load_samples():
        key = await keys.of_channel(sample.channel, database)
        rehearsal.expect(await sample.post(visitor, key, ulid()), sample)
        await asyncio.sleep(BETWEEN_SAMPLES)


async def _watch(board: Board, console: Console) -> None:
    """Keep the live table on the terminal; without one the lines speak for themselves."""
    if not console.is_terminal:
        await asyncio.Event().wait()
    with Live(board, console=console, refresh_per_second=4):
        await asyncio.Event().wait()
