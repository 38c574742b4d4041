"""Settings that are not right are named as they are set, and none of their values is shown."""

import base64

import pytest
from click.testing import CliRunner

from shared import database
from shared.cli import main

RIGHT = {
    "REDRESS_MONGODB_URL": "mongodb://amy:sesame@nowhere", "REDRESS_AMQP_URL": "amqp://amy:sesame@nowhere",
    "REDRESS_MASTER_KEY": "c2VzYW1l" * 4, "REDRESS_MESSENGER": "console",
}  # fmt: skip


@pytest.mark.parametrize("arguments", [["serve", "sla"], ["conformance", "--month", "2026-11"]], ids=" ".join)
def test_what_is_wrong_is_named_and_no_secret_shown(arguments: list[str]) -> None:
    without = {"REDRESS_MONGODB_URL": None, "REDRESS_ATTEMPTS": "sesame"}

    result = CliRunner().invoke(main, arguments, env=RIGHT | without)

    assert result.exit_code == 2
    assert all(name in result.stderr for name in ("REDRESS_MONGODB_URL: Field required", "REDRESS_ATTEMPTS: "))
    assert "sesame" not in result.output
    assert "c2VzYW1l" not in result.output


def test_an_address_that_no_server_has_is_told_at_once() -> None:
    wrong = {"REDRESS_MONGODB_URL": "http://sesame", "REDRESS_AMQP_URL": "sesame"}

    result = CliRunner().invoke(main, ["channels", "list"], env=RIGHT | wrong)

    assert result.exit_code == 2
    assert "REDRESS_MONGODB_URL: Value error, must begin with mongodb:// or mongodb+srv://" in result.stderr
    assert "REDRESS_AMQP_URL: Value error, must begin with amqp:// or amqps://" in result.stderr
    assert "sesame" not in result.output


@pytest.mark.parametrize(
    ("arguments", "setting"),
    [
        (["channels", "list"], "REDRESS_MONGODB_URL"),
        (["channels", "add", "shop"], "REDRESS_MONGODB_URL"),
        (["numbers", "gaps"], "REDRESS_MONGODB_URL"),
        (["dead", "list", "sla"], "REDRESS_AMQP_URL"),
        (["dead", "drop", "sla", "--all"], "REDRESS_AMQP_URL"),
    ],
)
def test_a_command_whose_server_is_down_says_so_and_what_to_look_at(
    arguments: list[str], setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "SELECTION_MS", 50)
    urls = {"REDRESS_MONGODB_URL": "mongodb://127.0.0.1:1", "REDRESS_AMQP_URL": "amqp://amy:sesame@127.0.0.1:1"}
    down = urls | {"REDRESS_MASTER_KEY": base64.b64encode(bytes(32)).decode()}

    result = CliRunner().invoke(main, arguments, env=RIGHT | down, catch_exceptions=False)

    assert result.exit_code == 1
    assert "does not answer" in result.stderr
    assert setting in result.stderr
    assert "sesame" not in result.output
