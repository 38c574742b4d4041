"""The AsyncAPI 3.0 document: what travels on the bus, who says it, who hears it; from the subscription tables."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from shared.bus.topology import DEPARTMENTS, EVENTS
from shared.contracts import EVENTS as ALL_EVENTS
from shared.contracts.departments import DepartmentReply, WorkOrder
from shared.contracts.event import Event

if TYPE_CHECKING:
    from shared.service import Service

REPLIES = "department.replies"


def asyncapi(services: Sequence["Service"]) -> dict[str, Any]:
    """The document of these services; of events, those that one of them says or hears."""
    operations = dict(_operations(services))
    used = {operation["channel"]["$ref"].rpartition("/")[2] for operation in operations.values()}
    messages, schemas = _messages(used)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"Redress {services[0].name}" if len(services) == 1 else "Redress",
            "version": "1",
            "description": "CloudEvents 1.0 over AMQP 0-9-1: binary mode, or several of one type as a JSON batch.",
        },
        "defaultContentType": "application/json",
        "channels": {name: _channel(name) for name in sorted(used)},
        "operations": operations,
        "components": {"messages": messages, "schemas": schemas},
    }


def said_by(service: str) -> list[type[Event]]:
    """The events that a service publishes: those of its module among the contracts."""
    return [event for event in ALL_EVENTS.values() if event.__module__.rpartition(".")[2] == service]


def _operations(services: Iterable["Service"]) -> Iterator[tuple[str, dict[str, Any]]]:
    for service in services:
        for event in said_by(service.name):
            yield f"{service.name}.says.{event.kind()}", _operation("send", event.kind(), event)
        if service.feeds_departments:
            yield f"{service.name}.orders", _operation("send", WorkOrder.kind(), WorkOrder)
        for heard, handler in service.subscriptions.events.items():
            channel = heard.kind() if issubclass(heard, Event) else REPLIES
            yield f"{service.name}.hears.{channel}", _operation("receive", channel, handler)


def _operation(action: str, channel: str, explained_by: Any) -> dict[str, Any]:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "summary": (explained_by.__doc__ or "").partition("\n")[0],
    }


def _channel(name: str) -> dict[str, Any]:
    channel: dict[str, Any] = {"address": name, "messages": {name: {"$ref": f"#/components/messages/{name}"}}}
    if name == REPLIES:
        return channel | {"bindings": {"amqp": {"is": "queue", "queue": {"name": REPLIES, "durable": True}}}}
    exchange = {"name": EVENTS if name in ALL_EVENTS else DEPARTMENTS, "type": "topic", "durable": True}
    channel["bindings"] = {"amqp": {"is": "routingKey", "exchange": exchange}}
    if name == WorkOrder.kind():
        channel["address"] = "department.{department}"
        channel["parameters"] = {"department": {"description": "The department that has the case."}}
    return channel


def _messages(names: Iterable[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    contracts: dict[str, Any] = {**ALL_EVENTS, WorkOrder.kind(): WorkOrder, REPLIES: DepartmentReply}
    kinds = sorted(names)
    schemas, definitions = TypeAdapter.json_schemas(
        [(name, "validation", TypeAdapter(contracts[name])) for name in kinds],
        ref_template="#/components/schemas/{model}",
    )
    messages = {name: _message(name, schemas[name, "validation"]) for name in kinds}
    return messages, definitions.get("$defs", {})


def _message(name: str, payload: Any) -> dict[str, Any]:
    return {"name": name, "contentType": "application/json", "payload": payload}
