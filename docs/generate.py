"""Writes what is documented from the code: contracts, life cycles, settings, the AsyncAPI document.

`python -m docs.generate` (`make docs`); a test compares what is written with what would be.
"""

import inspect
import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from shared.aggregate import Staged
from shared.asyncapi import REPLIES, asyncapi, said_by
from shared.cli import SERVICES
from shared.contracts.departments import DepartmentReply, WorkOrder
from shared.contracts.event import Event, Message
from shared.service import Service
from shared.settings import Settings
from shared.web import Route

HERE = Path(__file__).parent
WRITTEN = "<!-- Written by `make docs` from the code. -->\n\n"
HEAD = "| variable | default | what it says |\n|---|---|---|"


def documents() -> dict[Path, str]:
    """Every generated document, by its path."""
    services = [import_module(f"services.{name}.app").SERVICE for name in SERVICES]
    return {
        HERE / "contracts.md": WRITTEN + "\n".join(_contracts(services)),
        HERE / "lifecycle.md": WRITTEN + "\n".join(_life_cycles(services)),
        HERE / "settings.md": WRITTEN + "\n".join(_settings(services)),
        HERE / "asyncapi.json": json.dumps(asyncapi(services), indent=1, ensure_ascii=False) + "\n",
    }


def main() -> None:
    """Write them all."""
    for path, text in documents().items():
        path.write_text(text)


def _contracts(services: list[Service]) -> Iterator[str]:
    yield "# Contracts\n\nWhat the services say to each other, to departments and over HTTP. For machines:"
    yield "`asyncapi.json` beside this page, and at run time `/<service>/openapi.json`, `/<service>/asyncapi.json`"
    yield "and `/routing/schemas/…`."
    for service in services:
        yield f"\n## {service.name}\n\n{service.title}\n"
        yield from _said(service)
        yield from _heard(service)
        yield from _paths(service)
    yield "\n## Departments\n\nOn the exchange `redress.departments`, one queue for each department.\n"
    yield f"| message | says | fields |\n|---|---|---|\n{_row(WorkOrder)}"
    yield f"\nBack on the queue `{REPLIES}`, told apart by `type`. A reply that names its `department` is refused"
    yield "unless the case is with it. One that names a queue in AMQP's `reply_to` (`amq.…`, `department.…`) is"
    yield 'answered there, its id as `correlation_id`, with `{"result": "done"}` or a problem document. The id, a'
    yield "header `cloudEvents:id` or AMQP's `message_id`, is the sender's own (`by`): sent again, a reply counts once."
    yield "Without one the body stands for it; the same words sent on purpose a second time need an id. Consumers to"
    yield "begin with: [in Python](department_consumer.py), [in JavaScript](department_consumer.mjs), and"
    yield "[with curl over HTTP](department_reply.sh).\n"
    yield "| type | does | fields |\n|---|---|---|"
    for reply in get_args(get_args(DepartmentReply)[0]):
        yield f"| `{reply.model_fields['type'].default}` | {_sentence(reply)} | {_fields(reply)} |"
    yield ""


def _said(service: Service) -> Iterator[str]:
    yield "| it says | which means | fields |\n|---|---|---|"
    for event in said_by(service.name):
        yield _row(event)


def _heard(service: Service) -> Iterator[str]:
    yield "\n| it hears | and then |\n|---|---|"
    for event, handler in service.subscriptions.events.items():
        if issubclass(event, Event):
            yield f"| `{event.kind()}` | {_sentence(handler)} |"


def _paths(service: Service) -> Iterator[str]:
    yield "\n| over HTTP | for | does |\n|---|---|---|"
    for route in (route for route in service.routes if not route.page):
        yield f"| `{route.method} /{service.name}{route.path}` | {_who(route)} | {_sentence(route.handler)} |"


def _who(route: Route) -> str:
    roles = sorted(route.who.roles - {"administrator"}) or sorted(route.who.roles)
    gates = ["a channel"] if route.who.channel else []
    gates += [", ".join(roles)] if roles else []
    gates += ["the complainant"] if route.who.purpose else []
    return "; ".join(gates) or "everybody"


def _row(message: type[Message]) -> str:
    return f"| `{message.kind()}` | {_sentence(message)} | {_fields(message)} |"


def _fields(message: type[BaseModel]) -> str:
    names = [
        f"`{field.alias or name}`" if field.is_required() else f"`{field.alias or name}`?"
        for name, field in message.model_fields.items()
        if name != "type"
    ]
    return ", ".join(names)


def _life_cycles(services: list[Service]) -> Iterator[str]:
    yield "# Life cycles\n\nEach diagram is the `TRANSITIONS` table that the code moves by; nothing else can happen."
    for service in services:
        aggregate = service.subscriptions.aggregate
        if issubclass(aggregate, Staged):
            yield f"\n## {service.name}: {aggregate.__name__}\n\n{_sentence(aggregate)}\n"
            yield from _diagram(aggregate)
    yield ""


def _diagram(aggregate: type[Staged]) -> Iterator[str]:
    table = aggregate.TRANSITIONS
    yield "```mermaid\nstateDiagram-v2"
    for state in (state for state in table if "-" in state):
        yield f'    state "{state}" as {_id(state)}'
    yield f"    [*] --> {_id(next(iter(table)))}"
    for state, following in table.items():
        yield from (f"    {_id(state)} --> {_id(follower)}" for follower in table if follower in following)
        if not following:
            yield f"    {_id(state)} --> [*]"
    yield "```"


def _id(state: str) -> str:
    return state.replace("-", "_")


def _settings(services: list[Service]) -> Iterator[str]:
    yield "# Settings\n\nEnvironment variables, read once at the start. What has no default must be set."
    yield "Where a service has a default of its own, it stands under its name.\n"
    common = _rows(Settings)
    yield from [HEAD, *common]
    for service in services:
        if own := [row for row in _rows(service.settings) if row not in common]:
            yield from [f"\n## {service.name}\n", HEAD, *own]
    yield ""


def _rows(settings: type[Settings]) -> list[str]:
    return [
        f"| `REDRESS_{name.upper()}` | {_default(field)} | {field.description} |"
        for name, field in settings.model_fields.items()
    ]


def _default(field: Any) -> str:
    if field.default is PydanticUndefined:
        return "—"
    if isinstance(field.default, tuple):
        return f"`{','.join(_plain(part) for part in field.default)}`"
    return f"`{_plain(field.default)}`" if field.default not in (None, "") else "none"


def _plain(value: Any) -> str:
    """The value as it would stand in the environment: durations in seconds."""
    return f"{value.total_seconds():g}" if hasattr(value, "total_seconds") else str(value)


def _sentence(thing: Any) -> str:
    """The first paragraph of what the code says about it."""
    return " ".join((inspect.getdoc(thing) or "").partition("\n\n")[0].split())


if __name__ == "__main__":
    main()
