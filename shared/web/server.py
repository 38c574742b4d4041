"""The aiohttp application of a service: its routes under its prefix, its documentation, and one middleware."""

import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from aiohttp import hdrs, web
from aiohttp.typedefs import Middleware
from opentelemetry.trace import SpanKind

from shared.asyncapi import asyncapi
from shared.errors import Fault
from shared.identity import Identity
from shared.telemetry import HTTP_SECONDS, traceparent
from shared.tracing import span
from shared.web import problem
from shared.web.openapi import docs_page, openapi
from shared.web.pages import STAFF_COOKIE, STATIC, Pages, see_other, static
from shared.web.reading import wants_page
from shared.web.routes import CALLER, Route, count, doors

log = structlog.get_logger(__name__)

MOST_BYTES = 512 * 1024
"""The largest body that the process reads; evidence has a route and a limit of its own."""

NextHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(name: str, title: str, routes: Sequence[Route], running: Any, identity: Identity) -> web.Application:
    """The application that serves `routes` for the running service, with documentation and what its pages look like."""
    app = web.Application(middlewares=[_watched(name, identity)])
    document = openapi(name, title, routes)
    for door in doors(routes):
        app.router.add_route(door.route.method, door.route.path, partial(door.serve, running))
    if any(route.path == "/" for route in routes):
        app.router.add_get("", partial(_to_folder, name))
    for file in STATIC:
        app.router.add_get(f"/{file}", static)
    app.router.add_get("/openapi.json", partial(_static, document, "application/json"))
    app.router.add_get("/asyncapi.json", partial(_asyncapi, running))
    app.router.add_get("/docs", partial(_static, docs_page(document), "text/html"))
    return app


async def _asyncapi(running: Any, _: web.Request) -> web.Response:
    """What the service says and hears on the bus."""
    return web.Response(body=orjson.dumps(asyncapi([running.service])), content_type="application/json")


async def _to_folder(name: str, _: web.Request) -> web.Response:
    return see_other(f"/{name}/")


async def _static(body: bytes, content_type: str, _: web.Request) -> web.Response:
    return web.Response(body=body, content_type=content_type, charset="utf-8")


def _watched(name: str, identity: Identity) -> Middleware:
    """The one middleware: tells who calls, turns faults into problem documents or pages, logs, counts and traces."""
    pages = Pages(name)

    @web.middleware
    async def watched(request: web.Request, handler: NextHandler) -> web.StreamResponse:
        began = time.perf_counter()
        asked = span(f"{request.method} {_path(request)}", request.headers.get("traceparent", ""), SpanKind.SERVER)
        with asked as trace, structlog.contextvars.bound_contextvars(service=name, trace=trace[3:35]):
            traceparent.set(trace)
            response = await _answer(identity, request, handler)
            if response.status >= HTTPStatus.BAD_REQUEST and wants_page(request):
                response = pages.fault(request, response)
            took = time.perf_counter() - began
            HTTP_SECONDS.labels(name).observe(took)
            count(name, request, response.status)
            ms = round(took * 1000, 1)
            log.info("request_answered", method=request.method, path=_path(request), status=response.status, ms=ms)
        return response

    return watched


async def _answer(identity: Identity, request: web.Request, handler: NextHandler) -> web.StreamResponse:
    try:
        request[CALLER] = await identity.of(_bearer(request))
        return await handler(request)
    except Fault as fault:
        return problem.of_fault(fault)
    except web.HTTPException as error:
        return problem.of_http(error)
    except Exception:
        log.exception("request_failed", path=_path(request))
        return problem.of_bug()


def _bearer(request: web.Request) -> str:
    scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return request.query.get("token", "") or _signed_in(request)


def _signed_in(request: web.Request) -> str:
    """The token of staff who signed in with their browser; it lets them look, but no other site act for them."""
    return request.cookies.get(STAFF_COOKIE, "") if request.method == hdrs.METH_GET else ""


def _path(request: web.Request) -> str:
    """The path for the log: of links that carry a token only the route, and never a query."""
    resource = request.match_info.route.resource
    return resource.canonical if resource and "{token}" in resource.canonical else request.path
