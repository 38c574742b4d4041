"""How a service is served: its routes under its prefix, its documentation, and what surrounds every handler."""

import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from aiohttp import hdrs, web
from opentelemetry.trace import SpanKind

from shared.asyncapi import asyncapi
from shared.errors import Fault, NotYet, Unavailable
from shared.identity import Caller, Identity
from shared.telemetry import HTTP_SECONDS, service_name, traceparent
from shared.tracing import span
from shared.web import problem
from shared.web.openapi import docs_page, openapi
from shared.web.pages import STAFF_COOKIE, STATIC, Pages, see_other, static
from shared.web.reading import wants_page
from shared.web.routes import CALLER, Route, count, doors

log = structlog.get_logger(__name__)

MOST_BYTES = 512 * 1024
"""The largest body that the process reads; evidence has a route and a limit of its own."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def mount(app: web.Application, running: Any, routes: Sequence[Route], identity: Identity) -> None:
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
    faces["GET", "/openapi.json"] = partial(_static, document, "application/json")
    faces["GET", "/asyncapi.json"] = partial(_asyncapi, running)
    faces["GET", "/docs"] = partial(_static, docs_page(document), "text/html")
    for (method, path), face in faces.items():
        app.router.add_route(method, f"/{name}{path}", _watched(name, identity, face))


async def _asyncapi(running: Any, _: web.Request) -> web.Response:
    """What the service says and hears on the bus."""
    return web.Response(body=orjson.dumps(asyncapi([running.service])), content_type="application/json")


async def _to_folder(name: str, _: web.Request) -> web.Response:
    return see_other(f"/{name}/")


async def _static(body: bytes, content_type: str, _: web.Request) -> web.Response:
    return web.Response(body=body, content_type=content_type, charset="utf-8")


def _watched(name: str, identity: Identity, face: Handler) -> Handler:
    """What surrounds every handler: it tells who calls, turns faults into problem documents or pages, logs and counts.

    A plain function around each handler rather than a middleware: that is the shortest way through aiohttp.
    """
    pages, seconds = Pages(name), HTTP_SECONDS.labels(name)

    async def watched(request: web.Request) -> web.StreamResponse:
        began = time.perf_counter()
        path = _path(request)
        service_name.set(name)
        with span(f"{request.method} {path}", request.headers.get("traceparent", ""), SpanKind.SERVER) as trace:
            traceparent.set(trace)
            response = await _answer(identity, request, face)
            if response.status >= HTTPStatus.BAD_REQUEST and wants_page(request):
                response = pages.fault(request, response)
            took = time.perf_counter() - began
            seconds.observe(took)
            count(name, request, response.status)
            ms = round(took * 1000, 1)
            log.info("request_answered", method=request.method, path=path, status=response.status, ms=ms)
        return response

    return watched


async def _answer(identity: Identity, request: web.Request, face: Handler) -> web.StreamResponse:
    try:
        request[CALLER] = await _caller(identity, request)
        return await face(request)
    except Fault as fault:
        return problem.of_fault(fault)
    except NotYet as early:
        return problem.of_fault(Unavailable(f"Something has not arrived here yet: {early}."))
    except web.HTTPException as error:
        return problem.of_http(error)
    except Exception:
        log.exception("request_failed", path=_path(request))
        return problem.of_bug()


async def _caller(identity: Identity, request: web.Request) -> Caller:
    """Who asks: by the Authorization header, by a complainant's link, or signed in with a browser."""
    scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if scheme.lower() == "bearer":
        return await identity.of(token.strip())
    if request.query_string and (link := request.query.get("token")):
        return identity.of_link(link)
    return await identity.of(_signed_in(request))


def _signed_in(request: web.Request) -> str:
    """The token of staff who signed in with their browser; it lets them look, but no other site act for them."""
    return request.cookies.get(STAFF_COOKIE, "") if request.method == hdrs.METH_GET else ""


def _path(request: web.Request) -> str:
    """The path for the log: of links that carry a token only the route, and never a query."""
    resource = request.match_info.route.resource
    return resource.canonical if resource and "{token}" in resource.canonical else request.path
