"""What was promised on the wire is kept: schemas as they were, and every message that was accepted once."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shared.contracts import EVENTS
from shared.contracts.routing import CaseTransferred
from tests.contracts.schemas import (
    ACCEPTED,
    ADAPTERS,
    CONTRACTS,
    SNAPSHOTS,
    advice,
    examples,
    only_adds_optional_fields,
    promised,
)

BEFORE = {"type": "object", "properties": {"step": {"type": "string"}}, "required": ["step"]}
ACCEPTED_ONCE = [(name, example) for name in CONTRACTS for example in examples(name)]


def after(**changes: Any) -> dict[str, Any]:
    return BEFORE | changes


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_contract_is_what_was_promised(name: str) -> None:
    assert not advice(name), advice(name)


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_promise_is_a_valid_schema(name: str) -> None:
    Draft202012Validator.check_schema(promised(name) or {})


@pytest.mark.parametrize("folder", [SNAPSHOTS, ACCEPTED])
def test_nothing_is_promised_that_is_no_contract(folder: Any) -> None:
    assert sorted(path.stem for path in folder.iterdir()) == CONTRACTS


@pytest.mark.parametrize(("name", "example"), ACCEPTED_ONCE)
def test_what_was_accepted_once_is_still_understood(name: str, example: Any) -> None:
    ADAPTERS[name].validate_python(example)


@pytest.mark.parametrize(("name", "example"), ACCEPTED_ONCE)
def test_what_was_accepted_once_fits_the_schema(name: str, example: Any) -> None:
    Draft202012Validator(promised(name) or {}).validate(example)


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_field_that_a_newer_publisher_adds_is_passed_over(name: str) -> None:
    ADAPTERS[name].validate_python(examples(name)[0] | {"added_later": {"deep": [1]}})


@pytest.mark.parametrize("example", examples("department.reply"))
def test_every_reply_passes_over_what_it_does_not_know(example: Any) -> None:
    reply = ADAPTERS["department.reply"].validate_python(example | {"added_later": 1})

    assert not hasattr(reply, "added_later")


def test_every_event_stands_under_its_own_type() -> None:
    assert all(name == event.kind() for name, event in EVENTS.items())


def test_a_transfer_says_from_on_the_wire() -> None:
    event = CaseTransferred(origin="service", to="quality", reason="broken seal")

    assert '"from":"service"' in event.model_dump_json()


def test_a_new_optional_field_is_a_compatible_change() -> None:
    grown = BEFORE["properties"] | {"note": {"type": "string"}}  # type: ignore[operator]  # a dict

    assert only_adds_optional_fields(BEFORE, after(properties=grown))


@pytest.mark.parametrize(
    "changed",
    [
        after(required=["step", "note"]),
        after(required=[]),
        after(properties={}),
        after(properties={"step": {"type": "integer"}}),
        after(properties={"step": {"type": "string", "maxLength": 3}}),
        after(additionalProperties=False),
    ],
)
def test_anything_else_is_an_incompatible_change(changed: dict[str, Any]) -> None:
    assert not only_adds_optional_fields(BEFORE, changed)
