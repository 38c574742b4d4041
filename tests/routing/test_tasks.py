"""Several departments on one complaint: one leads, the others do what it asks, and the customer gets one answer."""

from datetime import timedelta
from typing import Any

import pytest

from services.routing.model import Case, Excluded, TasksOpen
from shared.contracts.departments import WorkOrder
from shared.errors import Invalid, WrongState
from tests.harness import Site, Town, eventually
from tests.openapi import Answer, Client
from tests.routing.asking import a_case
from tests.routing.given import BRIEFING, DUE, SEALED, UPHELD, a_task, an_accepted_case, later
from tests.routing.test_casework_api import CORPORATE, NOT_UPHELD, STEPS
from tests.routing.test_department_path import (
    answer_to,
    consuming,
    has_come_to,
    ordered,
    put_aside,
    reply,
    work_orders,
)

ASKED = {"department": "quality", "asks": "请王小明的电饭煲做检测，电话13800001234"}


def asking(**fields: Any) -> Case:
    """A case on which the quality department has something to do."""
    case = an_accepted_case(**fields)
    case.ask(a_task(), at=later(20), briefing=BRIEFING)
    return case


def orders(case: Case) -> list[WorkOrder]:
    return [event for event in case.recorded if isinstance(event, WorkOrder)]


def test_a_department_that_is_asked_gets_a_work_order_with_its_own_due_time() -> None:
    order = orders(asking())[-1]

    assert (order.department, order.task, order.lead, order.due) == ("quality", "1", "service", {"resolution": DUE})


def test_the_department_that_leads_asks_others_only() -> None:
    with pytest.raises(Invalid, match="asks others"):
        an_accepted_case().ask(a_task(department="service"), at=later(20), briefing=BRIEFING)


def test_a_department_that_it_is_about_is_asked_nothing() -> None:
    with pytest.raises(Excluded):
        an_accepted_case(concerned=["quality"]).ask(a_task(), at=later(20), briefing=BRIEFING)


def test_a_department_answers_one_task_at_a_time() -> None:
    with pytest.raises(Invalid, match="task 1 to answer first"):
        asking().ask(a_task(name="2"), at=later(21), briefing=BRIEFING)


def test_the_answer_waits_for_the_tasks_and_says_which() -> None:
    with pytest.raises(TasksOpen) as refused:
        asking().resolve(UPHELD, SEALED, by="amy", at=later(60))

    assert [(task["name"], task["department"]) for task in refused.value.extra["tasks"]] == [("1", "quality")]


@pytest.mark.parametrize("end", ["answered", "withdrawn"])
def test_once_no_task_is_open_the_customer_is_answered(end: str) -> None:
    case = asking()
    if end == "answered":
        case.answer_task(case.task("1"), "explained", SEALED, by="eve", at=later(40))
    else:
        case.withdraw_task(case.task("1"), "found it", by="amy", at=later(40), briefing=BRIEFING)

    case.resolve(UPHELD, SEALED, by="amy", at=later(60))

    assert case.status == "answered"


def test_a_withdrawn_task_is_told_to_its_department_with_the_reason() -> None:
    case = asking()

    case.withdraw_task(case.task("1"), "found it", by="amy", at=later(40), briefing=BRIEFING)

    assert (orders(case)[-1].department, orders(case)[-1].withdrawn) == ("quality", "found it")


@pytest.mark.parametrize("end", ["answered", "withdrawn"])
def test_a_task_that_has_ended_takes_no_answer(end: str) -> None:
    case = asking()
    if end == "answered":
        case.answer_task(case.task("1"), "explained", SEALED, by="eve", at=later(40))
    else:
        case.withdraw_task(case.task("1"), "found it", by="amy", at=later(40), briefing=BRIEFING)

    with pytest.raises(WrongState, match=end):
        case.answer_task(case.task("1"), "explained", SEALED, by="eve", at=later(41))


def test_a_department_that_takes_the_case_over_has_no_task_of_it_any_more() -> None:
    case = asking()

    case.transfer("quality", by="amy", reason="theirs", at=later(40), briefing=BRIEFING)

    assert (case.asked, case.task("1").status) == ([], "withdrawn")


def test_a_withdrawn_complaint_leaves_nobody_with_a_task() -> None:
    case = asking()

    case.withdraw()

    assert case.asked == []


def test_a_case_is_woken_when_its_first_task_is_late() -> None:
    case = asking()
    case.ask(a_task(name="2", department="general-affairs", due_at=later(90)), at=later(21), briefing=BRIEFING)

    assert case.alarm_at == later(90)


def test_a_late_department_is_told_so_once() -> None:
    case = asking()

    for minute in (120, 121):
        case.ring(later(minute), BRIEFING)

    urged = [order for order in orders(case) if order.task and order.escalation_level]
    assert ([order.department for order in urged], case.alarm_at) == (["quality"], None)


def test_a_late_answer_is_still_an_answer() -> None:
    case = asking()
    case.ring(later(120), BRIEFING)

    case.answer_task(case.task("1"), "explained", SEALED, by="eve", at=later(300))

    assert case.task("1").status == "answered"


def test_a_matter_that_has_ended_wakes_nobody() -> None:
    case = asking()
    case.withdraw()

    case.ring(later(120), BRIEFING)

    assert case.alarm_at is None


async def lead(client: Client, number: str, what: str, body: Any, **who: str) -> Answer:
    who = {"roles": "handler", "departments": "service"} | who
    return await client.staff("POST", f"/routing/cases/{number}/{what}", body, **who)


async def asked_quality(client: Client, town: Town) -> str:
    """A case whose department has asked the quality department for something."""
    number = await a_case(client, town, complainant={"name": "王小明", "phone": "13800001234"})
    assert (await lead(client, number, "tasks", ASKED)).status == 200
    return number


async def test_what_is_asked_comes_to_the_department_with_the_person_masked(
    client: Client, town: Town, module_site: Site
) -> None:
    number = await asked_quality(client, town)

    order = await ordered(module_site, "quality", number)

    assert (order["task"], order["lead"], order["asks"]) == ("1", "service", "请王**的电饭煲做检测，电话*******1234")


async def test_a_department_that_is_asked_sees_the_case_but_does_not_decide_it(client: Client, town: Town) -> None:
    number = await asked_quality(client, town)
    who = {"roles": "handler", "departments": "quality"}

    seen = await client.staff("GET", f"/routing/cases/{number}", **who)
    decided = await lead(client, number, "resolution", NOT_UPHELD, **who)

    assert (seen.body["tasks"][0]["asks"][:4], decided.status) == ("请王**", 403)


async def test_tasks_stand_in_a_list_of_their_own_until_they_are_answered(client: Client, town: Town) -> None:
    number = await asked_quality(client, town)

    async def listed() -> list[str]:
        answer = await client.staff(
            "GET", "/routing/cases?asked=quality&limit=500", roles="handler", departments="quality"
        )
        return [line["number"] for line in answer.body["items"]]

    before = await listed()
    await lead(client, number, "tasks/1/answer", {"answer": "加热盘短路"}, departments="quality")

    assert [number in before, number in await listed()] == [True, False]


async def test_another_department_does_not_answer_ones_task(client: Client, town: Town) -> None:
    number = await asked_quality(client, town)

    answer = await lead(client, number, "tasks/1/answer", {"answer": "加热盘短路"})

    assert (answer.status, answer.body["code"]) == (403, "forbidden")


async def test_the_answer_is_refused_while_a_task_is_open(client: Client, town: Town) -> None:
    number = await asked_quality(client, town)
    resolution = {"outcome": "explained", "answer": "已说明。"}

    refused = await lead(client, number, "resolution", resolution)
    await lead(client, number, "tasks/1/withdrawal", {"reason": "客户已取回"})
    answered = await lead(client, number, "resolution", resolution)

    assert (refused.status, refused.body["code"], refused.body["tasks"][0]["department"], answered.status) == (
        409, "tasks-open", "quality", 200,
    )  # fmt: skip


@pytest.mark.parametrize("said", [{"task": "1", "department": "quality"}, {"department": "quality"}, {"task": "1"}])
async def test_a_department_answers_its_task_by_the_door_of_every_reply(
    client: Client, town: Town, module_site: Site, said: dict[str, str]
) -> None:
    number = await asked_quality(client, town)

    await reply(module_site, number, "accept", said)
    await reply(module_site, number, "resolve", said | {"outcome": "explained", "answer": "加热盘短路"})
    await has_come_to(town, number, "answered-by-quality")

    case = (await client.staff("GET", f"/routing/cases/{number}")).body
    assert (case["status"], case["tasks"][0]["answer"], case["answer"]) == ("assigned", "加热盘短路", "")


async def test_a_step_of_a_task_is_not_told_to_the_customer(client: Client, town: Town, module_site: Site) -> None:
    number = await asked_quality(client, town)
    step = {"task": "1", "step": "tested", "note": "已检测", "visible_to_complainant": True}

    await reply(module_site, number, "progress", step)
    await has_come_to(town, number, "tested")
    shown = await client.staff("GET", f"/intake/complaints/{number}", roles="officer")

    assert "tested" not in str(shown.body["timeline"])


@pytest.mark.parametrize(
    ("kind", "fields", "reason"),
    [
        ("transfer", {"task": "1", "to": "service", "reason": "no"}, "invalid: A task does not pause"),
        ("accept", {"task": "9"}, "not-found: "),
        ("accept", {"task": "1", "department": "general-affairs"}, "is with quality, not with general-affairs"),
        ("accept", {"department": "general-affairs"}, "is with service, not with general-affairs"),
    ],
)
async def test_what_does_not_fit_a_task_is_put_aside_with_its_reason(
    client: Client, town: Town, module_site: Site, kind: str, fields: dict[str, Any], reason: str
) -> None:
    number = await asked_quality(client, town)

    await reply(module_site, number, kind, fields)

    assert reason in await put_aside(module_site, number)


async def test_an_answer_that_comes_twice_is_told_that_the_task_was_answered(
    client: Client, town: Town, module_site: Site
) -> None:
    number = await asked_quality(client, town)
    said = {"department": "quality", "outcome": "explained", "answer": "加热盘短路"}
    await reply(module_site, number, "resolve", said)
    await has_come_to(town, number, "answered-by-quality")

    _, problem = await answer_to(module_site, number, "resolve", said)

    assert (problem["status"], problem["code"], problem["state"]) == (409, "wrong-state", "answered")


async def test_the_documented_consumer_answers_tasks_and_leaves_the_case_to_those_who_lead(
    client: Client, town: Town, module_site: Site
) -> None:
    number = await a_case(client, town)
    await lead(client, number, "tasks", ASKED | {"department": "general-affairs"})

    async with consuming(module_site, "general-affairs"):
        await has_come_to(town, number, "answered-by-general-affairs")

    assert ((await town.state("routing", number)) or {})["state"]["status"] == "assigned"


async def test_a_team_of_the_regulation_is_asked_at_once(client: Client, town: Town, module_site: Site) -> None:
    number = await a_case(client, town, **CORPORATE)

    order = await ordered(module_site, "operations", number)

    assert (order["lead"], order["asks"][:3]) == ("service", "请说明")


async def test_a_leader_forms_the_team_and_nobody_else(client: Client, town: Town) -> None:
    number = await a_case(client, town, **CORPORATE)
    body = {"members": ["amy", "eve"]}

    refused = await lead(client, number, "team", body, roles="supervisor", name="sue")
    formed = await lead(client, number, "team", body, roles="manager", name="max")

    assert (refused.status, formed.body["leader"], formed.body["members"]) == (403, "max", ["amy", "eve"])


async def test_a_team_that_was_formed_is_the_step_that_the_regulation_wants(client: Client, town: Town) -> None:
    number = await a_case(client, town, **CORPORATE)
    await lead(client, number, "team", {"members": ["amy"]}, roles="manager", name="max")
    for step in STEPS[:-1]:
        await lead(client, number, "progress", {"step": step, "note": "见附件"})
    await lead(client, number, "tasks/1/withdrawal", {"reason": "无关"})

    answer = await lead(client, number, "resolution", NOT_UPHELD)

    assert answer.body["status"] == "in-approval"


async def test_where_the_regulation_wants_no_team_there_is_none_to_form(client: Client, town: Town) -> None:
    number = await a_case(client, town)

    answer = await lead(client, number, "team", {"members": ["amy"]}, roles="manager", name="max")

    assert (answer.status, answer.body["code"]) == (422, "invalid")


async def test_a_task_is_due_by_the_regulations_limit_and_not_after_the_customer_was_promised_an_answer(
    client: Client, town: Town
) -> None:
    within = await lead(client, await a_case(client, town, **CORPORATE), "team", {"members": ["x"]}, roles="manager")
    number = await asked_quality(client, town)
    alone = (await client.staff("GET", f"/routing/cases/{number}")).body

    assert within.body["tasks"][0]["due_at"] < within.body["due_at"]
    assert alone["tasks"][0]["due_at"] == alone["due_at"]


async def test_a_department_that_is_late_with_its_task_is_ordered_again(
    client: Client, town: Town, module_site: Site
) -> None:
    number = await a_case(client, town)
    soon = (town["routing"].clock() + timedelta(seconds=1)).isoformat()
    await lead(client, number, "tasks", ASKED | {"due_at": soon})

    async def urged() -> list[int]:
        orders = await work_orders(module_site, "quality", number)
        return [order["escalation_level"] for order in orders][1:]

    assert await eventually(urged) == [1]
