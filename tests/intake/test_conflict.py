"""Intake's doors for staff are closed to whoever a complaint is about; the complainant's is not (S18.3)."""

from typing import Any

import pytest

from shared.testing.builders import a_number, a_registration
from tests.openapi import Client

NOWHERE = a_number(30_000)
LI = {"name": "李强"}
OF_SERVICE = {"name": "max", "departments": "service"}
COMMANDS = [
    ("GET", "", None),
    ("POST", "/decision", {"decision": "accept"}),
    ("POST", "/supplements", {"narrative": "没有的事"}),
    ("POST", "/withdrawal", {}),
]
ADMINISTERED = ("POST", "/regulation", {"version": "1", "reason": "none"})


async def registered(client: Client, respondent: str = "服务部门的李强") -> Any:
    body = a_registration(respondent=respondent)
    return (await client.ask("POST", "/intake/complaints", body, client.channel_key)).body


@pytest.mark.parametrize("who", [LI | {"roles": "officer"}, LI, OF_SERVICE | {"roles": "officer"}, OF_SERVICE], ids=str)
@pytest.mark.parametrize(("method", "rest", "body"), COMMANDS)
async def test_there_is_no_such_complaint_for_whoever_it_is_about(
    client: Client, method: str, rest: str, body: Any, who: dict[str, str]
) -> None:
    number = (await registered(client))["number"]

    hidden = await client.staff(method, f"/intake/complaints/{number}{rest}", body, **who)
    missing = await client.staff(method, f"/intake/complaints/{NOWHERE}{rest}", body, **who)

    assert hidden.status == 404
    assert hidden.body == missing.body | {"detail": missing.body["detail"].replace(NOWHERE, number)}


async def test_nothing_of_what_they_try_happens(client: Client) -> None:
    receipt = await registered(client)

    tried = [
        await client.staff(method, f"/intake/complaints/{receipt['number']}{rest}", body, **LI)
        for method, rest, body in [*COMMANDS, ADMINISTERED]
    ]

    shown = (await client.staff("GET", f"/intake/complaints/{receipt['number']}")).body
    assert ({answer.status for answer in tried}, [entry["what"] for entry in shown["timeline"]]) == (
        {404}, ["registered"],
    )  # fmt: skip


@pytest.mark.parametrize("who", [LI, OF_SERVICE], ids=str)
async def test_it_is_not_in_their_register_and_leaves_no_gap_there(client: Client, who: dict[str, str]) -> None:
    first, second, hidden = [
        (await registered(client, respondent))["number"] for respondent in ("送货员", "", "服务部门的李强")
    ]

    async def latest(**who: str) -> list[str]:
        page = await client.staff("GET", "/intake/complaints?limit=2", **who)
        return [line["number"] for line in page.body["items"]]

    assert (await latest(), await latest(**who)) == ([hidden, second], [second, first])


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [("GET", "", None), ("POST", "/supplements", {"narrative": "还有照片"}), ("POST", "/withdrawal", {})],
)
async def test_the_complainants_own_link_is_hindered_by_nothing(
    client: Client, method: str, rest: str, body: Any
) -> None:
    receipt = await registered(client, "the complainant of the service department, 王小明")

    path, token = f"/intake/complaints/{receipt['number']}{rest}", receipt["tracking_token"]
    answer = await client.ask(method, path, body, token)

    assert answer.status == 200
