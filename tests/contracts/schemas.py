"""The JSON Schemas of everything that travels, as they are and as they were promised.

`python -m tests.contracts.schemas` (`make snapshots`) promises what is new: a new contract, or a new optional field. It
refuses anything else, because somebody may be listening.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from shared.contracts import EVENTS
from shared.contracts.departments import DepartmentReply, WorkOrder

HERE = Path(__file__).parent
SNAPSHOTS = HERE / "snapshots"
ACCEPTED = HERE / "accepted"
ADAPTERS: dict[str, TypeAdapter[Any]] = {
    **{kind: TypeAdapter(event) for kind, event in EVENTS.items()},
    WorkOrder.kind(): TypeAdapter(WorkOrder),
    "department.reply": TypeAdapter(DepartmentReply),
}
"""How each contract is read, by its type on the wire."""
CONTRACTS = sorted(ADAPTERS)


def present(name: str) -> dict[str, Any]:
    """The schema as the code has it; titles and descriptions are no promise."""
    schema = _bare(ADAPTERS[name].json_schema())
    assert isinstance(schema, dict)
    return schema


def promised(name: str) -> dict[str, Any] | None:
    """The schema as it was promised, or None for a contract that is new."""
    path = SNAPSHOTS / f"{name}.json"
    return json.loads(path.read_text()) if path.exists() else None


def examples(name: str) -> list[Any]:
    """Messages that were accepted once, and must be for ever."""
    path = ACCEPTED / f"{name}.json"
    found: list[Any] = json.loads(path.read_text()) if path.exists() else []
    return found


def only_adds_optional_fields(before: Any, after: Any) -> bool:
    """Whether whoever understands `before` understands `after`: the same but for new fields, none of them required."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return bool(before == after)
    grows = {"properties", "$defs"}
    if {key for key in before if key not in grows} != {key for key in after if key not in grows}:
        return False
    return all(
        (_grown if key in grows else only_adds_optional_fields)(value, after.get(key, {}))
        for key, value in before.items()
    )


def advice(name: str) -> str:
    """What whoever changed a contract has to do about it; empty where nothing changed."""
    before, after = promised(name), present(name)
    if before == after:
        return ""
    if before is None or only_adds_optional_fields(before, after):
        return f"{name} has something new and optional: run `make snapshots` and commit the snapshot with the change."
    return (
        f"{name} has changed for those who listen to it. Leave it as it was and add a new type {name}.v2 beside it; "
        "publish both while anyone listens to the first."
    )


def main() -> int:
    """Promise what is new; 1 where something promised would have to be broken."""
    broken = [name for name in CONTRACTS if advice(name) and not advice(name).endswith("with the change.")]
    for name in CONTRACTS:
        if name in broken:
            print(advice(name))
            continue
        text = json.dumps(present(name), indent=1, ensure_ascii=False, sort_keys=True)
        (SNAPSHOTS / f"{name}.json").write_text(text + "\n")
    return 1 if broken else 0


def _grown(before: dict[str, Any], after: dict[str, Any]) -> bool:
    return all(name in after and only_adds_optional_fields(value, after[name]) for name, value in before.items())


def _bare(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_bare(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    words = {"title", "description"}
    return {key: _bare(value) for key, value in schema.items() if not (key in words and isinstance(value, str))}


if __name__ == "__main__":
    sys.exit(main())
