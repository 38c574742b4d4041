"""The watch for mass complaints is killed right there, and every case still joins and is raised exactly once."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.broker import tapped
from tests.core.test_crashes import CRASHING, KILLED
from tests.harness import Site, Town, eventually, process, service, serving

UNWATCHED = replace(service("routing"), rounds=[])
PRODUCT = {"name": "电饭煲", "batch": "20261001A"}
PEELING = "电饭煲内胆涂层脱落，米饭里有黑色碎屑，要求退货。"


async def three_loose(site: Site) -> list[str]:
    """Three like complaints that nobody has looked at yet, everything about them said and settled."""
    async with serving(site, "intake", UNWATCHED) as town:
        numbers = [(await town.register(narrative=PEELING, product=PRODUCT))[1]["number"] for _ in range(3)]
        for number in numbers:
            await eventually(lambda number=number: town.state("routing", number))
        await eventually(lambda: town.settled("routing"))
    return numbers


async def left(site: Site) -> tuple[int, int]:
    """How many clusters there are, and how many cases that have joined one."""
    async with site.database("routing") as database:
        joined = await database["cases"].count_documents({"state.traits.cluster": {"$ne": ""}})
        return await database["clusters"].count_documents({}), joined


async def raised(town: Town, numbers: list[str]) -> bool:
    stored: list[Any] = [await town.state("routing", number) for number in numbers]
    return {one["state"]["severity"] for one in stored} == {"major"} and not any(one["outbox"] for one in stored)


@pytest.mark.parametrize(("point", "leaves"), [
    ("before-commit", (0, 0)), ("after-commit", (1, 3)), ("after-publish", (1, 3)),
])  # fmt: skip
async def test_a_watch_killed_there_is_made_up_for_by_the_next(
    point: str, leaves: tuple[int, int], site: Site, tmp_path: Path
) -> None:
    numbers = await three_loose(site)
    async with tapped(site.amqp_url) as events:
        async with process(site, CRASHING, "routing", "--at", point, "--marker", str(tmp_path / "marker")) as routing:
            assert await routing.ended() == KILLED
        assert await left(site) == leaves

        async with serving(site, "routing") as town:
            await eventually(lambda: raised(town, numbers))

        assert [len(set(events.ids("case.routed", number))) for number in numbers] == [1, 1, 1]


async def test_a_watch_that_dies_between_the_cluster_and_its_cases_is_made_up_for(site: Site) -> None:
    numbers = await three_loose(site)
    async with serving(site, "routing") as town:
        await eventually(lambda: raised(town, numbers))
    async with site.database("routing") as database:
        loose = {"state.traits.cluster": "", "state.severity": "general"}
        since = {"state.traits.loose_since": town["routing"].clock()}
        await database["cases"].update_many({"_id": {"$in": numbers[1:]}}, {"$set": loose | since})

    async with serving(site, "routing") as again:
        await eventually(lambda: raised(again, numbers))

    assert await left(site) == (1, 3)
