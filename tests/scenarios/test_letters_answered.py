"""The two letters go through intake as they stand, and the service department gets them with a deadline in writing."""

from collections.abc import AsyncIterator

import pytest

from tests.broker import contents
from tests.harness import Site, Town, eventually, serving
from tests.scenarios.test_letters import S13, S17, letter


@pytest.fixture(scope="module")
async def town(module_site: Site) -> AsyncIterator[Town]:
    """Intake and routing, under the default regulation."""
    async with serving(module_site, "intake", "routing") as running:
        yield running


async def case_of(town: Town, kind: tuple[str, str]) -> dict[str, object]:
    """The case that a letter becomes."""
    status, receipt = await town.register(channel="letter", narrative=letter(*kind), written=True, category=None)
    assert status == 201
    return (await eventually(lambda: town.state("routing", receipt["number"])))["state"]


@pytest.mark.parametrize("kind", [S13, S17])
async def test_s13_and_s17_are_given_to_the_service_department(town, kind):
    case = await case_of(town, kind)

    assert (case["category"], case["department"], case["status"]) == ("service", "service", "assigned")


async def test_s13_and_s17_reach_the_departments_queue_with_a_time_to_answer_by(town, module_site):
    case = await case_of(town, S17)

    async def arrived() -> list[bytes]:
        orders = [message.body for message in await contents(module_site.amqp_url, "department.service")]
        return [order for order in orders if str(case["number"]).encode() in order]

    assert b'"resolution"' in (await eventually(arrived))[0]
