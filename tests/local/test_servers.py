"""Private servers: started once, shared while alive, safe from a power cut, gone when stopped."""

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import aio_pika
import psutil
import pytest
from pymongo import MongoClient, WriteConcern

from deploy.local import ServerFailed, Servers, ports, start
from deploy.local.mongod import Mongod
from deploy.local.process import wait_until
from deploy.local.rabbitmq import RabbitMQ
from deploy.local.server import Server

S = TypeVar("S", bound=Server)

SECOND_COMMAND = """
import sys; from pathlib import Path; from deploy.local import start
servers = start(Path(sys.argv[1]), plugins=())
print(servers.mongodb_url, servers.amqp_url)
servers.stop()
"""
COMMAND_THAT_STARTS_A_SERVER = """
import sys; from pathlib import Path; from deploy.local.process import Process
server = Process(["sleep", "600"], log=Path(sys.argv[1]) / "log", env={"HOME": sys.argv[1]})
server.spawn(); print("started", flush=True); sys.stdin.read()
"""


@pytest.fixture(scope="module", autouse=True)
def no_servers_by_url() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("REDRESS_MONGODB_URL", raising=False)
        patch.delenv("REDRESS_AMQP_URL", raising=False)
        yield


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pair")


@pytest.fixture(scope="module")
def pair(directory: Path) -> Iterator[Servers]:
    servers = start(directory, plugins=(), prefer_default_ports=False)
    yield servers
    servers.stop(gently=False)


def processes_of(directory: Path) -> list[str]:
    """Every living process that was started with the folder in its arguments or as its home."""
    found = []
    for process in psutil.process_iter():
        try:
            known_by = [*process.cmdline(), process.environ().get("HOME", "")]
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
        if any(str(directory) in word for word in known_by) and process.pid != psutil.Process().pid:
            found.append(process.name())
    return found


def queue_is_on_disk(queue: str, directory: Path) -> bool:
    """The broker writes down its quorum queues twice a second; one younger than that does not survive it."""
    written = directory.glob("rabbitmq/data/*/quorum/*/names.dets")
    return any(queue.encode() in file.read_bytes() for file in written)


def client_of(server: Servers | Mongod) -> MongoClient[dict[str, Any]]:
    return MongoClient(server.mongodb_url if isinstance(server, Servers) else server.url)


@contextmanager
def running(server: S) -> Iterator[S]:
    server.open()
    try:
        server.await_ready()
        yield server
    finally:
        server.close(gently=False)


def test_a_second_command_shares_the_servers_and_leaves_them_running(pair: Servers, directory: Path) -> None:
    said = subprocess.check_output([sys.executable, "-c", SECOND_COMMAND, str(directory)], text=True, timeout=30)

    assert said.split() == [pair.mongodb_url, pair.amqp_url]
    assert all(server.ready() for server in pair.private)


def test_a_document_survives_the_death_of_mongodb(pair: Servers) -> None:
    with client_of(pair) as client:
        complaints = client.get_database("deaths", write_concern=WriteConcern("majority")).complaints
        complaints.insert_one({"_id": "SQ-1"})

        pair.kill_mongod()
        pair.start_mongod()

        assert complaints.find_one() == {"_id": "SQ-1"}


async def test_a_persistent_message_in_a_quorum_queue_survives_the_death_of_rabbitmq(
    pair: Servers, directory: Path
) -> None:
    await _leave_a_message(pair.amqp_url)
    assert wait_until(lambda: queue_is_on_disk("deaths", directory), within=10)

    pair.kill_rabbitmq()
    await asyncio.to_thread(pair.start_rabbitmq)

    assert await _collect(pair.amqp_url) == b"kept"


async def _leave_a_message(url: str) -> None:
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel(publisher_confirms=True)
        await channel.declare_queue("deaths", durable=True, arguments={"x-queue-type": "quorum"})
        message = aio_pika.Message(b"kept", delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await channel.default_exchange.publish(message, routing_key="deaths")


async def _collect(url: str) -> bytes:
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue("deaths", passive=True)
        message = await queue.get(no_ack=True, timeout=10)
        assert message is not None
        return message.body


async def test_queues_of_one_virtual_host_are_not_seen_in_another(pair: Servers) -> None:
    await _leave_a_message(pair.create_vhost("one"))
    other = pair.create_vhost("other")

    with pytest.raises(aio_pika.exceptions.ChannelNotFoundEntity):
        await _collect(other)


def test_a_virtual_host_that_was_deleted_can_be_made_anew(pair: Servers) -> None:
    pair.create_vhost("again")
    pair.delete_vhost("again")

    assert pair.create_vhost("again").endswith("/again")


def test_a_virtual_host_whose_name_is_no_plain_word_is_refused(pair: Servers) -> None:
    with pytest.raises(ValueError, match="letters, digits"):
        pair.create_vhost('x">>), halt(), (<<"')


def test_a_taken_port_gives_way_to_a_free_one() -> None:
    with socket.create_server((ports.LOOPBACK, ports.choose())) as taken:
        port = taken.getsockname()[1]

        assert ports.choose(port) != port


@pytest.mark.parametrize("kind", [Mongod, RabbitMQ])
def test_a_server_whose_port_is_snatched_starts_on_another(
    kind: type[Mongod | RabbitMQ], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server((ports.LOOPBACK, ports.choose())) as snatched:
        port = snatched.getsockname()[1]
        names = list(kind.default_ports)
        choices = iter([port, *(ports.choose() for _ in range(2 * len(names)))])
        monkeypatch.setattr(ports, "choose", lambda _=None: next(choices))

        with running(kind(tmp_path, prefer_defaults=False)) as server:
            assert port not in server.ports.values()


def test_data_follow_mongodb_to_another_port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = ports.choose(), ports.choose()
    monkeypatch.setattr(Mongod, "default_ports", {"mongodb": first})
    with running(Mongod(tmp_path)) as mongod, client_of(mongod) as client:
        client.moves.complaints.insert_one({"_id": "SQ-1"})

    monkeypatch.setattr(Mongod, "default_ports", {"mongodb": second})
    with running(Mongod(tmp_path)) as mongod, client_of(mongod) as client:
        assert client.moves.complaints.find_one() == {"_id": "SQ-1"}


def test_a_stopped_server_leaves_no_process(tmp_path: Path) -> None:
    with running(RabbitMQ(tmp_path, prefer_defaults=False, plugins=())):
        assert processes_of(tmp_path)

    assert wait_until(lambda: not processes_of(tmp_path), within=20)


def test_a_killed_command_takes_its_servers_with_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", COMMAND_THAT_STARTS_A_SERVER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"started\n"

        process.send_signal(signal.SIGKILL)

    assert wait_until(lambda: not processes_of(tmp_path), within=20)


def test_a_server_that_ends_at_once_is_an_error_with_its_last_words(tmp_path: Path) -> None:
    broken = Mongod(tmp_path, prefer_defaults=False, cache_gb=-1)

    with pytest.raises(ServerFailed, match="cacheSizeGB must be"), running(broken):
        pass


def test_servers_given_by_url_are_used_and_nothing_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDRESS_MONGODB_URL", "mongodb://example.test/?replicaSet=theirs")
    monkeypatch.setenv("REDRESS_AMQP_URL", "amqp://me:secret@example.test/")

    servers = start(tmp_path)

    assert (servers.mongodb_url, servers.private) == ("mongodb://example.test/?replicaSet=theirs", [])


def test_a_server_given_by_url_is_never_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDRESS_MONGODB_URL", "mongodb://example.test/?replicaSet=theirs")
    monkeypatch.setenv("REDRESS_AMQP_URL", "amqp://me:secret@example.test/")

    with pytest.raises(ServerFailed, match="by URL"):
        start(tmp_path).kill_mongod()
