"""Notices over HTTP: who was told what, who signed for it; and measures that were carried out."""

from typing import Any

import pytest

from services.sla.notices import NEWEST_FIRST, wanted
from shared.testing.builders import a_number, a_registration
from tests.harness import Town, eventually
from tests.openapi import Client

DANGER = "热水器漏电，我妈妈触电受伤住院了。"


async def an_alarming_complaint(client: Client, town: Town) -> str:
    """Register a complaint about a danger; its number, as soon as somebody has been told at once."""
    receipt = await client.ask("POST", "/intake/complaints", a_registration(narrative=DANGER), client.channel_key)
    number: str = receipt.body["number"]

    async def noticed() -> bool:
        document = await town.state("sla", number)
        return document is not None and bool(document["state"]["notices"])

    await eventually(noticed)
    return number


async def notices(client: Client, query: str) -> dict[str, list[Any]]:
    page = (await client.staff("GET", f"/sla/notices?limit=500{query}")).body
    return {line["number"]: line["notices"] for line in page["items"]}


async def sign(client: Client, number: str, roles: str = "supervisor", id: str = "alert-1") -> Any:
    return await client.staff("POST", f"/sla/clocks/{number}/notices/{id}/receipt", roles=roles)


async def test_a_danger_is_told_at_once_and_stands_in_the_list(client: Client, town: Town) -> None:
    number = await an_alarming_complaint(client, town)

    (notice,) = (await notices(client, "&role=supervisor&seen=false"))[number]

    assert (notice["kind"], notice["severity"], notice["role"]) == ("alert", "critical", "supervisor")


async def test_whoever_has_the_role_signs_for_a_notice(client: Client, town: Town) -> None:
    number = await an_alarming_complaint(client, town)

    answer = await sign(client, number)

    assert (answer.status, answer.body["seen_by"], bool(answer.body["seen_at"])) == (200, "amy", True)


async def test_signing_twice_is_signing_once(client: Client, town: Town) -> None:
    number = await an_alarming_complaint(client, town)
    first = await sign(client, number)

    assert (await sign(client, number, "administrator")).body == first.body


async def test_a_notice_that_was_signed_for_is_no_longer_unseen(client: Client, town: Town) -> None:
    number = await an_alarming_complaint(client, town)
    await sign(client, number)

    assert [number in await notices(client, f"&seen={seen}") for seen in ("true", "false")] == [True, False]


async def test_nobody_signs_for_another_role(client: Client, town: Town) -> None:
    number = await an_alarming_complaint(client, town)

    assert (await sign(client, number, "handler")).status == 403


async def test_there_is_no_receipt_for_a_notice_that_there_is_not(client: Client, town: Town) -> None:
    number = await an_alarming_complaint(client, town)

    assert (await sign(client, number, id="urge-7")).status == 404


async def test_a_notice_of_another_role_is_not_in_the_list_of_a_role(client: Client, town: Town) -> None:
    number = await an_alarming_complaint(client, town)

    assert number not in await notices(client, "&role=officer")


async def test_notices_are_paged_each_complaint_once(client: Client, town: Town) -> None:
    for _ in range(3):
        await an_alarming_complaint(client, town)
    whole = list(await notices(client, "&role=supervisor"))

    numbers: list[str] = []
    cursor = ""
    while cursor is not None:
        page = (await client.staff("GET", f"/sla/notices?role=supervisor&limit=2&cursor={cursor}")).body
        numbers += [line["number"] for line in page["items"]]
        cursor = page["next"]

    assert numbers == whole


@pytest.mark.parametrize("asked", [(None, None, None), ("supervisor", None, False), (None, "quality", None)])
async def test_no_list_of_notices_reads_every_clock(town: Town, asked: tuple[Any, Any, Any]) -> None:
    criteria = {"state.noticed_at": {"$type": "date"}}
    if one := wanted(*asked):
        criteria["state.notices"] = {"$elemMatch": one}
    found = town["sla"].repository.collection.find(criteria).sort(NEWEST_FIRST)

    plan = str((await found.explain())["queryPlanner"]["winningPlan"])

    assert ("COLLSCAN" in plan, "'SORT'" in plan, "IXSCAN" in plan) == (False, False, True)


async def test_the_clock_shows_its_notices_and_pauses(client: Client, town: Town) -> None:
    number = await an_alarming_complaint(client, town)

    clock = (await client.staff("GET", f"/sla/clocks/{number}")).body

    assert ([notice["id"] for notice in clock["notices"]], clock["pauses"]) == (["alert-1"], [])


@pytest.mark.parametrize(("method", "path"), [
    ("GET", "/sla/notices"),
    ("POST", f"/sla/clocks/{a_number()}/notices/alert-1/receipt"),
    ("POST", f"/sla/clocks/{a_number()}/measures"),
])  # fmt: skip
async def test_supervision_is_for_staff(client: Client, method: str, path: str) -> None:
    assert (await client.ask(method, path)).status == 401


async def test_measures_that_nobody_promised_cannot_be_carried_out(client: Client, town: Town) -> None:
    number = await an_alarming_complaint(client, town)

    answer = await client.staff("POST", f"/sla/clocks/{number}/measures", roles="quality")

    assert (answer.status, answer.body["code"]) == (422, "invalid")
