"""Intake, routing and sla on the real servers, and a client that checks their answers."""

from collections.abc import AsyncIterator

import pytest

from tests.harness import Site, Town, serving
from tests.openapi import Client


@pytest.fixture(scope="module")
async def town(module_site: Site) -> AsyncIterator[Town]:
    async with serving(module_site, "intake", "routing", "sla") as running:
        yield running


@pytest.fixture(scope="module")
def client(town: Town) -> Client:
    return Client(town.http, town.channel_key)
