"""The smallest service, running for all tests of a module, and a complaint that it knows."""

from collections.abc import AsyncIterator

import pytest

from shared.testing.builders import outgoing, registered
from shared.testing.keys import a_key
from tests.broker import publish, tapped
from tests.core.letters import SERVICE, a_fresh_number
from tests.core.tally import TALLY
from tests.harness import Site, Town, eventually, serving


@pytest.fixture(scope="module")
async def counting(module_site: Site) -> AsyncIterator[Town]:
    """A town in which the smallest service runs, and somebody listens to what it says."""
    async with serving(module_site, TALLY) as running, tapped(module_site.amqp_url):
        yield running


@pytest.fixture
def town(counting: Town) -> Town:
    """The same without any trouble that an earlier test has made."""
    counting[SERVICE].kit.clear()
    return counting


@pytest.fixture
async def number(module_site: Site, town: Town) -> str:
    """The number of a complaint that the service knows."""
    number = a_fresh_number()
    await publish(module_site.amqp_url, outgoing(registered(number, a_key()), number))
    await eventually(lambda: town.state(SERVICE, number))
    return number
