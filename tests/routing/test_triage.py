"""What nobody can be sure of is decided by a dispatcher, not guessed."""

from typing import Any

from tests.harness import Town
from tests.openapi import Client
from tests.routing.asking import a_case
from tests.routing.given import a_waiting_case
from tests.routing.test_case_api import path

VAGUE = "请尽快与我联系。"
CONFIRMED = {"category": "service", "reason": "she told us on the phone"}


async def state_of(town: Town, number: str) -> Any:
    return (await town.state("routing", number) or {})["state"]["status"]


async def test_a_letter_that_says_nothing_plainly_goes_to_no_department(client: Client, town: Town) -> None:
    assert await state_of(town, await a_case(client, town, VAGUE)) == "triage"


async def test_a_hint_of_whoever_received_the_complaint_is_sure_enough(client: Client, town: Town) -> None:
    assert await state_of(town, await a_case(client, town, VAGUE, category="product")) == "assigned"


async def test_danger_waits_for_no_dispatcher(client: Client, town: Town) -> None:
    assert await state_of(town, await a_case(client, town, "有人受伤")) == "assigned"


async def test_dispatchers_have_a_list_of_what_is_to_be_decided(client: Client, town: Town) -> None:
    number = await a_case(client, town, VAGUE)

    found = (await client.staff("GET", "/routing/cases?state=triage&limit=500", roles="dispatcher")).body["items"]

    assert number in [case["number"] for case in found]


async def test_the_dispatchers_decision_sends_it_to_its_department(client: Client, town: Town) -> None:
    number = await a_case(client, town, VAGUE)

    answer = await client.staff("PUT", path(number, "/classification"), CONFIRMED, roles="dispatcher")

    assert (answer.body["status"], answer.body["department"]) == ("assigned", "service")


async def test_a_department_cannot_command_what_is_not_yet_its_own(client: Client, town: Town) -> None:
    number = await a_case(client, town, VAGUE)

    answer = await client.staff("POST", path(number, "/acceptance"), {}, roles="handler", departments="general-affairs")

    assert answer.status == 409


def test_what_waits_for_a_dispatcher_can_still_be_withdrawn() -> None:
    case = a_waiting_case()
    case.hold_back()
    case.withdraw()

    assert case.status == "withdrawn"
