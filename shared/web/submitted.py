"""What people submit: forms of web pages, read into the models that programs send as JSON."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from aiohttp import web
from pydantic import BaseModel, ValidationError

from shared.errors import Fault
from shared.identity import Forbidden
from shared.web.body import InvalidBody, MalformedBody, UnsupportedMediaType, pointers

M = TypeVar("M", bound=BaseModel)

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 100


async def read_form(request: web.Request, model: type[M]) -> M:
    """The submitted form as `model`; fields that the model does not have are the page's own. Raises a `Fault`."""
    typed = await submitted(request)
    return validated({name: value for name, value in typed.items() if name.split(".")[0] in model.model_fields}, model)


async def submitted(request: web.Request) -> dict[str, str]:
    """The fields of the form as they were typed, line ends as `\\n`; of a repeated name the last one counts.

    Raises `UnsupportedMediaType` for anything but a plain form (HTML, 4.10.21), `MalformedBody` for what is no text,
    `Forbidden` for a form that a page of another site has sent (Fetch Metadata, 2.3).
    """
    if request.content_type != FORM:
        raise UnsupportedMediaType(f"A page takes its form as {FORM}, not {request.content_type}.")
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Forbidden("This form was sent from another web site.")
    raw = (await request.read()).decode("ascii", "replace")
    try:
        pairs = parse_qsl(raw, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise MalformedBody(f"A form has at most {MOST_FIELDS} fields, all of them text in UTF-8.") from error
    return {name: value.replace("\r\n", "\n") for name, value in pairs}


def validated(typed: Mapping[str, Any], model: type[M]) -> M:
    """Typed fields as `model`; `product.name` is the name of the product, an empty field is not there.

    Raises `InvalidBody`.
    """
    try:
        return model.model_validate(_nested(typed))
    except ValidationError as error:
        raise InvalidBody("The form is not filled in as it should be.", errors=pointers(error)) from error


def mistakes_in(fault: Fault) -> dict[str, str]:
    """What a fault says of each field of a form: the kind of mistake by the field's name.

    A fault that names no field of the form stands under the empty name.
    """
    found = {
        error["pointer"].removeprefix("#/").replace("/", "."): error.get("type", "required")
        for error in fault.extra.get("errors", ())
    }
    return found or {"": fault.code}


def status_of(fault: Fault | None) -> int:
    """The status of a page that shows a fault, or none."""
    return fault.status if fault else HTTPStatus.OK


def _nested(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Dotted names as nested mappings."""
    nested: dict[str, Any] = {}
    for name, value in typed.items():
        *path, last = name.split(".")
        place = nested
        for part in path if value else ():
            inner = place.setdefault(part, {})
            place = inner if isinstance(inner, dict) else {}
        if value:
            place[last] = value
    return nested
