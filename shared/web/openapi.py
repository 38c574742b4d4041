"""The OpenAPI 3.1 document of a service, made from its routes, and the page that shows it to people."""

import html
import inspect
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

import orjson
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from shared.web.routes import Route

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
        "code": {"type": "string"}, "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}  # fmt: skip


def openapi(name: str, title: str, routes: Sequence[Route]) -> bytes:
    """The document as JSON, without the pages; paths carry the service's prefix."""
    routes = [route for route in routes if not route.page]
    refs, schemas = _schemas(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = re.sub(r"\{(\w+):(?:[^{}]|\{[^{}]*\})*\}", r"{\1}", f"/{name}{route.path}")
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, path, refs)
    return orjson.dumps({
        "openapi": "3.1.0",
        "info": {"title": f"Redress {name}", "version": "1", "description": title},
        "paths": paths,
        "components": {
            "schemas": schemas | {"Problem": PROBLEM},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    })  # fmt: skip


def docs_page(document: bytes) -> bytes:
    """A readable page about the document: every path, who may use it, what goes in and comes out."""
    api = orjson.loads(document)
    operations = "".join(
        _section(method, path, operation)
        for path, methods in api["paths"].items()
        for method, operation in methods.items()
    )
    title = html.escape(api["info"]["title"])
    lead = html.escape(api["info"]["description"])
    return _PAGE.format(title=title, lead=lead, operations=operations).encode()


def _operation(route: Route, path: str, refs: Mapping[type[BaseModel], str]) -> dict[str, Any]:
    hints = route.hints
    operation: dict[str, Any] = {
        "operationId": route.handler.__name__,
        "summary": inspect.getdoc(route.handler),
        "description": f"For {route.who}." if str(route.who) else "For everybody.",
        "parameters": _path_parameters(path) + _query_parameters(hints.get("query")),
        "responses": _responses(route, refs),
    }
    if body := hints.get("body"):
        content = {"application/json": {"schema": {"$ref": refs[body]}}}
        operation["requestBody"] = {"required": True, "content": content}
    if str(route.who):
        operation["security"] = [{"bearer": []}]
    return operation


def _responses(route: Route, refs: Mapping[type[BaseModel], str]) -> dict[str, Any]:
    answer = route.answers
    content = {"content": {"application/json": {"schema": {"$ref": refs[answer]}}}} if answer in refs else {}
    responses: dict[str, Any] = {
        str(status): {"description": words, **content} for status, words in route.statuses.items()
    }
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return responses | {"default": {"description": "A problem (RFC 9457)", "content": problem}}


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", path)
    ]


def _query_parameters(query: type[BaseModel] | None) -> list[dict[str, Any]]:
    schema = query.model_json_schema() if query else {}
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": part}
        for name, part in schema.get("properties", {}).items()
    ]


def _schemas(routes: Sequence[Route]) -> tuple[dict[type[BaseModel], str], dict[str, Any]]:
    bodies = {route.hints["body"] for route in routes if "body" in route.hints}
    answers = {route.answers for route in routes}
    models = [(model, "validation") for model in sorted(bodies, key=lambda model: model.__name__)]
    models += [
        (model, "serialization")
        for model in sorted((model for model in answers if _is_model(model)), key=lambda model: model.__name__)
    ]
    named, definitions = models_json_schema(models, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    refs = {cast("type[BaseModel]", model): schema["$ref"] for (model, _), schema in named.items()}
    return refs, definitions.get("$defs", {})


def _is_model(kind: Any) -> bool:
    return inspect.isclass(kind) and issubclass(kind, BaseModel)


def _section(method: str, path: str, operation: Mapping[str, Any]) -> str:
    body = (
        operation.get("requestBody", {})
        .get("content", {})
        .get("application/json", {})
        .get("schema", {})
        .get("$ref", "")
    )
    takes = f"<p>Takes <code>{html.escape(body.rpartition('/')[2])}</code>.</p>" if body else ""
    answers = ", ".join(
        f"{status} {html.escape(entry['description'])}" for status, entry in operation["responses"].items()
    )
    return (
        f"<section><h2><b>{method.upper()}</b> {html.escape(path)}</h2><p>{html.escape(operation['summary'] or '')}</p>"
        f"<p class=who>{html.escape(operation['description'])}</p>{takes}<p class=answers>{answers}</p></section>"
    )


_PAGE = """<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content="width=device-width">
<title>{title}</title><style>
body{{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1c2430}}
section{{border-top:1px solid #d8dee6;padding:.6rem 0}}h2{{font:600 1rem ui-monospace,monospace;margin:.4rem 0}}
h2 b{{display:inline-block;min-width:4rem;color:#0a5bd3}}p{{margin:.3rem 0}}
.who,.answers{{color:#5a6675;font-size:.9rem}}
</style><h1>{title}</h1><p>{lead}</p><p><a href=openapi.json>openapi.json</a></p>{operations}</html>"""
