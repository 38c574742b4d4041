"""How a case finds its handler: whoever claims it has it alone, or whoever on duty has the least in hand gets it."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from typing import Any

import pytest

from services.routing.model import Case, Colleague, Duty
from tests.harness import Site, Town, eventually, serving
from tests.openapi import Client
from tests.routing.asking import DANGEROUS, IN_SERVICE, a_case
from tests.routing.given import BRIEFING, a_waiting_case, later

HANDLERS = 200
AT_HOME = {"occurred_at": "2026-11-20T09:30:00+08:00", "place": "3 号楼"}
IN_THE_HOUSE = "前台服务态度恶劣，服务人员爱理不理。"


async def routed(town: Town, count: int) -> None:
    """Wait until so many cases wait for a handler of the service department."""
    cases = town["routing"].repository.collection
    asked = {"state.status": "assigned", "state.department": "service"}

    async def all_there() -> bool:
        return await cases.count_documents(asked) >= count

    await eventually(all_there, 30)


async def claimed(client: Client, name: str, department: str = "service") -> Any:
    return await client.staff("POST", "/routing/claims", {}, roles="handler", departments=department, name=name)


@pytest.mark.parametrize(("cases", "replicas"), [(HANDLERS, 1), (HANDLERS - 50, 2)])
async def test_200_handlers_who_claim_from_one_list_never_get_the_same_case(
    site: Site, cases: int, replicas: int
) -> None:
    async with AsyncExitStack() as stack:
        towns = [await stack.enter_async_context(serving(site, "intake", "routing")) for _ in range(replicas)]
        await asyncio.gather(*(towns[0].register(narrative=IN_SERVICE) for _ in range(cases)))
        await routed(towns[0], cases)
        clients = [Client(town.http) for town in towns]

        answers = await asyncio.gather(*(claimed(clients[nth % replicas], f"handler-{nth}") for nth in range(HANDLERS)))

    got = [answer.body["number"] for answer in answers if answer.status == 200]
    late = [answer.body["code"] for answer in answers if answer.status != 200]
    assert (len(set(got)), late) == (cases, ["nothing-to-claim"] * (HANDLERS - cases))


async def test_200_handlers_who_want_the_same_case_do_not_share_it(client: Client, town: Town) -> None:
    number = await a_case(client, town)
    path, who = f"/routing/cases/{number}/acceptance", {"roles": "handler", "departments": "service"}

    answers = await asyncio.gather(
        *(client.staff("POST", path, {}, name=f"handler-{nth}", **who) for nth in range(HANDLERS))
    )

    assert Counter(answer.status for answer in answers) == {200: 1, 409: HANDLERS - 1}


async def test_the_most_urgent_case_is_claimed_first(site: Site) -> None:
    async with serving(site, "intake", "routing") as town:
        client = Client(town.http, town.channel_key)
        await a_case(client, town, "电饭煲的质量太差，用了两天就坏了，产品有缺陷。")
        dangerous = await a_case(client, town, DANGEROUS)

        answer = await claimed(client, "amy", "quality")

    assert (answer.body["number"], answer.body["handler"]) == (dangerous, "amy")


async def test_whoever_a_complaint_is_about_claims_another_one(site: Site) -> None:
    async with serving(site, "intake", "routing") as town:
        client = Client(town.http, town.channel_key)
        await a_case(client, town, respondent="李强")
        other = await a_case(client, town)

        answer = await claimed(client, "李强")

    assert answer.body["number"] == other


async def duty(client: Client, department: str, on_duty: bool, name: str, **who: str) -> Any:
    body = {"department": department, "on_duty": on_duty}
    return await client.staff(
        "PUT", "/routing/duty", body, **{"roles": "handler", "departments": department, "name": name} | who
    )


async def test_nobody_is_on_duty_in_a_department_that_there_is_not(client: Client) -> None:
    answer = await duty(client, "nowhere", True, "amy", roles="dispatcher")

    assert (answer.status, answer.body["code"]) == (422, "invalid")


async def handlers(town: Town, numbers: list[str]) -> list[str]:
    """Who is to handle these cases, as soon as everybody is named."""

    async def named() -> list[str]:
        states = [(await town.state("routing", number) or {})["state"] for number in numbers]
        names = [state["handler"] for state in states]
        return names if all(names) else []

    return await eventually(named, 20)


async def a_case_at_home(client: Client, town: Town, **changes: Any) -> str:
    """A case of a pack that has each case given to whoever has the least in hand."""
    return await a_case(client, town, IN_THE_HOUSE, regulation="property", **AT_HOME | changes)


async def test_who_misspells_what_they_ask_of_the_roster_is_told(client: Client) -> None:
    answer = await client.staff("GET", "/routing/duty?department=service&on-duty=true")

    assert (answer.status, answer.body["errors"][0]["pointer"]) == (400, "#/on-duty")


async def test_cases_are_given_evenly_to_those_on_duty(site: Site) -> None:
    async with serving(site, "intake", "routing") as town:
        client = Client(town.http, town.channel_key)
        for name in ("amy", "bob", "cat"):
            await duty(client, "service", True, name)
        await duty(client, "service", False, "cat")

        numbers = await asyncio.gather(*(a_case_at_home(client, town) for _ in range(12)))
        given = Counter(await handlers(town, list(numbers)))
        shown = (await client.staff("GET", "/routing/duty?department=service")).body

    assert given == {"amy": 6, "bob": 6}
    assert [(one["person"], one["in_hand"]) for one in shown["present"]] == [("amy", 6), ("bob", 6)]


async def test_whoever_it_is_about_is_not_given_the_case_though_they_have_nothing_in_hand(site: Site) -> None:
    async with serving(site, "intake", "routing") as town:
        client = Client(town.http, town.channel_key)
        await duty(client, "service", True, "amy")
        first = await a_case_at_home(client, town)
        await handlers(town, [first])
        await duty(client, "service", True, "李强")
        roster = town["routing"].kit.roster

        turns = [await roster.whose_turn(a_waiting_case(respondent=who), later(0)) for who in ("李强", "")]

    assert turns == ["amy", "李强"]


async def test_with_nobody_on_duty_the_case_waits_for_whoever_claims_it(site: Site) -> None:
    async with serving(site, "intake", "routing") as town:
        client = Client(town.http, town.channel_key)
        number = await a_case_at_home(client, town)

        async def put_off() -> bool:
            document = await town.state("routing", number) or {}
            return document["alarm_at"] > later(0) and document["version"] > 1

        await eventually(put_off)
        answer = await claimed(client, "amy")

    assert (answer.body["number"], answer.body["status"]) == (number, "in-progress")


async def test_a_complaint_that_names_one_of_a_departments_people_goes_to_the_alternate(site: Site) -> None:
    async with serving(site, "intake", "routing") as town:
        client = Client(town.http, town.channel_key)
        await duty(client, "service", True, "李强")

        number = await a_case(client, town, respondent="送货员李强")

        state = (await town.state("routing", number) or {})["state"]
    assert (state["department"], state["concerned"]) == ("general-affairs", ["service"])


async def test_only_ones_own_departments_have_one_on_duty(client: Client) -> None:
    answer = await duty(client, "quality", True, "amy", departments="service")

    assert (answer.status, answer.body["code"]) == (403, "forbidden")


async def test_a_handler_does_not_send_another_home(client: Client) -> None:
    body = {"department": "service", "on_duty": False, "person": "bob"}

    answer = await client.staff("PUT", "/routing/duty", body, roles="handler", departments="service")

    assert answer.status == 403


async def test_a_supervisor_says_who_is_on_duty(client: Client) -> None:
    body = {"department": "general-affairs", "on_duty": True, "person": "dan"}

    answer = await client.staff("PUT", "/routing/duty", body, roles="supervisor", departments="general-affairs")

    assert [one["person"] for one in answer.body["present"]] == ["dan"]


def test_whoever_says_it_again_stands_behind_those_who_came_before() -> None:
    duty = Duty(number="service")
    for minute, person in enumerate(["amy", "bob", "amy"]):
        duty.note(Colleague(person=person, on_duty=True, since=later(minute)))

    assert [one.person for one in duty.present] == ["bob", "amy"]


def handed_out(**fields: Any) -> Case:
    case = a_waiting_case(**fields)
    case.dispatch(BRIEFING._replace(hand_out_at=later(1)))
    return case


def test_a_case_that_is_handed_out_is_woken_for_it_at_once() -> None:
    assert handed_out().alarm_at == later(1)


def test_a_case_that_is_claimed_is_not_woken_at_all() -> None:
    case = a_waiting_case()
    case.dispatch(BRIEFING)

    assert case.alarm_at is None


def test_what_was_claimed_meanwhile_is_not_given_to_another() -> None:
    case = handed_out()
    case.accept(by="bob", handler="", at=later(1))

    case.give_to("amy", at=later(2))

    assert case.handler == "bob"


def test_whoever_had_a_disputed_case_is_not_given_it_again() -> None:
    assert not a_waiting_case(earlier_handlers=["amy"]).may_be_handled_by("amy", "")
