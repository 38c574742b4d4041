"""The archive's doors are closed to whoever a record is about; nothing they try is put on record (S18.3)."""

from collections.abc import AsyncIterator

import pytest

from tests.harness import Site, Town, eventually, serving
from tests.openapi import Client

RECORDS = "/archive/records"
WHO = [{"name": "李强", "roles": "archivist"}, {"name": "李强"}, {"name": "max", "departments": "service"}]


@pytest.fixture(scope="module")
async def town(module_site: Site) -> AsyncIterator[Town]:
    async with serving(module_site, "intake", "routing", "feedback", "archive") as running:
        yield running


@pytest.fixture(scope="module")
def client(town: Town) -> Client:
    return Client(town.http, town.channel_key)


async def a_record(client: Client, town: Town, respondent: str = "服务部门的李强") -> str:
    """The number of a filed record of a complaint against somebody, which was withdrawn."""
    _, receipt = await town.register(respondent=respondent)
    number: str = receipt["number"]
    await client.ask("POST", f"/intake/complaints/{number}/withdrawal", {}, receipt["tracking_token"])

    async def filed() -> bool:
        answer = await client.staff("GET", f"{RECORDS}/{number}")
        return answer.status == 200 and answer.body["status"] == "archived"

    await eventually(filed)
    return number


@pytest.fixture(scope="module")
async def number(client: Client, town: Town) -> str:
    return await a_record(client, town)


@pytest.mark.parametrize("who", WHO, ids=str)
@pytest.mark.parametrize("query", ["", "?unmask=curious"])
async def test_there_is_no_such_record_for_whoever_it_is_about(
    client: Client, number: str, query: str, who: dict[str, str]
) -> None:
    answer = await client.staff("GET", f"{RECORDS}/{number}{query}", **who)

    shown = (await client.staff("GET", f"{RECORDS}/{number}")).body
    assert (answer.status, answer.body["detail"], shown["accesses"]) == (404, f"There is no record {number}.", [])


@pytest.mark.parametrize("who", WHO, ids=str)
async def test_no_search_of_theirs_finds_it(client: Client, town: Town, number: str, who: dict[str, str]) -> None:
    other = await a_record(client, town, "送货员")

    async def found(query: str, **who: str) -> list[str]:
        return [line["number"] for line in (await client.staff("GET", f"{RECORDS}{query}", **who)).body["items"]]

    everybodys, theirs = await found("?limit=500"), await found("?limit=500", **who)
    assert [{number, other} & set(numbers) for numbers in (everybodys, theirs)] == [{number, other}, {other}]
    assert (await found(f"?number={number}"), await found(f"?number={number}", **who)) == ([number], [])
