"""A calendar changes under thousands of open clocks, while complaints come in and the service is killed half-way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bench.recount import clocks, complaint_of, stored
from services.sla.model import Clock
from shared.clock import now
from shared.identity import issue_staff_token
from shared.testing.calendars import as_they_were
from shared.worktime import CALENDARS, CalendarEdition
from tests.harness import JWT_SECRET, Process, Site, eventually, process
from tests.sla.policy_change import disagreements, shut_down

MANY = 5_000
RECOUNTED = {"state.counted_by.edition": 1}


class Witness:
    """Reads every clock again and again, and notes each that is not wholly under one edition."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.rounds = 0
        self.half_way = 0
        self.found: list[Any] = []

    async def watch(self) -> None:
        """Look until told to stop."""
        async with self._site.database("sla") as database:
            while True:
                editions = set()
                async for raw in database["clocks"].find({}, {"state": 1}):
                    clock = Clock.model_validate(raw["state"])
                    editions.add(clock.counted_by.edition)
                    self.found += disagreements(clock)
                self.half_way += len(editions) > 1
                self.rounds += 1


@asynccontextmanager
async def watched(site: Site) -> AsyncIterator[Witness]:
    witness = Witness(site)
    watching = asyncio.create_task(witness.watch())
    yield witness
    await eventually(lambda rounds=witness.rounds: witness.rounds > rounds + 1, within=30)  # type: ignore[misc]
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


@asynccontextmanager
async def registering(intake: Process) -> AsyncIterator[list[str]]:
    """Complaints that go on coming in while the block runs; their numbers."""
    numbers: list[str] = []

    async def register() -> None:
        while True:
            status, receipt = await intake.register()
            assert status == 201
            numbers.append(receipt["number"])
            await asyncio.sleep(0.02)

    coming = asyncio.create_task(register())
    yield numbers
    coming.cancel()
    await asyncio.gather(coming, return_exceptions=True)


async def seeded(site: Site) -> None:
    at = now()
    made = list(clocks(MANY, at))
    async with site.database("sla") as sla, site.database("intake") as intake:
        await sla["clocks"].insert_many(stored(MANY, made, at))
        await intake["complaints"].insert_many(stored(MANY, list(map(complaint_of, made)), at))


async def administrator(to: Process, method: str, path: str, body: Any = None) -> Any:
    token = issue_staff_token(JWT_SECRET, "ada", ["administrator"], [])
    return (await to.send(method, path, body, {"Authorization": f"Bearer {token}"}))[1]


async def half_recounted(site: Site) -> None:
    async with site.database("sla") as database:

        async def some() -> bool:
            return await database["clocks"].count_documents(RECOUNTED) > MANY // 10

        await eventually(some, within=30)


async def all_recounted(sla: Process) -> Any:
    async def none_left() -> Any:
        revision = await administrator(sla, "GET", "/sla/revisions/cn:1")
        return revision if revision["state"] == "done" else None

    return await eventually(none_left, within=60)


async def all_started(site: Site, numbers: list[str]) -> bool:
    async with site.database("sla") as database:
        return bool(await database["clocks"].count_documents({"_id": {"$in": numbers}}) == len(numbers))


async def enter(sla: Process, site: Site) -> None:
    """Close the company for two weeks from tomorrow; the witness in this process learns of it too."""
    tomorrow = now().date().fromordinal(now().date().toordinal() + 1)
    revision = await administrator(sla, "PUT", f"/sla/calendars/{tomorrow.year}", shut_down(tomorrow, 14))
    assert revision["state"] == "open", revision
    async with site.database("policies") as database:
        raw = await database["calendars"].find_one({"_id": "cn:1"})
    assert raw
    CALENDARS.enter(CalendarEdition.model_validate(raw["policy"]))


async def test_killed_half_way_the_change_reaches_every_clock_and_none_by_halves(site: Site) -> None:
    await seeded(site)
    with as_they_were():
        async with process(site, "services.intake") as intake, process(site, "services.sla") as first:
            await intake.ready()
            await first.ready()
            async with registering(intake) as numbers:
                await enter(first, site)
                async with watched(site) as witness:
                    await half_recounted(site)
                    await first.kill()
                    async with process(site, "services.sla") as second:
                        await second.ready()
                        revision = await all_recounted(second)
                        registered = list(numbers)
                        await eventually(lambda: all_started(site, registered), within=20)

    assert (witness.found, revision["left"], witness.half_way > 0) == ([], 0, True)
