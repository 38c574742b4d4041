"""S18.3: for a fair outcome a complaint is not there for whoever it is about, at any door of any service."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.testing.builders import a_registration
from tests.harness import Site, Town, eventually, serving
from tests.openapi import Client

RESIDENTS = {"regulation": "residents", "occurred_at": "2026-11-20T09:30:00+08:00", "place": "3 号楼"}
ROLES = "officer handler supervisor archivist"
DOORS = ("/intake/complaints", "/routing/cases", "/sla/clocks", "/archive/records")
LISTS = ("/intake/complaints?", "/routing/cases?state=withdrawn&", "/sla/clocks?state=ended&", "/archive/records?")
SOMEBODY = {"name": "amy", "departments": "general-affairs"}
LI = {"name": "李强", "departments": "general-affairs"}
A_COLLEAGUE_OF_LI = {"name": "zoe", "departments": "engineering"}


@pytest.fixture(scope="module")
async def town(module_site: Site) -> AsyncIterator[Town]:
    async with serving(module_site, "intake", "routing", "sla", "feedback", "archive") as running:
        yield running


@pytest.fixture(scope="module")
async def client(town: Town) -> Client:
    """Li Qiang is on duty in engineering, where routing knows him from."""
    client = Client(town.http, town.channel_key)
    duty = {"department": "engineering", "person": "李强", "on_duty": True}
    assert (await client.staff("PUT", "/routing/duty", duty)).status == 200
    return client


@pytest.fixture(scope="module")
async def receipt(client: Client) -> Any:
    """That of a complaint against him, which was withdrawn in the end and is in the archive."""
    body = a_registration(respondent="维修工李强", **RESIDENTS)
    receipt = (await client.ask("POST", "/intake/complaints", body, client.channel_key)).body
    number, token = receipt["number"], receipt["tracking_token"]
    await eventually(lambda: _is(client, f"/routing/cases/{number}", "assigned"))
    await client.ask("POST", f"/intake/complaints/{number}/withdrawal", {}, token)
    await eventually(lambda: _is(client, f"/archive/records/{number}", "archived"))
    await eventually(lambda: _is(client, f"/sla/clocks/{number}", "ended"))
    return receipt


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("who", "status"), [(SOMEBODY, 200), (LI, 404), (A_COLLEAGUE_OF_LI, 404)], ids=str)
async def test_s18_3_a_complaint_is_not_there_for_him_nor_for_his_department(
    client: Client, receipt: Any, door: str, who: dict[str, str], status: int
) -> None:
    answer = await client.staff("GET", f"{door}/{receipt['number']}", roles=ROLES, **who)

    assert answer.status == status


@pytest.mark.parametrize("door", LISTS)
@pytest.mark.parametrize(("who", "found"), [(SOMEBODY, True), (LI, False), (A_COLLEAGUE_OF_LI, False)], ids=str)
async def test_s18_3_neither_he_nor_his_department_finds_it_in_a_list(
    client: Client, receipt: Any, door: str, who: dict[str, str], found: bool
) -> None:
    page = (await client.staff("GET", f"{door}limit=500", roles=ROLES, **who)).body

    assert (receipt["number"] in [line["number"] for line in page["items"]]) is found


async def test_s18_3_whoever_complains_follows_it_to_its_end(client: Client, receipt: Any) -> None:
    answer = await client.ask("GET", f"/intake/complaints/{receipt['number']}", token=receipt["tracking_token"])

    assert (answer.status, answer.body["timeline"][0]["what"]) == (200, "registered")


async def _is(client: Client, path: str, status: str) -> bool:
    answer = await client.staff("GET", path)
    return answer.status == 200 and answer.body["status"] == status
