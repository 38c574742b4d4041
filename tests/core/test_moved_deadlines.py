"""A deadline moves while a department is at work: its work order and its worklist follow."""

from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from shared.identity import issue_staff_token
from shared.testing.calendars import as_they_were
from tests.broker import contents
from tests.harness import JWT_SECRET, Site, Town, eventually, serving


@pytest.fixture
async def town(site: Site) -> AsyncIterator[Town]:
    with as_they_were():
        async with serving(site, "intake", "routing", "sla") as running:
            yield running


async def orders(site: Site, number: str) -> list[Any]:
    found = [orjson.loads(message.body) for message in await contents(site.amqp_url, "department.service")]
    return [order for order in found if order["number"] == number]


async def close_on(town: Town, day: str) -> None:
    """The company does not work on the day on which something is due."""
    token = issue_staff_token(JWT_SECRET, "ada", ["administrator"], [])
    year = {"days": [{"first": day, "worked": False, "reason": "停业"}]}
    answer = await town.send("PUT", f"/sla/calendars/{day[:4]}", year, {"Authorization": f"Bearer {token}"})
    assert answer[0] == 202, answer


async def test_a_department_is_told_when_a_new_calendar_moves_its_deadline(site: Site, town: Town) -> None:
    _, receipt = await town.register(narrative="送货的师傅态度恶劣，服务员也不理人，等了三天才来。")
    number, promised = receipt["number"], receipt["promises"]["resolution"]
    await eventually(lambda: orders(site, number))
    await eventually(lambda: town.state("sla", number))

    await close_on(town, promised[:10])

    async def told_again() -> Any:
        told = await orders(site, number)
        return told if len(told) > 1 else None

    (first, second) = await eventually(told_again)
    line = (await town.staff("GET", f"/routing/cases/{number}", departments=["service"]))[1]
    clock = (await town.staff("GET", f"/sla/clocks/{number}"))[1]
    due = {promise["milestone"]: promise for promise in clock["promises"]}["resolution"]
    assert (first["due"]["resolution"], second["due"]["resolution"], line["due_at"]) == (
        promised, due["due_at"], due["due_at"],
    )  # fmt: skip
    assert (second["derivation"]["resolution"], due["due_at"] > promised) == (due["derivation"], True)
