"""The load generator, a process of its own: keep-alive connections that send complaints and note what becomes of them.

Closed loop (each connection sends again when it is answered) until `--count` are sent or `--seconds` have passed; with
`--rate` an open loop instead, in which each request is timed from the moment it was due, sent or not.
"""

import asyncio
import itertools
import secrets
import sys
import tempfile
import time
from asyncio import subprocess
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import cast

import click
import orjson
import uvloop

from bench.payload import body

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = 64
ACCEPTED = 201
MADE_AHEAD, MOST_MADE_AHEAD = 7_000, 50_000
"""Complaints that are made before the first is sent, so that making takes no time: for each second of a closed loop."""
_HEAD = (
    "POST /intake/complaints HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\n"
    "Content-Type: application/json\r\nIdempotency-Key: {run}-%d\r\nContent-Length: %d\r\n\r\n"
)


@dataclass(frozen=True)
class Order:
    """What to send: where to, with which channel key, how much of it."""

    port: int
    key: str
    seconds: float = 0.0
    count: int = 0
    rate: float = 0.0
    connections: int = CONNECTIONS
    dangerous: bool = False

    @property
    def made_ahead(self) -> int:
        """How many complaints are made before the first is sent."""
        return min(self.count or round(self.seconds * (self.rate or MADE_AHEAD)), MOST_MADE_AHEAD)


@dataclass
class Fired:
    """What became of a load: (number, when due, when answered) of each accepted complaint, and all other statuses.

    Times are of the machine's monotonic clock, the same in every process.
    """

    accepted: list[tuple[str, float, float]] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    @property
    def began(self) -> float:
        """When the first was sent."""
        return min(sent for _, sent, _ in self.accepted)

    @property
    def ended(self) -> float:
        """When the last was answered."""
        return max(answered for _, _, answered in self.accepted)

    @property
    def latencies(self) -> list[float]:
        """Milliseconds from sending to answer."""
        return [1000 * (answered - sent) for _, sent, answered in self.accepted]


class Connection(asyncio.Protocol):
    """One keep-alive connection, one request under way at a time; cheaper than any HTTP client."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport
        self._received = bytearray()
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready to send."""
        self.transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever waits for an answer learns that none will come."""
        if self._answer and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("the server closed the connection"))

    def data_received(self, data: bytes) -> None:
        """Answer whoever waits once the response is whole."""
        self._received += data
        head = self._received.find(b"\r\n\r\n")
        if head < 0:
            return
        length = int(_between(self._received[:head].lower() + b"\r\n", b"content-length:", b"\r\n"))
        if len(self._received) >= head + 4 + length and self._answer:
            self._answer.set_result((int(self._received[9:12]), bytes(self._received[head + 4 :])))
            self._received.clear()

    async def request(self, data: bytes) -> tuple[int, bytes]:
        """Send a request; its status and body."""
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(data)
        return await self._answer


class Gun:
    """Fires one order."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._head = _HEAD.format(key=order.key, run=secrets.token_hex(4)).encode()
        self._serials = itertools.count()
        make = partial(body, dangerous=order.dangerous or None)
        serials = itertools.count(secrets.randbelow(10**7))  # what one run sends no other run has sent
        made = [make(serial) for serial in itertools.islice(serials, order.made_ahead)]
        self._bodies = itertools.chain(made, map(make, serials))
        self.fired = Fired()

    async def fire(self) -> Fired:
        """Send everything; returns when all of it is answered."""
        loop = asyncio.get_running_loop()
        opened = [loop.create_connection(Connection, "127.0.0.1", self._order.port) for _ in range(self._connections)]
        connections = [connection for _, connection in await asyncio.gather(*opened)]
        shoot = self._at_rate(connections) if self._order.rate else self._as_fast_as_answered(connections)
        await shoot
        return self.fired

    @property
    def _connections(self) -> int:
        return self._order.connections

    async def _as_fast_as_answered(self, connections: list[Connection]) -> None:
        until = time.monotonic() + (self._order.seconds or 600.0)

        async def keep_sending(connection: Connection) -> None:
            while time.monotonic() < until:
                serial = next(self._serials)
                if self._order.count and serial >= self._order.count:
                    return
                await self._send(connection, serial, time.monotonic())

        await asyncio.gather(*(keep_sending(connection) for connection in connections))

    async def _at_rate(self, connections: list[Connection]) -> None:
        free: asyncio.Queue[Connection] = asyncio.Queue()
        for connection in connections:
            free.put_nowait(connection)

        async def send(serial: int, due: float) -> None:
            connection = await free.get()
            await self._send(connection, serial, due)
            free.put_nowait(connection)

        began = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for serial in range(round(self._order.seconds * self._order.rate)):
                due = began + serial / self._order.rate
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                tasks.create_task(send(serial, due))

    async def _send(self, connection: Connection, serial: int, due: float) -> None:
        sent = next(self._bodies)
        status, answer = await connection.request(self._head % (serial, len(sent)) + sent)
        answered = time.monotonic()
        if status == ACCEPTED:
            self.fired.accepted.append((_between(answer, b'"number":', b",}").decode().strip(' "'), due, answered))
        else:
            self.fired.refused.append(status)


def _between(text: bytes | bytearray, start: bytes, stops: bytes) -> bytes:
    """What follows `start` up to the first of the bytes in `stops`."""
    begin = text.index(start) + len(start)
    end = min((at for stop in stops if (at := text.find(stop, begin)) >= 0), default=len(text))
    return bytes(text[begin:end]).strip()


async def fire(order: Order, when_answered: Callable[[], Awaitable[None]] | None = None) -> Fired:
    """Fire an order from a process of its own; `when_answered` is awaited as soon as the last answer has come."""
    arguments = [f"--{name}={value}" for name, value in vars(order).items()]
    with tempfile.NamedTemporaryFile() as report:
        process = await subprocess.create_subprocess_exec(
            sys.executable, "-m", "bench.load", *arguments, f"--report={report.name}", stdout=subprocess.PIPE, cwd=ROOT
        )
        await cast(asyncio.StreamReader, process.stdout).readline()
        if when_answered:
            await when_answered()
        await process.wait()
        fired = Fired(**orjson.loads(report.read()))
    if fired.refused or not fired.accepted:
        raise RuntimeError(f"{len(fired.refused)} complaints were refused: {sorted(set(fired.refused))}")
    return fired


@click.command()
@click.option("--port", type=int, required=True)
@click.option("--key", default="none")
@click.option("--seconds", type=float, default=0.0)
@click.option("--count", type=int, default=0)
@click.option("--rate", type=float, default=0.0)
@click.option("--connections", type=int, default=CONNECTIONS)
@click.option("--dangerous", type=bool, default=False)
@click.option("--report", type=click.Path(path_type=Path), required=True)
def main(report: Path, **order: object) -> None:
    """Fire one order; print a line when the last answer has come, and write everything into the report as JSON."""
    gun = Gun(Order(**order))  # type: ignore[arg-type]
    uvloop.run(gun.fire())
    print("answered", flush=True)
    report.write_bytes(orjson.dumps(gun.fired))


if __name__ == "__main__":
    main()
