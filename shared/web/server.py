"""How a service is served: its routes under its prefix, its documentation, and what surrounds every handler."""

import time
from collections.abc import Awaitable, Callable, Sequence
from functools import cache, partial
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from aiohttp import web
from opentelemetry.trace import SpanKind

from shared.asyncapi import asyncapi
from shared.errors import Fault, NotYet, Unavailable
from shared.telemetry import HTTP_REQUESTS, HTTP_SECONDS, service_name, traceparent
from shared.tracing import span
from shared.web import problem
from shared.web.openapi import docs_page, openapi
from shared.web.pages import STATIC, Pages, see_other, static
from shared.web.reading import wants_page
from shared.web.routes import Route, doors

log = structlog.get_logger(__name__)

MOST_BYTES = 512 * 1024
"""The largest body that the process reads."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def mount(app: web.Application, running: Any, routes: Sequence[Route]) -> None:
    """Serve a running service's `routes` under its prefix, with documentation and what its pages look like."""
    name, title = running.service.name, running.service.title
    document = openapi(name, title, routes)
    faces: dict[tuple[str, str], Handler] = {
        (door.route.method, door.route.path): partial(door.serve, running) for door in doors(routes)
    }
    if any(route.path == "/" for route in routes):
        faces["GET", ""] = partial(_to_folder, name)
    for file in STATIC:
        faces["GET", f"/{file}"] = static
    faces["GET", "/openapi.json"] = partial(_document, document, "application/json")
    faces["GET", "/asyncapi.json"] = partial(_asyncapi, running)
    faces["GET", "/docs"] = partial(_document, docs_page(document), "text/html")
    for (method, path), face in sorted(faces.items(), key=lambda item: "{" in item[0][1]):  # the plain ones found first
        resource = app.router.add_resource(f"/{name}{path}")
        resource.add_route(method, _watched(name, resource.canonical, face))


async def _asyncapi(running: Any, _: web.Request) -> web.Response:
    """What the service says and hears on the bus."""
    return web.Response(body=orjson.dumps(asyncapi([running.service])), content_type="application/json")


async def _to_folder(name: str, _: web.Request) -> web.Response:
    return see_other(f"/{name}/")


async def _document(body: bytes, content_type: str, _: web.Request) -> web.Response:
    return web.Response(body=body, content_type=content_type, charset="utf-8")


def _watched(name: str, route: str, face: Handler) -> Handler:
    """What surrounds every handler: it turns faults into problem documents or pages, logs and counts.

    A plain function around each handler rather than a middleware: that is the shortest way through aiohttp. It counts
    by `route`, not by path, so that complaint numbers do not become labels; nor does a path with a token go to the log.
    """
    pages, secret = Pages(name), "{token}" in route
    seconds, answered = HTTP_SECONDS.labels(name), cache(partial(HTTP_REQUESTS.labels, name, route))

    async def watched(request: web.Request) -> web.StreamResponse:
        began = time.perf_counter()
        path = route if secret else request.path
        service_name.set(name)
        with span(f"{request.method} {path}", request.headers.get("traceparent", ""), SpanKind.SERVER) as trace:
            traceparent.set(trace)
            try:
                response = await face(request)
            except Exception as error:
                response = _problem(error, path)
            if response.status >= HTTPStatus.BAD_REQUEST and wants_page(request):
                response = pages.fault(request, response)
            took = time.perf_counter() - began
            seconds.observe(took)
            answered(response.status).inc()
            ms = round(took * 1000, 1)
            log.info("request_answered", method=request.method, path=path, status=response.status, ms=ms)
        return response

    return watched


def _problem(error: Exception, path: str) -> web.Response:
    """What is answered where a handler raised this."""
    if isinstance(error, Fault):
        return problem.of_fault(error)
    if isinstance(error, NotYet):
        return problem.of_fault(Unavailable(f"Something has not arrived here yet: {error}."))
    if isinstance(error, web.HTTPException):
        return problem.of_http(error)
    log.exception("request_failed", path=path)
    return problem.of_bug()
