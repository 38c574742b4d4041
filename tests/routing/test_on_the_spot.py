"""What its receiver settles in the same call: registered, answered, and nobody else is bothered."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.testing.builders import a_registration
from tests.harness import Site, Town, eventually, serving
from tests.openapi import Answer, Client

PERSON = {"name": "王小明", "phone": "13800001234", "email": "wang@example.com", "address": "幸福路1号"}
SETTLED = {
    "regulation": "group", "channel": "visit", "complainant": PERSON, "received_by": "rita",
    "settlement": {"outcome": "upheld", "answer": "当场更换并致歉。"},
}  # fmt: skip


@pytest.fixture(scope="module")
async def town(module_site: Site) -> AsyncIterator[Town]:
    async with serving(module_site, "intake", "routing", "sla", "feedback", "archive") as running:
        yield running


async def register(client: Client, key: str = "", **changes: Any) -> Answer:
    headers = {"Idempotency-Key": key} if key else {}
    body = a_registration(**SETTLED | changes)
    return await client.ask("POST", "/intake/complaints", body, client.channel_key, headers=headers)


async def state(town: Town, service: str, number: str) -> Any:
    document = await town.state(service, number)
    return document["state"] if document else {}


async def case_of(town: Town, number: str) -> Any:
    return await eventually(lambda: state(town, "routing", number))


async def test_s2_3_a_complaint_is_registered_and_settled_in_one_call(client: Client, town: Town) -> None:
    number = (await register(client)).body["number"]

    case = await case_of(town, number)

    assert (case["status"], case["outcome"], case["answered_by"]) == ("answered", "upheld", "rita")


async def test_s2_3_the_complainant_still_gets_receipt_answer_and_survey(client: Client, town: Town) -> None:
    number = (await register(client)).body["number"]

    async def written() -> bool:
        letters = (await state(town, "feedback", number)).get("letters", [])
        return {"receipt", "answer"} <= {letter["kind"] for letter in letters if letter["state"] == "sent"}

    await eventually(written)
    token = town["feedback"].tokens.issue(number, "answer-1")
    await client.ask("POST", f"/feedback/conversations/{token}", {"view": "agree"})
    assert (await state(town, "feedback", number))["survey"]["status"] == "asked"


async def test_the_complainant_sees_that_it_is_answered(client: Client, town: Town) -> None:
    number = (await register(client)).body["number"]

    async def answered() -> bool:
        return (await state(town, "intake", number))["status"] == "answered"

    await eventually(answered)


async def test_what_turns_out_to_be_grave_goes_to_its_department_with_the_receivers_words_on_record(
    client: Client, town: Town
) -> None:
    number = (await register(client, narrative="电梯坠落，老人受伤住院。")).body["number"]

    case = await case_of(town, number)

    assert (case["status"], [step["step"] for step in case["steps"]]) == ("assigned", ["answered-on-receipt"])


async def test_what_is_settled_says_by_whom(client: Client, town: Town) -> None:
    answer = await register(client, received_by="")

    assert (answer.status, answer.pointers) == (422, ["#"])


@pytest.mark.parametrize("changes", [{"severity": "major"}, {"regulation": "service-quality"}])
async def test_what_the_regulation_does_not_let_its_receiver_settle_is_refused(
    client: Client, town: Town, changes: Any
) -> None:
    answer = await register(client, **changes)

    assert (answer.status, answer.pointers) == (422, ["#/settlement"])


async def test_a_settled_complaint_that_is_registered_twice_is_settled_once(client: Client, town: Town) -> None:
    first = await register(client, "spot-1")

    second = await register(client, "spot-1")

    assert (second.status, second.body["number"]) == (200, first.body["number"])


async def test_the_same_key_with_another_settlement_is_refused(client: Client, town: Town) -> None:
    await register(client, "spot-2")

    answer = await register(client, "spot-2", settlement={"outcome": "explained", "answer": "当场说明。"})

    assert (answer.status, answer.body["code"]) == (422, "idempotency-key-reused")
