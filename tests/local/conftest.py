"""One `redress run` for all tests that only look at it."""

from collections.abc import Iterator

import pytest

from deploy.local import Servers
from tests.harness import fresh_site
from tests.local.instance import Instance, started


@pytest.fixture(scope="session")
def instance(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """`redress run` with its samples and its simulated departments."""
    directory = tmp_path_factory.mktemp("run")
    with fresh_site(servers) as site, started(site, directory, "--pace", "0.3") as running:
        yield running
