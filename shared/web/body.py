"""What requests carry: bodies and queries that say precisely what is wrong with them."""

from typing import Annotated, Any, Generic, TypeVar

import orjson
from aiohttp import hdrs, web
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from shared.contracts.values import NO_CONTROLS
from shared.errors import Fault

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500, pattern=NO_CONTROLS)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100_000, pattern=NO_CONTROLS)]

NOT_ASKED = frozenset({"token", "lang"})
"""What a query says about its sender, whatever it asks for."""

M = TypeVar("M", bound=BaseModel)
Item = TypeVar("Item")


class Body(BaseModel):
    """A request body; what it does not know it refuses, so that a misspelt field is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Page(BaseModel, Generic[Item]):
    """One page of a list; `next` is the cursor of the following one, or null."""

    items: list[Item]
    next: str | None = None


class Paging(Body):
    """How much of a list, and from where."""

    limit: int = Field(50, ge=1, le=500)
    cursor: Line = ""


class MalformedBody(Fault):
    """The body is not JSON."""

    code = "malformed-json"
    status = 400


class InvalidBody(Fault):
    """The body is JSON but not what is asked for; `errors` point at each fault (RFC 6901, RFC 9457)."""

    code = "invalid-body"
    status = 422


class InvalidQuery(Fault):
    """The query is not what is asked for."""

    code = "invalid-query"
    status = 400


class UnsupportedMediaType(Fault):
    """The body is of a kind that this path does not take."""

    code = "unsupported-media-type"
    status = 415


async def read_body(request: web.Request, model: type[M]) -> M:
    """The request's body as `model`. Raises a `Fault` that says what is wrong with it."""
    found = request.headers.get(hdrs.CONTENT_TYPE, "nothing")
    if found.partition(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaType(f"The body must be application/json, not {found}.")
    raw = await _raw(request)
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        if error.errors(include_url=False)[0]["type"] == "json_invalid":
            raise MalformedBody(f"The body is not JSON: {_why_not_json(raw)}.") from error
        raise InvalidBody("The body is not what is asked for.", errors=pointers(error)) from error


async def _raw(request: web.Request) -> bytes:
    """The body; what has arrived already, as most have, is not waited for."""
    arriving = request.content
    if arriving.is_eof() and arriving.total_bytes <= request.client_max_size:
        return arriving.read_nowait()
    return await request.read()


def read_query(request: web.Request, model: type[M]) -> M:
    """The request's query as `model`, of a repeated name the last value. Raises `InvalidQuery`."""
    query = {name: value for name, value in request.query.items() if name not in NOT_ASKED}
    try:
        return model.model_validate(query)
    except ValidationError as error:
        raise InvalidQuery("The query is not what is asked for.", errors=pointers(error)) from error


def pointers(error: ValidationError) -> list[dict[str, Any]]:
    """Each fault with a JSON pointer to where it is (RFC 6901) and what is wrong there; values are not repeated."""
    return [
        {
            "pointer": "#" + "".join(f"/{_escaped(part)}" for part in fault["loc"]),
            "detail": fault["msg"],
            "type": fault["type"],
        }
        for fault in error.errors(include_url=False, include_input=False, include_context=False)
    ]


def _escaped(part: int | str) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def _why_not_json(raw: bytes) -> str:
    try:
        orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        return str(error)
    return "it holds a number or text that cannot be kept"
