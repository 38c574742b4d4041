"""Running services: one process, one port, any number of services under their prefixes; health; orderly stopping."""

import asyncio
import gc
import signal
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import orjson
import structlog
import uvloop
from aiohttp import hdrs, web
from prometheus_client import generate_latest

from shared.clock import Clock, now
from shared.service import Running, Service
from shared.settings import Settings
from shared.stack import roomy
from shared.telemetry import configure_logging
from shared.web import problem
from shared.web.pages import STATIC, Pages, static
from shared.web.reading import wants_page
from shared.web.server import MOST_BYTES

log = structlog.get_logger(__name__)

PAGES = Pages("")

FACES = (("complain", "/intake/"), ("track", "/intake/track"), ("board", "/sla/"), ("archive", "/archive/"))
"""What the start page leads people to."""


@roomy
def run(*services: Service, neighbours: Sequence[Service] = (), clock: Clock = now) -> None:
    """Run these services until SIGTERM or SIGINT; returns when everything in hand is finished.

    `neighbours` run elsewhere, or will: their queues are seen to as well. `clock` is what they go by.
    """
    settings = services[0].settings.given()
    configure_logging(settings.log_format, settings.log_level)
    uvloop.run(_run(services, neighbours, settings, clock))


async def _run(services: Sequence[Service], neighbours: Sequence[Service], settings: Settings, clock: Clock) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        running: list[Running[Any]] = [Running(service, service.settings.given(), clock=clock) for service in services]
        if not await _before(stop, host(stack, running, settings.host, settings.port, neighbours)):
            return
        log.info("listening", host=settings.host, port=settings.port, services=[service.name for service in services])
        _collect_seldom()
        await stop.wait()


async def _before(stop: asyncio.Event, start: Coroutine[Any, Any, None]) -> bool:
    """Whether `start` came to its end before we were told to stop; it may be waiting for a database that is away."""
    starting, told = asyncio.create_task(start), asyncio.create_task(stop.wait())
    await asyncio.wait({starting, told}, return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if starting.done():
        starting.result()
        return True
    starting.cancel()
    await asyncio.wait({starting})
    return False


def _collect_seldom() -> None:
    """Let the collector pass over what lives as long as the process, and look for cycles among the rest seldom.

    Hardly any are ever made, and in the midst of a large batch it would walk through all of it to find nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(300_000, 10, 10)


async def host(
    stack: AsyncExitStack,
    running: Sequence[Running[Any]],
    address: str,
    port: int,
    neighbours: Sequence[Service] = (),
) -> None:
    """Start everything; `stack` stops it in reverse, HTTP first."""
    everybody = {service.name: service for service in (*neighbours, *(one.service for one in running))}
    for service in running:
        service.neighbours = list(everybody.values())
    stack.push_async_callback(_stop, running)
    runner = web.AppRunner(_root(running), access_log=None, shutdown_timeout=5)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, address, port, backlog=1024).start()
    await asyncio.gather(*(service.start() for service in running))


async def _stop(running: Sequence[Running[Any]]) -> None:
    """Stop them side by side: each may have to wait for a server that is away. Raises what the first one raises."""
    ends = await asyncio.gather(*(service.stop() for service in running), return_exceptions=True)
    for error in filter(None, ends):
        raise error


def _root(running: Sequence[Running[Any]]) -> web.Application:
    app = web.Application(client_max_size=MOST_BYTES)
    app.router.add_get("/healthz", _alive)
    app.router.add_get("/readyz", partial(_ready, running))
    app.router.add_get("/metrics", _metrics)
    app.router.add_get("/", partial(_start, [service.service.name for service in running]))
    for file in STATIC:
        app.router.add_get(f"/{file}", static)
    for service in running:
        service.mount(app)
    app.router.add_route(hdrs.METH_ANY, r"/{path:[\s\S]*}", _nothing_here)
    return app


async def _start(services: Sequence[str], request: web.Request) -> web.Response:
    """Where people begin: what can be done here, and what is documented where."""
    faces = [(name, path) for name, path in FACES if path.split("/")[1] in services]
    return PAGES.render(request, "start.html", faces=faces, services=services)


async def _alive(_: web.Request) -> web.Response:
    """The loop turns, or nobody would answer."""
    return web.json_response({"alive": True})


async def _ready(running: Sequence[Running[Any]], _: web.Request) -> web.Response:
    answers = await asyncio.gather(*(service.ready() for service in running))
    states = {service.service.name: state for service, state in zip(running, answers, strict=True)}
    ready = all(all(state.values()) for state in answers)
    return web.Response(
        body=orjson.dumps({"ready": ready} | states), status=200 if ready else 503, content_type="application/json"
    )


async def _metrics(_: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), content_type="text/plain", charset="utf-8")


async def _nothing_here(request: web.Request) -> web.StreamResponse:
    """What no other route answers: a path that is not known, or not with this method.

    A route of its own, as a middleware would cost every request.
    """
    found = [await resource.resolve(request) for resource in request.app.router.resources()]
    allowed = set().union(*(methods for _, methods in found)) - {hdrs.METH_ANY}
    error = web.HTTPMethodNotAllowed(request.method, allowed) if allowed else web.HTTPNotFound()
    answer = problem.of_http(error)
    return PAGES.fault(request, answer) if wants_page(request) else answer
