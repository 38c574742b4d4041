"""Both servers together: started in parallel, shared while alive, stopped with the command that started them."""

import atexit
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

from deploy.local.mongod import Mongod
from deploy.local.process import ServerFailed
from deploy.local.rabbitmq import CONVENIENT_PLUGINS, RabbitMQ
from deploy.local.remote import RemoteRabbitMQ
from deploy.local.server import Server

MONGODB_URL = "REDRESS_MONGODB_URL"
AMQP_URL = "REDRESS_AMQP_URL"


class Servers:
    """A MongoDB and a RabbitMQ that answer: private ones, or those the environment points to."""

    def __init__(self, mongodb: Mongod | str, rabbitmq: RabbitMQ | RemoteRabbitMQ) -> None:
        self._mongodb = mongodb
        self._rabbitmq = rabbitmq

    @property
    def mongodb_url(self) -> str:
        """What a MongoDB client needs to connect."""
        return self._mongodb if isinstance(self._mongodb, str) else self._mongodb.url

    @property
    def amqp_url(self) -> str:
        """What an AMQP client needs to connect to the default virtual host."""
        return self._rabbitmq.url

    @property
    def management_url(self) -> str | None:
        """RabbitMQ's management pages; None where they are switched off."""
        return self._rabbitmq.management_url

    @property
    def private(self) -> list[Server]:
        """The servers that were not given by URL."""
        return [server for server in (self._mongodb, self._rabbitmq) if isinstance(server, Server)]

    def create_vhost(self, name: str) -> str:
        """Make a virtual host on the broker and return its AMQP URL."""
        self._rabbitmq.create_vhost(name)
        return urlsplit(self.amqp_url)._replace(path=f"/{quote(name, safe='')}").geturl()

    def delete_vhost(self, name: str) -> None:
        """Remove a virtual host with everything in it."""
        self._rabbitmq.delete_vhost(name)

    def kill_mongod(self) -> None:
        """End MongoDB as a power cut would."""
        self._own(self._mongodb).kill()

    def start_mongod(self) -> None:
        """Start a killed MongoDB again, same port and data, and wait until it is primary."""
        self._own(self._mongodb).restart()

    def kill_rabbitmq(self) -> None:
        """End RabbitMQ as a power cut would.

        It notes its quorum queues on disk twice a second: one declared later than that comes back unusable.
        """
        self._own(self._rabbitmq).kill()

    def start_rabbitmq(self) -> None:
        """Start a killed RabbitMQ again, same ports and data, and wait until it speaks AMQP."""
        self._own(self._rabbitmq).restart()

    def stop(self, *, gently: bool = True) -> None:
        """End the servers this command started (at once, unless gently) and leave all others running."""
        atexit.unregister(self.stop)
        for server in self.private if gently else ():
            server.ask_to_stop()
        for server in self.private:
            server.close(gently=gently)

    @staticmethod
    def _own(server: object) -> Server:
        if not isinstance(server, Server):
            raise ServerFailed("This server was given by URL; only private servers are killed and started.")
        return server


def start(
    directory: Path,
    *,
    quiet: bool | None = None,
    plugins: Sequence[str] = CONVENIENT_PLUGINS,
    prefer_default_ports: bool = True,
    mongodb_cache_gb: float = 1.0,
) -> Servers:
    """Start, or find running, the servers whose data live in `directory`; return when both answer.

    Progress goes to standard error, by default when somebody watches it.
    """
    mongod = Mongod(directory / "mongodb", prefer_defaults=prefer_default_ports, cache_gb=mongodb_cache_gb)
    rabbitmq = RabbitMQ(directory / "rabbitmq", prefer_defaults=prefer_default_ports, plugins=plugins)
    given = os.environ.get(MONGODB_URL), os.environ.get(AMQP_URL)
    servers = Servers(given[0] or mongod, RemoteRabbitMQ(given[1]) if given[1] else rabbitmq)
    atexit.register(servers.stop)
    try:
        _bring_up(servers.private, quiet=not sys.stderr.isatty() if quiet is None else quiet)
    except BaseException:
        servers.stop(gently=False)
        raise
    return servers


def _bring_up(servers: Sequence[Server], *, quiet: bool) -> None:
    say = _say_nothing if quiet else _say
    for server in servers:
        server.open()
        say(f"starting {server.title} …" if server.owned else f"{server.title} is running already")
    for server in servers:
        server.await_ready()
        say(f"{server.title} ready in {server.ready_after:.1f} s")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _say_nothing(_line: str) -> None:
    """Swallow the progress of a start nobody watches."""
