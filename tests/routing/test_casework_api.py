"""Steps, approvals and their order over HTTP, and what is refused with a name and a clause."""

from typing import Any

import pytest

from tests.harness import Town, eventually
from tests.openapi import Answer, Client
from tests.routing.asking import a_case

CORPORATE = {
    "regulation": "corporate", "subject_line": "送货迟到", "occurred_at": "2026-11-20T09:30:00+08:00", "place": "上海",
    "respondent": "送货员", "severity": "major",
}  # fmt: skip
STEPS = ("verification", "complainant-heard", "respondent-heard", "investigation", "team")
NOT_UPHELD = {"outcome": "not-upheld", "answer": "经查不属实。", "finding": "门店当日未营业。"}


async def command(client: Client, number: str, what: str, body: Any, **who: str) -> Answer:
    who = {"roles": "handler", "departments": "service"} | who
    return await client.staff("POST", f"/routing/cases/{number}/{what}", body, **who)


async def a_proposed_case(client: Client, town: Town) -> str:
    """A grave case under a regulation that has a leader approve what is answered."""
    number = await a_case(client, town, **CORPORATE)
    for step in STEPS:
        await command(client, number, "progress", {"step": step, "note": "见附件"})
    await command(client, number, "tasks/1/answer", {"answer": "当日无班次"}, departments="operations")
    await command(client, number, "resolution", NOT_UPHELD)
    return number


async def approval(client: Client, number: str, name: str, role: str, **body: str) -> Answer:
    return await command(client, number, "approval", {"decision": "approve"} | body, roles=role, name=name)


async def test_each_step_that_is_missing_is_named_with_its_clause(client: Client, town: Town) -> None:
    number = await a_case(client, town, **CORPORATE)
    await command(client, number, "progress", {"step": "verification", "note": "已核实"})

    answer = await command(client, number, "resolution", NOT_UPHELD)

    missing = {step["step"]: step["clause"] for step in answer.body["missing"]}
    assert (answer.status, answer.body["code"], missing) == (409, "steps-missing", {
        "complainant-heard": "S3.3", "respondent-heard": "S3.3", "investigation": "S3.3, S12.2", "team": "S5.7",
    })  # fmt: skip


@pytest.mark.parametrize("outcome", ["withdrawn", "declined"])
async def test_no_department_answers_with_what_others_decide(client: Client, town: Town, outcome: str) -> None:
    number = await a_case(client, town)

    answer = await command(client, number, "resolution", {"outcome": outcome, "answer": "好的"})

    assert (answer.status, answer.body["code"]) == (422, "invalid")


async def test_a_case_shows_which_steps_it_still_needs(client: Client, town: Town) -> None:
    number = await a_case(client, town, **CORPORATE)
    for step in STEPS:
        await command(client, number, "progress", {"step": step, "note": "见附件"})

    case = (await client.staff("GET", f"/routing/cases/{number}")).body

    assert [(step["step"], step["clause"]) for step in case["missing"]] == [("plan", "S5.4, S16.5")]


async def test_what_an_answer_has_to_say_besides_is_pointed_at(client: Client, town: Town) -> None:
    number = await a_case(client, town, **CORPORATE)
    for step in STEPS:
        await command(client, number, "progress", {"step": step, "note": "见附件"})

    answer = await command(client, number, "resolution", NOT_UPHELD | {"finding": ""})

    assert (answer.status, answer.body["code"], answer.pointers) == (422, "answer-incomplete", ["#/finding"])


async def test_a_proposed_answer_waits_for_its_approver(client: Client, town: Town) -> None:
    number = await a_proposed_case(client, town)

    case = (await client.staff("GET", f"/routing/cases/{number}")).body

    assert (case["status"], case["awaiting"]) == ("in-approval", "manager")


async def test_a_proposed_answer_stands_in_the_worklist(client: Client, town: Town) -> None:
    number = await a_proposed_case(client, town)

    lines = (await client.staff("GET", "/routing/cases?state=in-approval&limit=500")).body["items"]

    assert number in [line["number"] for line in lines]


async def test_the_last_approval_answers_the_case(client: Client, town: Town) -> None:
    number = await a_proposed_case(client, town)

    answer = await approval(client, number, "max", "manager")

    assert (answer.body["status"], answer.body["approved_by"]) == ("answered", ["max"])


async def test_the_complainant_hears_of_an_answer_only_when_it_is_approved(client: Client, town: Town) -> None:
    number = await a_proposed_case(client, town)
    document = await town.state("intake", number)
    before = document["state"]["status"] if document else ""
    await approval(client, number, "max", "manager")

    async def status() -> bool:
        found = await town.state("intake", number)
        return found is not None and found["state"]["status"] == "answered"

    assert await eventually(status)
    assert before != "answered"


async def test_somebody_of_another_role_cannot_approve(client: Client, town: Town) -> None:
    number = await a_proposed_case(client, town)

    answer = await approval(client, number, "sue", "supervisor")

    assert (answer.status, answer.body["code"], answer.body["awaiting"]) == (403, "not-your-turn", "manager")


async def test_nobody_approves_an_answer_of_their_own_over_http_either(client: Client, town: Town) -> None:
    number = await a_proposed_case(client, town)

    answer = await approval(client, number, "amy", "manager")

    assert (answer.status, answer.body["code"]) == (409, "excluded")


async def test_a_handler_has_nothing_to_approve(client: Client, town: Town) -> None:
    number = await a_proposed_case(client, town)

    answer = await approval(client, number, "bob", "handler")

    assert answer.status == 403


async def test_a_returned_answer_shows_its_handler_why(client: Client, town: Town) -> None:
    number = await a_proposed_case(client, town)

    answer = await approval(client, number, "max", "manager", decision="return", reason="依据不足")

    last = answer.body["steps"][-1]
    assert (answer.body["status"], last["step"], last["note"]) == ("in-progress", "returned", "依据不足")


async def test_an_answer_is_not_returned_without_a_reason(client: Client, town: Town) -> None:
    number = await a_proposed_case(client, town)

    answer = await approval(client, number, "max", "manager", decision="return")

    assert (answer.status, answer.pointers) == (422, ["#"])


async def test_the_third_transfer_goes_to_the_lead_which_keeps_it(client: Client, town: Town) -> None:
    number = await a_case(client, town)
    for to in ("quality", "service", "quality"):
        await command(client, number, "transfer", {"to": to, "reason": "不归我们管"}, roles="dispatcher")

    answer = await command(client, number, "transfer", {"to": "service", "reason": "不归我们管"}, roles="dispatcher")

    case = (await client.staff("GET", f"/routing/cases/{number}")).body
    assert (answer.status, answer.body["code"], case["department"], case["leads"], case["supervision"]) == (
        409, "lead-keeps-it", "general-affairs", True, 3,
    )  # fmt: skip


async def test_s2_4_a_time_agreed_with_the_customer_is_shown_among_the_promises(client: Client, town: Town) -> None:
    number = await a_case(client, town)
    agreed = {"step": "called", "promised_at": "2027-01-05T10:00:00+08:00"}
    await command(client, number, "progress", agreed)

    async def promised() -> Any:
        view = (await client.staff("GET", f"/intake/complaints/{number}", roles="officer")).body
        return view["promises"].get("first-reply")

    assert await eventually(promised) == "2027-01-05T02:00:00.000Z"
