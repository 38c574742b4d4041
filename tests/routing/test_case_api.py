"""A department's case over HTTP: its worklist, its commands, and what others may not do."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.routing.handlers import on_outcome_disputed
from shared.contracts.event import Envelope
from shared.contracts.feedback import OutcomeDisputed
from shared.testing.builders import a_number
from tests.harness import Town, eventually
from tests.openapi import Client
from tests.routing.asking import DANGEROUS, IN_QUALITY, a_case

ANSWER = {"outcome": "upheld", "answer": "我们上门重装，并致歉。"}


def path(number: str, rest: str = "") -> str:
    return f"/routing/cases/{number}{rest}"


async def command(client: Client, number: str, what: str, body: Any, **who: str) -> Any:
    who = {"roles": "handler", "departments": "service"} | who
    return await client.staff("POST", path(number, f"/{what}"), body, **who)


async def test_a_department_sees_its_case_with_the_person_masked(client: Client, town: Town) -> None:
    person = {"name": "王小明", "phone": "13800001234"}
    number = await a_case(client, town, "王小明等了三天，请打13800001234", complainant=person)

    case = (await client.staff("GET", path(number))).body

    assert (case["narrative"], case["complainant"]["name"]) == ("王**等了三天，请打*******1234", "王**")


async def test_the_person_is_masked_wherever_a_case_names_them(client: Client, town: Town) -> None:
    product = {"name": "王小明的水壶", "batch": "20260101123456789"}
    told = {"claim": "退到13912345678", "place": "王小明家", "product": product}
    number = await a_case(client, town, complainant={"name": "王小明", "phone": "13800001234"}, **told)
    await command(client, number, "progress", {"step": "致电王小明", "note": "王小明说下周再打13800001234"})

    case = (await client.staff("GET", path(number))).body

    assert (case["claim"], case["place"], case["product"]["name"]) == ("退到*******5678", "王**家", "王**的水壶")
    assert (case["steps"][-1]["step"], case["steps"][-1]["note"]) == ("致电王**", "王**说下周再打*******1234")
    assert case["product"]["batch"] == "20260101123456789"


async def test_a_case_of_another_department_does_not_exist(client: Client, town: Town) -> None:
    number = await a_case(client, town)

    answer = await client.staff("GET", path(number), roles="handler", departments="quality")

    assert (answer.status, answer.body["code"]) == (404, "not-found")


async def test_a_case_of_another_department_takes_no_commands(client: Client, town: Town) -> None:
    number = await a_case(client, town)

    answer = await command(client, number, "acceptance", {}, departments="quality")

    assert answer.status == 404


async def test_a_dispatcher_commands_in_every_department(client: Client, town: Town) -> None:
    number = await a_case(client, town)

    answer = await command(client, number, "acceptance", {}, roles="dispatcher", departments="")

    assert (answer.status, answer.body["status"]) == (200, "in-progress")


async def test_whoever_takes_a_case_handles_it(client: Client, town: Town) -> None:
    number = await a_case(client, town)

    answer = await command(client, number, "acceptance", {})

    assert (answer.body["status"], answer.body["handler"]) == ("in-progress", "amy")


async def test_a_note_is_stored_sealed_and_shown_open(client: Client, town: Town) -> None:
    number = await a_case(client, town)

    answer = await command(client, number, "progress", {"step": "called", "note": "她很生气"})

    stored = (await town.state("routing", number) or {})["state"]["steps"][-1]["note"]
    assert (answer.body["steps"][-1]["note"], stored.startswith("sealed:")) == ("她很生气", True)


async def test_a_department_pauses_resumes_and_answers(client: Client, town: Town) -> None:
    number = await a_case(client, town)
    await command(client, number, "pause", {"reason": "photos"})
    await command(client, number, "resumption", {})

    answer = await command(client, number, "resolution", ANSWER)

    steps = [step["step"] for step in answer.body["steps"]]
    assert (answer.body["status"], answer.body["answer"], steps) == (
        "answered", ANSWER["answer"], ["paused", "resumed", "resolved"],
    )  # fmt: skip


async def test_a_transferred_case_is_the_other_departments(client: Client, town: Town) -> None:
    number = await a_case(client, town)
    await command(client, number, "transfer", {"to": "quality", "reason": "broken seal"}, roles="dispatcher")

    answer = await client.staff("GET", path(number), roles="handler", departments="quality")

    assert (answer.status, answer.body["transfers"]) == (200, 1)


async def test_a_case_is_not_transferred_to_a_department_that_is_none(client: Client, town: Town) -> None:
    number = await a_case(client, town)

    answer = await command(client, number, "transfer", {"to": "astrology", "reason": "stars"})

    assert (answer.status, answer.body["code"]) == (422, "invalid")
    assert "general-affairs" in answer.body["detail"]


async def test_a_case_is_not_transferred_to_a_department_of_another_regulation(client: Client, town: Town) -> None:
    number = await a_case(client, town)

    answer = await command(client, number, "transfer", {"to": "engineering", "reason": "theirs"})

    assert (answer.status, answer.body["detail"].partition("; ")[2]) == (
        422, "it has quality, service, general-affairs.",
    )  # fmt: skip


async def test_a_reopened_case_has_time_that_counts_from_its_reopening(client: Client, town: Town) -> None:
    number = await a_case(client, town)
    await command(client, number, "resolution", ANSWER)
    document = await town["routing"].repository.get(number)
    context = await town["routing"].context(document)
    reopened = replace(context, now=context.now + timedelta(days=60))
    envelope = Envelope("1", "/redress/feedback", number, reopened.now, "")

    on_outcome_disputed(document.present, OutcomeDisputed(round=1, reason="nobody came").enveloped(envelope), reopened)

    assert document.present.due_at > reopened.now


async def test_a_department_sees_what_was_added_with_the_person_masked(client: Client, town: Town) -> None:
    number = await a_case(client, town, complainant={"name": "王小明", "phone": "13800001234"})
    body = {"narrative": "王小明说还划伤了地板"}
    await client.staff("POST", f"/intake/complaints/{number}/supplements", body, roles="officer")

    async def seen() -> list[str]:
        found: list[str] = (await client.staff("GET", path(number))).body["supplements"]
        return found

    assert await eventually(seen) == ["王**说还划伤了地板"]


async def test_a_command_out_of_turn_says_what_state_the_case_is_in(client: Client, town: Town) -> None:
    number = await a_case(client, town)

    answer = await command(client, number, "resumption", {})

    assert (answer.status, answer.body["code"], answer.body["state"]) == (409, "wrong-state", "assigned")


@pytest.mark.parametrize(
    ("what", "body", "pointer"),
    [
        ("progress", {}, "#/step"),
        ("progress", {"step": ""}, "#/step"),
        ("progress", {"step": "called\0"}, "#/step"),
        ("pause", {}, "#/reason"),
        ("transfer", {"to": "Quality", "reason": "x"}, "#/to"),
        ("resolution", {"outcome": "won", "answer": "x"}, "#/outcome"),
        ("resolution", {"outcome": "upheld", "answer": "x" * 20_001}, "#/answer"),
        ("acceptance", {"handler": "x" * 201}, "#/handler"),
        ("acceptance", {"handlr": "bob"}, "#/handlr"),
        ("pause", {"reason": " \t "}, "#/reason"),
        ("transfer", {"to": "quality", "reason": "  "}, "#/reason"),
    ],
)
async def test_each_fault_of_a_command_is_pointed_at(
    client: Client, town: Town, what: str, body: Any, pointer: str
) -> None:
    number = await a_case(client, town)

    answer = await command(client, number, what, body)

    assert (answer.status, answer.pointers) == (422, [pointer])


async def test_a_refused_command_leaves_the_case_as_it_was(client: Client, town: Town) -> None:
    number = await a_case(client, town)
    before = await town.state("routing", number)

    await command(client, number, "transfer", {"to": "service", "reason": "again"})

    assert await town.state("routing", number) == before


async def test_a_correction_sends_the_case_to_the_right_department(client: Client, town: Town) -> None:
    number = await a_case(client, town)
    correction = {"category": "product", "severity": "critical", "reason": "broken seal"}

    answer = await client.staff("PUT", path(number, "/classification"), correction, roles="dispatcher")

    assert (answer.body["department"], answer.body["priority"]) == ("quality", "urgent")


@pytest.mark.parametrize(
    ("correction", "pointer"),
    [({"severity": "major", "reason": " "}, "#/reason"), ({"reason": "broken seal"}, "#")],
)
async def test_each_fault_of_a_correction_is_pointed_at(
    client: Client, town: Town, correction: Any, pointer: str
) -> None:
    number = await a_case(client, town)

    answer = await client.staff("PUT", path(number, "/classification"), correction, roles="dispatcher")

    assert (answer.status, answer.pointers) == (422, [pointer])


async def test_only_dispatchers_correct(client: Client, town: Town) -> None:
    number = await a_case(client, town)

    answer = await client.staff("PUT", path(number, "/classification"), {"reason": "x"}, roles="handler")

    assert answer.status == 403


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_case_that_there_is_not_is_not_found(client: Client, method: str) -> None:
    rest, body = ("", None) if method == "GET" else ("/acceptance", {})

    answer = await client.staff(method, path(a_number(30_000), rest), body)

    assert (answer.status, answer.body["code"]) == (404, "not-found")


async def test_whoever_is_nobody_sees_no_case(client: Client) -> None:
    answer = await client.ask("GET", "/routing/cases")

    assert answer.status == 401


async def test_the_worklist_is_that_of_ones_own_departments(client: Client, town: Town) -> None:
    await a_case(client, town)
    await a_case(client, town, IN_QUALITY)

    answer = await client.staff("GET", "/routing/cases", roles="handler", departments="quality")

    assert {line["department"] for line in answer.body["items"]} == {"quality"}


async def test_the_worklist_masks_the_person_in_a_subject_line(client: Client, town: Town) -> None:
    person = {"name": "王小明", "phone": "13800001234"}
    number = await a_case(client, town, complainant=person, subject_line="王小明等了三天，请打13912345678")

    lines = (await client.staff("GET", "/routing/cases?limit=500")).body["items"]

    assert [line["subject_line"] for line in lines if line["number"] == number] == ["王**等了三天，请打*******5678"]


async def test_the_worklist_of_another_department_is_forbidden(client: Client) -> None:
    answer = await client.staff("GET", "/routing/cases?department=quality", roles="handler", departments="service")

    assert (answer.status, answer.body["code"]) == (403, "forbidden")


async def test_a_handler_of_no_department_has_no_work(client: Client) -> None:
    answer = await client.staff("GET", "/routing/cases", roles="handler")

    assert answer.body["items"] == []


async def test_the_worklist_pages_through_all_cases_the_most_urgent_first(client: Client, town: Town) -> None:
    await a_case(client, town, DANGEROUS)
    await a_case(client, town, complainant={"phone": "13800001234", "tier": "important"})

    paged, cursor = [], ""
    while cursor is not None:
        page = (await client.staff("GET", f"/routing/cases?limit=3&cursor={cursor}")).body
        paged += page["items"]
        cursor = page["next"]

    order = [(["urgent", "high", "normal"].index(line["priority"]), line["received_at"]) for line in paged]
    assert (order, len({line["number"] for line in paged})) == (sorted(order), len(paged))


async def test_answered_cases_leave_the_worklist_and_are_found_by_their_state(client: Client, town: Town) -> None:
    number = await a_case(client, town)
    await command(client, number, "resolution", ANSWER)

    todo = (await client.staff("GET", "/routing/cases?limit=500")).body["items"]
    answered = (await client.staff("GET", "/routing/cases?state=answered&limit=500")).body["items"]

    assert [number in {line["number"] for line in lines} for lines in (todo, answered)] == [False, True]
