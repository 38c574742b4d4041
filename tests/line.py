"""A line to a server that can be cut, mended, and struck deaf: for whoever has to live without it for a while."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

LOOPBACK = "127.0.0.1"


class Line:
    """A port of its own that leads to a server."""

    def __init__(self, url: str) -> None:
        self._to = urlsplit(url)
        self._server: asyncio.Server | None = None
        self._port = 0
        self._talks: set[asyncio.Task[None]] = set()
        self._deaf = False

    @property
    def url(self) -> str:
        """The server's URL by way of this line."""
        user = self._to.netloc.rpartition("@")[0]
        there = f"{user}@{LOOPBACK}:{self._port}" if user else f"{LOOPBACK}:{self._port}"
        query = "directConnection=true" if self._to.scheme == "mongodb" else ""
        return self._to._replace(netloc=there, query=query).geturl()

    async def mend(self) -> None:
        """Let connections through, and everything they say."""
        self._deaf = False
        self._server = await asyncio.start_server(self._connect, LOOPBACK, self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    def strike_deaf(self) -> None:
        """Let what the client says through, but nothing that the server says."""
        self._deaf = True

    async def cut(self) -> None:
        """End all connections and take no new ones."""
        if self._server:
            self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk
        self._talks.add(talk)
        try:
            answers, out = await asyncio.open_connection(self._to.hostname, self._to.port)
            try:
                await asyncio.gather(self._carry(reader, out), self._carry(answers, writer, of_server=True))
            finally:
                out.close()
        except (OSError, asyncio.CancelledError):
            return
        finally:
            writer.close()
            self._talks.discard(talk)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, of_server: bool = False) -> None:
        while data := await reader.read(65536):
            if not (of_server and self._deaf):
                writer.write(data)
                await writer.drain()
        with suppress(OSError):
            writer.close()


@asynccontextmanager
async def line_to(url: str) -> AsyncIterator[Line]:
    """A line to a server, whole at first, cut at the end."""
    line = Line(url)
    await line.mend()
    try:
        yield line
    finally:
        await line.cut()
