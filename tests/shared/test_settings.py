"""Settings that are not right are named as they are set, and none of their values is shown."""

import pytest
from click.testing import CliRunner

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
