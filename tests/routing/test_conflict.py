"""Nobody handles a complaint about themselves: it does not exist for them, whichever door they try."""

from typing import Any

import pytest

from services.routing.casework.department import teach
from services.routing.model import Excluded
from services.routing.visibility import sees
from shared.identity import Caller
from tests.harness import Site, Town
from tests.openapi import Client
from tests.routing.asking import IN_SERVICE, a_case
from tests.routing.given import a_case as a_given_case
from tests.routing.given import a_task, later
from tests.routing.test_department_path import answer_to
from tests.scenarios.desk import Desk
from tests.scenarios.given import pack

ABOUT_LI = "送货员李强，工号 liq7"


def somebody(name: str, departments: str = "service", roles: str = "handler", full_name: str = "") -> Caller:
    return Caller("staff", name, frozenset(roles.split()), frozenset(departments.split()), full_name=full_name)


async def asked(client: Client, method: str, path: str, body: Any = None, **who: str) -> Any:
    return await client.staff(method, path, body, **{"roles": "handler", "departments": "service"} | who)


@pytest.mark.parametrize(
    ("caller", "seen"),
    [
        (somebody("amy"), True),
        (somebody("李强"), False),
        (somebody("liq7"), False),
        (somebody("u-83", full_name="李强"), False),
        (somebody("liq"), True),
        (somebody("李强", departments="", roles="manager"), False),
    ],
)
def test_whoever_a_complaint_names_does_not_see_it(caller: Caller, seen: bool) -> None:
    assert sees(caller, a_given_case(respondent=ABOUT_LI)) is seen


def test_whoever_is_of_a_department_that_it_is_about_does_not_see_it_in_any_role() -> None:
    case = a_given_case(department="general-affairs", concerned=["service"])

    seen = [sees(somebody("max", departments, "manager"), case) for departments in ("", "service")]

    assert seen == [True, False]


def test_whoever_it_is_about_cannot_be_made_its_handler() -> None:
    case = a_given_case(respondent=ABOUT_LI)

    with pytest.raises(Excluded):
        case.accept(by="amy", handler="李强", at=later(5))


def test_nor_can_they_be_given_a_task_of_it() -> None:
    case = a_given_case(respondent=ABOUT_LI, status="assigned", tasks=[a_task()])

    with pytest.raises(Excluded):
        case.take_task(case.task("1"), by="李强", at=later(5))


async def test_a_complaint_about_a_person_is_in_no_list_of_theirs(client: Client, town: Town) -> None:
    number = await a_case(client, town, respondent=ABOUT_LI)

    lists = [
        (await asked(client, "GET", "/routing/cases?limit=500", name=name)).body["items"] for name in ("amy", "liq7")
    ]

    assert [number in [line["number"] for line in lines] for lines in lists] == [True, False]


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("GET", "", None),
        ("POST", "/acceptance", {}),
        ("POST", "/progress", {"step": "called"}),
        ("POST", "/resolution", {"outcome": "explained", "answer": "没有的事"}),
    ],
)
async def test_it_does_not_exist_for_them(client: Client, town: Town, method: str, rest: str, body: Any) -> None:
    number = await a_case(client, town, respondent=ABOUT_LI)

    answer = await asked(client, method, f"/routing/cases/{number}{rest}", body, name="李强")

    assert (answer.status, answer.body["code"]) == (404, "not-found")


async def test_it_cannot_be_corrected_by_a_dispatcher_whom_it_is_about(client: Client, town: Town) -> None:
    number = await a_case(client, town, respondent=ABOUT_LI)
    correction = {"severity": "general", "reason": "nothing"}

    answer = await asked(
        client, "PUT", f"/routing/cases/{number}/classification", correction, name="李强", roles="dispatcher"
    )

    assert answer.status == 404


async def test_no_reply_of_theirs_is_obeyed_over_the_bus(client: Client, town: Town, module_site: Site) -> None:
    number = await a_case(client, town, respondent=ABOUT_LI)

    _, problem = await answer_to(module_site, number, "accept", {"by": "李强"})

    assert (problem["status"], problem["code"]) == (409, "excluded")


async def test_a_complaint_about_a_department_goes_to_the_alternate_that_the_pack_names(
    client: Client, town: Town
) -> None:
    number = await a_case(client, town, respondent="服务部门")

    case = (await client.staff("GET", f"/routing/cases/{number}", departments="general-affairs")).body

    assert (case["department"], case["because"][-1]) == (
        "general-affairs", "it is about service, so general-affairs answers it (S18.3)",
    )  # fmt: skip


async def test_nor_does_that_department_get_it_by_a_transfer(client: Client, town: Town) -> None:
    number = await a_case(client, town, IN_SERVICE, respondent="Service department")
    transfer = {"to": "service", "reason": "theirs"}

    answer = await client.staff("POST", f"/routing/cases/{number}/transfer", transfer, roles="dispatcher")

    assert (answer.status, answer.body["code"]) == (409, "excluded")


async def test_nor_by_a_correction_of_its_category(client: Client, town: Town) -> None:
    number = await a_case(client, town, IN_SERVICE, respondent="服务部门")
    correction = {"category": "product", "reason": "the kettle leaked"}
    await client.staff("PUT", f"/routing/cases/{number}/classification", correction, roles="dispatcher")
    correction = {"category": "service", "reason": "they were rude as well"}

    answer = await client.staff("PUT", f"/routing/cases/{number}/classification", correction, roles="dispatcher")

    assert answer.body["department"] == "general-affairs"


def test_what_the_alternate_answers_teaches_the_category_that_it_was_taken_for() -> None:
    desk = Desk("service-quality", category="service", department="general-affairs", concerned=["service"])

    teach(desk.case, desk.context)

    assert desk.case.lesson == "service"


@pytest.mark.parametrize(
    ("respondent", "concerned"),
    [
        ("the service  \t department", ["service"]),
        ("服务部门", ["service"]),
        ("上海服务部门的李强", ["service"]),
        ("Service Department", ["service"]),
        ("SERVICE", ["service"]),
        ("产品质量部门和服务部门", ["quality", "service"]),
        ("the service at your desk", []),
        ("送货员", []),
        ("", []),
    ],
)
def test_a_department_is_known_by_its_name_or_by_its_title_in_the_text(respondent: str, concerned: list[str]) -> None:
    assert pack("service-quality").concerned(respondent, {}) == concerned


def test_an_alternate_that_it_is_about_too_has_an_alternate_of_its_own() -> None:
    assert pack("service-quality").beside("service", ["service", "general-affairs"]) == "quality"


def test_where_it_is_about_everybody_nobody_else_can_answer() -> None:
    about_all = "产品质量部门、服务部门、综合管理部门"

    assert pack("service-quality").concerned(about_all, {}) == []


def test_a_pack_that_names_no_alternate_leaves_the_complaint_where_it_is() -> None:
    assert pack("medicine").concerned("质量保证部", {}) == []
