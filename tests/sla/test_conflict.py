"""SLA's doors are closed to whoever a complaint is about (S18.3)."""

import pytest

from shared.testing.builders import a_registration
from tests.harness import Town, eventually
from tests.openapi import Client

DANGER = "热水器漏电，我妈妈触电受伤住院了。"
WHO = [{"name": "李强"}, {"name": "max", "departments": "service"}, {"name": "李强", "roles": "supervisor"}]


async def a_clock(client: Client, town: Town, respondent: str = "服务部门的李强") -> str:
    """The number of a complaint of which somebody was told at once."""
    body = a_registration(narrative=DANGER, respondent=respondent)
    number: str = (await client.ask("POST", "/intake/complaints", body, client.channel_key)).body["number"]

    async def noticed() -> bool:
        document = await town.state("sla", number)
        return bool(document and document["state"]["notices"])

    await eventually(noticed)
    return number


async def listed(client: Client, path: str, **who: str) -> list[str]:
    page = (await client.staff("GET", f"{path}?limit=500", **who)).body
    return [line["number"] for line in page["items"]]


@pytest.mark.parametrize("who", WHO, ids=str)
@pytest.mark.parametrize(("method", "rest"), [("GET", ""), ("POST", "/notices/alert-1/receipt"), ("POST", "/measures")])
async def test_there_is_no_such_clock_for_whoever_it_is_about(
    client: Client, town: Town, method: str, rest: str, who: dict[str, str]
) -> None:
    number = await a_clock(client, town)

    answer = await client.staff(method, f"/sla/clocks/{number}{rest}", **who)

    assert (answer.status, answer.body["code"], answer.body["detail"]) == (
        404, "not-found", f"There is no clock {number}.",
    )  # fmt: skip


@pytest.mark.parametrize("who", WHO, ids=str)
@pytest.mark.parametrize("path", ["/sla/clocks", "/sla/notices"])
async def test_it_is_in_no_list_of_theirs(client: Client, town: Town, path: str, who: dict[str, str]) -> None:
    about, other = await a_clock(client, town), await a_clock(client, town, "送货员")

    everybodys, theirs = await listed(client, path), await listed(client, path, **who)

    assert [{about, other} & set(found) for found in (everybodys, theirs)] == [{about, other}, {other}]
