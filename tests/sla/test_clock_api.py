"""The clock of a complaint over HTTP: its targets with their derivation, the board, the calendar."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.sla.conformance.month import Month
from shared.testing.builders import a_number, a_registration
from tests.harness import Town, eventually
from tests.openapi import Client

IN_SERVICE = "送货的师傅态度恶劣，服务员也不理人，等了三天才来。"


async def a_clock(client: Client, town: Town, **changes: Any) -> str:
    """Register a complaint; its number, as soon as its clock runs and its department is known."""
    body = a_registration(narrative=IN_SERVICE, **changes)
    receipt = (await client.ask("POST", "/intake/complaints", body, client.channel_key)).body
    number: str = receipt["number"]

    async def placed() -> bool:
        document = await town.state("sla", number)
        return document is not None and document["state"]["department"] is not None

    await eventually(placed)
    return number


async def shown(client: Client, number: str) -> Any:
    return (await client.staff("GET", f"/sla/clocks/{number}")).body


async def test_a_clock_shows_each_target_with_its_derivation(client: Client, town: Town) -> None:
    number = await a_clock(client, town)

    clock = await shown(client, number)

    assert [(promise["milestone"], bool(promise["derivation"])) for promise in clock["promises"]] == [
        ("acknowledgement", True),
        ("resolution", True),
    ]


async def test_the_clock_keeps_what_the_receipt_promised(client: Client, town: Town) -> None:
    body = a_registration(narrative=IN_SERVICE)
    receipt = (await client.ask("POST", "/intake/complaints", body, client.channel_key)).body

    async def started() -> Any:
        return await town.state("sla", receipt["number"])

    await eventually(started)
    clock = await shown(client, receipt["number"])
    assert {promise["milestone"]: promise["due_at"] for promise in clock["promises"]} == receipt["promises"]


async def test_a_pause_of_the_case_stops_the_clock_and_its_end_starts_it_again(client: Client, town: Town) -> None:
    number = await a_clock(client, town)
    statuses = []
    for command, status in (("pause", "paused"), ("resumption", "running")):
        await client.staff("POST", f"/routing/cases/{number}/{command}", {"reason": "photos"}, roles="dispatcher")

        async def reached(status: str = status) -> bool:
            return bool((await shown(client, number))["status"] == status)

        statuses.append(await eventually(reached))
    assert statuses == [True, True]


async def test_an_answer_keeps_the_promise_to_resolve(client: Client, town: Town) -> None:
    number = await a_clock(client, town)
    answer = {"outcome": "upheld", "answer": "我们上门重装，并致歉。"}

    await client.staff("POST", f"/routing/cases/{number}/resolution", answer, roles="dispatcher")

    async def met() -> bool:
        states = {promise["milestone"]: promise["state"] for promise in (await shown(client, number))["promises"]}
        return bool(states["resolution"] == "met")

    await eventually(met)


async def test_a_clock_that_there_is_not_is_not_found(client: Client) -> None:
    answer = await client.staff("GET", f"/sla/clocks/{a_number(30_000)}")

    assert (answer.status, answer.body["code"]) == (404, "not-found")


@pytest.mark.parametrize(
    "path", ["/sla/clocks", "/sla/clocks/SQ-20261123-000018", "/sla/counts", "/sla/calendars/2026"]
)
async def test_clocks_and_calendars_are_for_staff(client: Client, path: str) -> None:
    assert (await client.ask("GET", path)).status == 401


async def test_the_board_is_that_of_a_department(client: Client, town: Town) -> None:
    number = await a_clock(client, town)

    service = (await client.staff("GET", "/sla/clocks?department=service&limit=500")).body["items"]
    quality = (await client.staff("GET", "/sla/clocks?department=quality&limit=500")).body["items"]

    assert [number in {line["number"] for line in lines} for lines in (service, quality)] == [True, False]


async def test_the_board_pages_through_all_clocks_once(client: Client, town: Town) -> None:
    paused = [await a_clock(client, town) for _ in range(3)]
    for number in paused:
        await client.staff("POST", f"/routing/cases/{number}/pause", {"reason": "photos"}, roles="dispatcher")
    await a_clock(client, town)
    whole = (await client.staff("GET", "/sla/clocks?limit=500")).body["items"]

    numbers: list[str] = []
    cursor = ""
    while cursor is not None:
        page = (await client.staff("GET", f"/sla/clocks?limit=2&cursor={cursor}")).body
        numbers += [line["number"] for line in page["items"]]
        cursor = page["next"]

    assert (len(numbers), set(numbers)) == (len(whole), {line["number"] for line in whole})


@pytest.mark.parametrize(("state", "share"), [("at-risk", 0.6), ("breached", 1.1)])
async def test_the_board_shows_what_is_in_danger_and_what_is_late(
    client: Client, town: Town, state: str, share: float
) -> None:
    number = await a_clock(client, town)
    sla = town["sla"]
    document = await sla.repository.get(number)
    assert document.aggregate is not None
    promise = document.aggregate.promises[0]
    passed = (promise.due_at - promise.started_at) * share
    await sla.change(number, lambda clock, _: _age(clock, passed))

    async def on_the_board() -> bool:
        board = (await client.staff("GET", f"/sla/clocks?state={state}&limit=500")).body["items"]
        return number in {line["number"] for line in board}

    await eventually(on_the_board)


def _age(clock: Any, passed: timedelta) -> None:
    """Let everything have begun earlier, and the alarm ring at once."""
    for promise in clock.promises:
        promise.started_at -= passed
        promise.due_at -= passed
    clock.wake_at(clock.received_at)


async def test_a_complaint_counts_with_its_department(client: Client, town: Town) -> None:
    before = await counted(client, "service")

    await a_clock(client, town)

    async def counted_too() -> bool:
        return await counted(client, "service") == before + 1

    await eventually(counted_too)


async def counted(client: Client, department: str) -> int:
    """How many clocks of a department run, by the counts."""
    counts = (await client.staff("GET", "/sla/counts")).body["departments"]
    return sum(one["running"] for one in counts if one["department"] == department)


async def test_the_promises_of_a_complaint_are_among_the_figures_of_their_month(client: Client, town: Town) -> None:
    number = await a_clock(client, town)
    month = Month.of(datetime.fromisoformat((await shown(client, number))["promises"][0]["due_at"]))

    async def promised() -> bool:
        figures = (await client.staff("GET", f"/sla/figures?month={month}")).body
        return any(
            one["milestone"] == "acknowledgement" and one["met"] + one["pending"] for one in figures["milestones"]
        )

    await eventually(promised)


@pytest.mark.parametrize("query", ["", "month=2026-13", "month=november"])
async def test_a_month_that_there_is_not_has_no_figures(client: Client, query: str) -> None:
    assert (await client.staff("GET", f"/sla/figures?{query}")).status == 400


@pytest.mark.parametrize("query", ["state=lost", "department=Quality", "limit=0", "cursor=x"])
async def test_a_bad_question_to_the_board_is_refused(client: Client, query: str) -> None:
    assert (await client.staff("GET", f"/sla/clocks?{query}")).status == 400


async def test_the_calendar_knows_the_make_up_workdays(client: Client) -> None:
    days = (await client.staff("GET", "/sla/calendars/2026")).body["days"]

    assert {day["day"]: day["working"] for day in days if day["day"] in ("2026-02-14", "2026-02-16")} == {
        "2026-02-14": True, "2026-02-16": False,
    }  # fmt: skip


@pytest.mark.parametrize(("year", "status"), [("1999", 404), ("2101", 404), ("next", 404)])
async def test_there_is_no_calendar_for_other_years(client: Client, year: str, status: int) -> None:
    assert (await client.staff("GET", f"/sla/calendars/{year}")).status == status
