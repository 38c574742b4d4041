"""A service's HTTP face as a table of routes, each with its handler, and who may use it.

A handler is `async (call) -> answer`, `async (call, body: Model) -> answer` or `async (call, query: Model) -> answer`; its
annotations are what is validated, documented and answered. It raises faults and contains no `try`.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from aiohttp import hdrs, web
from pydantic import BaseModel

from shared.contracts.values import Language
from shared.identity import EVERYBODY, Access, Caller
from shared.telemetry import HTTP_REQUESTS
from shared.web.body import read_body, read_query

R = TypeVar("R")
M = TypeVar("M", bound=BaseModel)

CALLER: web.RequestKey[Caller] = web.RequestKey("caller", Caller)


@dataclass(frozen=True)
class Call(Generic[R]):
    """One request in the hands of a handler: the running service, the caller, the request itself."""

    service: R
    caller: Caller
    request: web.Request

    @property
    def number(self) -> str:
        """The complaint number in the path."""
        return self.request.match_info["number"]

    @property
    def language(self) -> Language:
        """The reader's language by `Accept-Language`: Chinese unless English is preferred (RFC 9110, 12.5.4)."""
        return preferred_language(self.request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))

    @property
    def wants_page(self) -> bool:
        """Whether a person's browser is asking, rather than a program."""
        return "text/html" in self.request.headers.get(hdrs.ACCEPT, "")


@dataclass(frozen=True)
class Answer(Generic[M]):
    """A model with a status of its own."""

    model: M
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Route:
    """One method on one path below the service's prefix. `statuses` says what else but 200 may come, and why."""

    method: str
    path: str
    handler: Callable[..., Awaitable[Any]]
    who: Access = EVERYBODY
    statuses: Mapping[int, str] = field(default_factory=lambda: {200: "Done"})

    @cached_property
    def hints(self) -> dict[str, Any]:
        """The handler's annotations: `body`, `query` and `return` say what goes in and out."""
        return get_type_hints(self.handler)

    @property
    def answers(self) -> Any:
        """The model that the handler answers with, whatever the status."""
        answer = self.hints.get("return")
        return get_args(answer)[0] if get_origin(answer) is Answer else answer

    async def serve(self, service: Any, request: web.Request) -> web.StreamResponse:
        """Check the caller, read what the handler asks for, and answer with what it says."""
        caller = request[CALLER]
        self.who.check(caller, request.match_info.get("number"))
        call = Call(service, caller, request)
        if body := self.hints.get("body"):
            answer = await self.handler(call, await read_body(request, body))
        elif query := self.hints.get("query"):
            answer = await self.handler(call, read_query(request, query))
        else:
            answer = await self.handler(call)
        return respond(answer)


def respond(answer: Any) -> web.StreamResponse:
    """A handler's answer as an HTTP response: a model, a model with a status, or a response made by hand."""
    if isinstance(answer, web.StreamResponse):
        return answer
    if isinstance(answer, Answer):
        return _json(answer.model, answer.status, answer.headers)
    return _json(answer, 200, {})


def preferred_language(header: str) -> Language:
    """`en` where it ranks above Chinese in an `Accept-Language` header, else `zh-CN`."""
    ranks = {"zh": 0.0, "en": 0.0}
    for place, part in enumerate(header.split(",")):
        tag, _, weight = part.strip().partition(";q=")
        main = tag.split("-")[0].lower()
        if main in ranks:
            ranks[main] = max(ranks[main], _quality(weight) - place / 1000)
    return "en" if ranks["en"] > ranks["zh"] else "zh-CN"


def count(service: str, request: web.Request, status: int) -> None:
    """Count one answered request by its route, not its path, so that complaint numbers do not become labels."""
    resource = request.match_info.route.resource
    HTTP_REQUESTS.labels(service, resource.canonical if resource else "none", status).inc()


def _quality(weight: str) -> float:
    try:
        return float(weight) if weight else 1.0
    except ValueError:
        return 0.0


def _json(model: BaseModel, status: int, headers: Mapping[str, str]) -> web.Response:
    body = model.model_dump_json(by_alias=True).encode()
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)
