"""Routes, bodies and their documentation, without a server."""

import asyncio
import re
from importlib import import_module
from typing import Any

import orjson
import pytest
from aiohttp import web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.streams import StreamReader
from aiohttp.test_utils import make_mocked_request
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError

from shared.errors import Fault, Unavailable
from shared.web import problem
from shared.web.body import Body, Line, Paging, pointers, read_body
from shared.web.openapi import docs_page, openapi
from shared.web.reading import ranked_language
from shared.web.routes import Call, Route
from tests.shape.source import SERVICES
from tests.shape.test_docs import references, resolves


class Product(Body):
    """The thing."""

    name: Line


class Form(Body):
    """What is handed in."""

    products: list[Product]


class Receipt(BaseModel):
    """What is given back."""

    number: str


async def hand_in(call: Call[Any], body: Form) -> Receipt:
    """Hand something in."""
    return Receipt(number=call.number)


async def look(call: Call[Any], query: Paging) -> Receipt:
    """Look at something."""
    return Receipt(number=query.cursor)


DOCUMENT = orjson.loads(
    openapi("desk", "A desk.", [Route("POST", "/forms", hand_in), Route("GET", r"/forms/{year:\d{4}}/{number}", look)])
)


def documented(service: str) -> Any:
    found = import_module(f"services.{service}.app").SERVICE
    return orjson.loads(openapi(service, found.title, found.routes))


def arrived(body: bytes) -> web.Request:
    """A request of which nothing is left on the way; 16 bytes are allowed."""
    loop = asyncio.get_running_loop()
    payload = StreamReader(BaseProtocol(loop), 1024, loop=loop)
    payload.feed_data(body)
    payload.feed_eof()
    headers = {"Content-Type": "application/json"}
    return make_mocked_request("POST", "/forms", headers, payload=payload, client_max_size=16)


def test_a_fault_inside_a_body_is_pointed_at() -> None:
    with pytest.raises(ValidationError) as caught:
        Form.model_validate({"products": [{"name": "kettle"}, {"name": 7}]})

    assert [fault["pointer"] for fault in pointers(caught.value)] == ["#/products/1/name"]


async def test_a_body_that_has_arrived_is_read_at_once() -> None:
    assert (await read_body(arrived(b'{"products": []}'), Form)).products == []


async def test_a_body_that_has_arrived_may_be_no_larger_than_others() -> None:
    with pytest.raises(web.HTTPRequestEntityTooLarge):
        await read_body(arrived(b" " * 17), Form)


def test_a_path_with_a_pattern_is_documented_without_it() -> None:
    assert "/desk/forms/{year}/{number}" in DOCUMENT["paths"]


def test_the_names_in_a_path_and_a_query_are_documented() -> None:
    parameters = DOCUMENT["paths"]["/desk/forms/{year}/{number}"]["get"]["parameters"]

    assert {(one["name"], one["in"]) for one in parameters} == {
        ("year", "path"), ("number", "path"), ("limit", "query"), ("cursor", "query"),
    }  # fmt: skip


def test_a_body_is_documented_by_its_type() -> None:
    content = DOCUMENT["paths"]["/desk/forms"]["post"]["requestBody"]["content"]

    assert content == {"application/json": {"schema": {"$ref": "#/components/schemas/Form"}}}


def test_the_page_about_the_document_shows_what_the_code_says_and_escapes_it() -> None:
    page = docs_page(openapi("desk", "A <desk>.", [Route("POST", "/forms", hand_in)])).decode()

    assert ("Hand something in." in page, "A &lt;desk&gt;." in page, "<desk>" in page) == (True, True, False)


@pytest.mark.parametrize("service", SERVICES)
def test_every_reference_in_an_openapi_document_leads_somewhere(service: str) -> None:
    document = documented(service)

    assert [reference for reference in references(document) if not resolves(document, reference)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_has_an_id_of_its_own_and_a_sentence(service: str) -> None:
    operations = [operation for path in documented(service)["paths"].values() for operation in path.values()]

    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert [operation["operationId"] for operation in operations if not operation["summary"]] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_name_in_a_documented_path_is_a_parameter(service: str) -> None:
    for path, operations in documented(service)["paths"].items():
        for operation in operations.values():
            known = {one["name"] for one in operation["parameters"] if one["in"] == "path"}
            assert known == set(re.findall(r"\{(\w+)\}", path))


@pytest.mark.parametrize("service", SERVICES)
def test_every_documented_schema_is_one(service: str) -> None:
    for schema in documented(service)["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_a_fault_becomes_a_problem_document_with_its_own_members() -> None:
    response = problem.of_fault(Fault("A child is hurt.", state="urgent"))

    assert (response.content_type, orjson.loads(response.body or b"")) == (  # type: ignore[arg-type]  # bytes
        "application/problem+json",
        {
            "type": "about:blank", "title": "Internal Server Error", "status": 500, "code": "internal",
            "detail": "A child is hurt.", "state": "urgent",
        },
    )  # fmt: skip


def test_what_is_unavailable_says_when_to_ask_again() -> None:
    assert problem.of_fault(Unavailable("The database does not answer.")).headers["Retry-After"] == "2"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh-CN"), ("en", "en"), ("en-GB,en;q=0.9", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("en;q=0.5,zh;q=0.9", "zh-CN"), ("de,fr", "zh-CN"), ("de,en;q=0.1", "en"), ("en;q=x", "zh-CN"),
        (";;,=", "zh-CN"), ("*", "zh-CN"), ("zh;q=0,en", "en"), ("en;q=nan", "zh-CN"),
    ],
)  # fmt: skip
def test_the_reader_gets_chinese_unless_english_is_preferred(header: str, language: str) -> None:
    assert ranked_language(header) == language
