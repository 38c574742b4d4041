"""Stopping: a service ends whatever it has begun."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from shared import ending
from shared.service import Running
from tests.core.tally import TALLY
from tests.harness import Site, serving


async def swallowing_a_cancellation(_: Running[Any]) -> None:
    """Go on after being told to stop, as `asyncio.wait_for` in Python 3.11 sometimes makes its caller do."""
    with suppress(asyncio.CancelledError):
        await asyncio.Event().wait()
    await asyncio.Event().wait()


async def test_what_has_missed_that_it_is_to_end_is_told_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "AGAIN_AFTER", 0.05)

    async with asyncio.timeout(20), serving(site, replace(TALLY, beside=[swallowing_a_cancellation])):
        pass  # the block ends when the service has stopped
