"""Real servers for whoever asks: one private pair per run, fresh databases and a fresh virtual host per module."""

import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from deploy.local import Servers, start
from tests.harness import Site, fresh_site


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """MongoDB and RabbitMQ of this run, gone at its end; the environment may name others."""
    with tempfile.TemporaryDirectory(prefix="redress-tests-", ignore_cleanup_errors=True) as directory:
        pair = start(Path(directory), plugins=(), prefer_default_ports=False)
        yield pair
        pair.stop(gently=False)


@pytest.fixture(scope="module")
def mongodb_url(servers: Servers) -> str:
    """Where MongoDB answers."""
    return servers.mongodb_url


@pytest.fixture(scope="module")
def database_prefix(servers: Servers) -> Iterator[str]:
    """What the names of this module's databases begin with; they are dropped after it."""
    prefix = f"test-{secrets.token_hex(4)}-"
    yield prefix
    client: MongoClient[dict[str, Any]] = MongoClient(servers.mongodb_url)
    with client:
        for name in client.list_database_names():
            if name.startswith(prefix):
                client.drop_database(name)


@pytest.fixture(scope="module")
def amqp_url(servers: Servers) -> Iterator[str]:
    """A virtual host of this module's own; it is deleted after it."""
    name = f"test-{secrets.token_hex(4)}"
    yield servers.create_vhost(name)
    servers.delete_vhost(name)


@pytest.fixture
def site(servers: Servers) -> Iterator[Site]:
    """Databases and a virtual host of one test's own; services are started on it with `tests.harness.serving`."""
    with fresh_site(servers) as fresh:
        yield fresh


@pytest.fixture(scope="module")
def module_site(servers: Servers) -> Iterator[Site]:
    """The same for all tests of a module."""
    with fresh_site(servers) as fresh:
        yield fresh
