"""A service's HTTP face as a table of routes, each with its handler, and who may use it.

A handler is `async (call) -> answer`, with `body: Model` and `query: Model` where it asks for them; its annotations are
what is validated, documented and answered. It raises faults and contains no `try`.

A page for people is a route too. Where it has the method and path of another route, browsers get the page, and programs
the other's answer: `async (call, shown: Model) -> response` is given that answer, `shown: Model | Fault` its fault too.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from aiohttp import hdrs, web
from pydantic import BaseModel

from shared.contracts.values import Language
from shared.errors import Fault, NoSuchNumber
from shared.identity import EVERYBODY, Access, Caller, Identity
from shared.ids import is_complaint_number
from shared.web.body import read_body, read_query
from shared.web.pages import STAFF_COOKIE
from shared.web.reading import preferred_language, wants_page
from shared.web.submitted import read_form

R = TypeVar("R")
M = TypeVar("M", bound=BaseModel)

ReadBody = Callable[[web.Request, type[BaseModel]], Awaitable[BaseModel]]
"""Reads what a request carries into a model: JSON from programs, a form from people."""


class Call(NamedTuple, Generic[R]):
    """One request in the hands of a handler: the running service, the caller, the request itself."""

    service: R
    caller: Caller
    request: web.Request

    @property
    def number(self) -> str:
        """The complaint number in the path. Raises `NoSuchNumber` where it cannot be one."""
        number = self.request.match_info["number"]
        if not is_complaint_number(number):
            raise NoSuchNumber("This is no complaint number: one of its characters is wrong.")
        return number

    @property
    def language(self) -> Language:
        """The reader's language."""
        return preferred_language(self.request)

    @property
    def wants_page(self) -> bool:
        """Whether a person's browser is asking, rather than a program."""
        return wants_page(self.request)


class Answer(NamedTuple, Generic[M]):
    """A model, or one that is written as JSON already, with a status of its own."""

    model: M | bytes
    status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Route:
    """One method on one path below the service's prefix. `statuses` says what else but 200 may come, and why.

    `page`: for people's browsers, and not part of the documented API.
    """

    method: str
    path: str
    handler: Callable[..., Awaitable[Any]]
    who: Access = EVERYBODY
    statuses: Mapping[int, str] = field(default_factory=lambda: {200: "Done"})
    page: bool = False

    @cached_property
    def hints(self) -> dict[str, Any]:
        """The handler's annotations: `body`, `query` and `return` say what goes in and out."""
        return get_type_hints(self.handler)

    @property
    def answers(self) -> Any:
        """The model that the handler answers with, whatever the status."""
        answer = self.hints.get("return")
        return get_args(answer)[0] if get_origin(answer) is Answer else answer

    async def answer(self, call: Call[Any], read: ReadBody = read_body) -> Any:
        """Check the caller, read what the handler asks for, and say what it says."""
        self.who.check(call.caller, call.request.match_info.get("number"))
        given: dict[str, BaseModel] = {}
        if query := self.hints.get("query"):
            given["query"] = read_query(call.request, query)
        if body := self.hints.get("body"):
            given["body"] = await read(call.request, body)
        return await self.handler(call, **given)


@dataclass(frozen=True)
class Door:
    """One method on one path: the route that answers there, and the page that people get instead or only get."""

    route: Route
    page: Route | None

    async def serve(self, service: Any, request: web.Request) -> web.StreamResponse:
        """Answer a request with the page where a person is asking and there is one, else with the API's answer."""
        call = Call(service, await _caller(service.identity, request), request)
        if self.page and (call.wants_page or self.page is self.route):
            return respond(await self._shown(self.page, call))
        return respond(await self.route.answer(call))

    async def _shown(self, page: Route, call: Call[Any]) -> Any:
        if "shown" not in page.hints:
            return await page.answer(call, read_form)
        try:
            answer = await self.route.answer(call, read_form)
        except Fault as fault:
            if Fault not in get_args(page.hints["shown"]):
                raise
            answer = fault
        return await page.handler(call, answer)


def doors(routes: Sequence[Route]) -> list[Door]:
    """The routes by method and path, each page with the route that it shows."""
    pages = {(route.method, route.path): route for route in routes if route.page}
    answering = pages | {(route.method, route.path): route for route in routes if not route.page}
    return [Door(route, pages.get(place)) for place, route in answering.items()]


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


def respond(answer: Any) -> web.StreamResponse:
    """A handler's answer as an HTTP response: a model, a model with a status, or a response made by hand."""
    if isinstance(answer, Answer):
        return _json(answer.model, answer.status, answer.headers)
    return answer if isinstance(answer, web.StreamResponse) else _json(answer, 200, {})


def _json(model: BaseModel | bytes, status: int, headers: Mapping[str, str]) -> web.Response:
    body = model if isinstance(model, bytes) else model.model_dump_json(by_alias=True).encode()
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)
