"""Departments as they are: away for an hour, answering twice, late, for another's case, or after a withdrawal."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from shared.testing.clocks import SetClock
from tests.broker import depth
from tests.harness import Site, Town, eventually, serving
from tests.openapi import Client
from tests.routing.asking import a_case
from tests.routing.test_department_path import (
    answer_to,
    consuming,
    has_come_to,
    ordered,
    reasons,
    reply,
    steps_of,
    work_orders,
)

FEES = "收费标准不透明，多收了费用，停车费乱收费。"
"""A matter of general affairs."""
ANSWER = {"outcome": "explained", "answer": "已说明。"}
CASES = 25


@pytest.fixture(scope="module")
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="module")
async def town(module_site: Site, clock: SetClock) -> AsyncIterator[Town]:
    async with serving(module_site, "intake", "routing", "sla", clock=clock) as running:
        yield running


async def an_hour_passes(town: Town, clock: SetClock, *numbers: str) -> None:
    """An hour after the deadlines of these cases were set, supervision has climbed to the top with each of them."""
    clocks = town["sla"].repository.collection

    async def set_up() -> bool:
        with_a_department = {"_id": {"$in": numbers}, "state.department": {"$type": "string"}}
        return await clocks.count_documents(with_a_department) == len(numbers)

    await eventually(set_up)
    clock.advance(hours=1)
    await eventually(lambda: raised(town, numbers), 60)


async def raised(town: Town, numbers: Sequence[str]) -> bool:
    """Whether supervision has climbed to the top with each of these cases."""
    cases = town["routing"].repository.collection
    return await cases.count_documents({"_id": {"$in": numbers}, "state.supervision": 3}) == len(numbers)


async def answered(town: Town, numbers: list[str]) -> bool:
    cases = town["routing"].repository.collection
    return await cases.count_documents({"_id": {"$in": numbers}, "state.status": "answered"}) == len(numbers)


async def test_a_department_that_was_away_for_an_hour_loses_nothing_and_catches_up(
    client: Client, town: Town, module_site: Site, clock: SetClock
) -> None:
    numbers = [await a_case(client, town, FEES, regulation="demo") for _ in range(CASES)]
    for number in numbers[:5]:
        supplement = {"narrative": "还没有人来电。"}
        await client.staff("POST", f"/intake/complaints/{number}/supplements", supplement, roles="officer")
    await an_hour_passes(town, clock, *numbers)

    async with consuming(module_site, "general-affairs"):
        await eventually(lambda: answered(town, numbers), 60)
        await eventually(lambda: emptied(module_site, "department.general-affairs"))

    assert [await steps_of(town, number) for number in numbers] == [["accepted", "resolved"]] * CASES
    assert [await reasons(module_site, number) for number in numbers] == [[]] * CASES


async def emptied(site: Site, queue: str) -> bool:
    return await depth(site.amqp_url, queue) == 0


async def test_a_second_answer_is_refused_and_the_first_one_stands(
    client: Client, town: Town, module_site: Site
) -> None:
    number = await a_case(client, town)
    await reply(module_site, number, "resolve", ANSWER)
    await has_come_to(town, number, "resolved")

    _, problem = await answer_to(module_site, number, "resolve", ANSWER | {"answer": "另一个答复"})

    case = (await client.staff("GET", f"/routing/cases/{number}")).body
    assert (problem["code"], problem["state"], case["answer"]) == ("wrong-state", "answered", "已说明。")


async def test_a_late_answer_is_an_answer_all_the_same(
    client: Client, town: Town, module_site: Site, clock: SetClock
) -> None:
    number = await a_case(client, town, regulation="demo")
    await an_hour_passes(town, clock, number)

    await reply(module_site, number, "resolve", ANSWER)

    await has_come_to(town, number, "resolved")


async def test_an_answer_for_another_departments_case_is_refused_and_changes_nothing(
    client: Client, town: Town, module_site: Site
) -> None:
    number = await a_case(client, town)
    before = await town.state("routing", number)

    _, problem = await answer_to(module_site, number, "resolve", ANSWER | {"department": "quality"})

    assert (problem["status"], problem["code"], await town.state("routing", number)) == (409, "refused", before)


@pytest.mark.parametrize("kind", ["accept", "resolve"])
async def test_after_a_withdrawal_nobody_is_answered_and_the_department_is_told_so(
    client: Client, town: Town, module_site: Site, kind: str
) -> None:
    number = await a_case(client, town)
    await ordered(module_site, "service", number)
    await client.staff("POST", f"/intake/complaints/{number}/withdrawal", {"reason": "已解决"}, roles="officer")

    async def withdrawn() -> bool:
        found: Any = await town.state("routing", number)
        return bool(found["state"]["status"] == "withdrawn")

    await eventually(withdrawn)
    _, problem = await answer_to(module_site, number, kind, ANSWER if kind == "resolve" else {})

    assert (problem["status"], problem["code"], problem["state"]) == (409, "wrong-state", "withdrawn")
    assert len(await work_orders(module_site, "service", number)) == 1
