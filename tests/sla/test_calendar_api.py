"""The working calendars over HTTP: a year entered otherwise, its effect first, and open clocks counted by it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.testing.builders import a_registration
from shared.testing.calendars import as_they_were
from tests.harness import Site, Town, eventually, serving
from tests.openapi import Answer, Client

SHUT_IN_2090 = {"first": "2090-03-01", "last": "2090-03-03", "worked": False, "reason": {"zh-CN": "检修", "en": "shut"}}


@pytest.fixture
async def town(site: Site) -> AsyncIterator[Town]:
    with as_they_were():
        async with serving(site, "intake", "sla") as running:
            yield running


@pytest.fixture
def client(town: Town) -> Client:
    return Client(town.http, town.channel_key)


async def put(client: Client, year: int, body: Any, query: str = "") -> Answer:
    return await client.staff("PUT", f"/sla/calendars/{year}{query}", body)


async def a_clock(client: Client, **changes: str) -> str:
    receipt = (await client.ask("POST", "/intake/complaints", a_registration(**changes), client.channel_key)).body

    async def started() -> bool:
        return (await client.staff("GET", f"/sla/clocks/{receipt['number']}")).status == 200

    await eventually(started)
    return str(receipt["number"])


async def resolution(client: Client, number: str) -> Any:
    promises = (await client.staff("GET", f"/sla/clocks/{number}")).body["promises"]
    return next(promise for promise in promises if promise["milestone"] == "resolution")


async def done(client: Client, revision: Any) -> Any:
    async def all_counted() -> Any:
        answer = (await client.staff("GET", f"/sla/revisions/{revision['id']}")).body
        return answer if answer["state"] == "done" else None

    return await eventually(all_counted)


async def test_a_calendar_that_says_what_the_statutory_one_does_can_be_founded(client: Client) -> None:
    previewed = await put(client, 2090, {"name": "branch"}, "?preview=true")
    entered = await put(client, 2090, {"name": "branch"})

    assert [(one.status, one.body["id"]) for one in (previewed, entered)] == [(200, "branch:1"), (202, "branch:1")]


async def test_a_year_shows_the_days_that_the_company_decided_itself(client: Client) -> None:
    await put(client, 2090, {"days": [SHUT_IN_2090]})

    year = (await client.staff("GET", "/sla/calendars/2090?lang=en")).body

    own = [(day["day"], day["working"], day["reason"]) for day in year["days"] if day["own"]]
    assert (year["edition"], own[0], len(own)) == (1, ("2090-03-01", False, "shut"), 3)


async def test_a_preview_says_what_would_move_and_moves_nothing(client: Client) -> None:
    number = await a_clock(client)
    before = await resolution(client, number)

    shown = (await put(client, _year(before), _off(before), "?preview=true")).body

    moves = [(one["number"], one["milestone"], one["before"]) for one in shown["examples"]]
    assert (shown["state"], shown["counted"], shown["later"], moves) == (
        "preview", 1, 1, [(number, "resolution", before["due_at"])],
    )  # fmt: skip
    assert (await resolution(client, number), (await _in_force(client))) == (before, 0)


async def test_no_example_is_shown_to_whoever_it_is_about(client: Client) -> None:
    due = await resolution(client, await a_clock(client, respondent="李强"))

    answer = await client.staff("PUT", f"/sla/calendars/{_year(due)}?preview=true", _off(due), name="李强")

    assert (answer.body["moved"], answer.body["examples"]) == (1, [])


async def test_what_the_preview_shows_is_what_happens(client: Client) -> None:
    number = await a_clock(client)
    before = await resolution(client, number)
    shown = (await put(client, _year(before), _off(before), "?preview=true")).body

    revision = await done(client, (await put(client, _year(before), _off(before))).body)

    after = (await resolution(client, number))["due_at"]
    assert ([one["after"] for one in shown["examples"]], revision["moved"], revision["left"]) == ([after], 1, 0)


async def test_a_recounted_clock_tells_its_new_derivation(client: Client) -> None:
    number = await a_clock(client)
    before = await resolution(client, number)

    await done(client, (await put(client, _year(before), _off(before))).body)

    lines = (await resolution(client, number))["derivation"]
    assert any("停业" in line for line in lines)


async def test_the_complainant_sees_the_promise_that_moved(client: Client, town: Town) -> None:
    number = await a_clock(client)
    before = await resolution(client, number)
    await put(client, _year(before), _off(before))

    async def moved() -> bool:
        seen = (await client.staff("GET", f"/intake/complaints/{number}")).body["promises"]["resolution"]
        return bool(seen == (await resolution(client, number))["due_at"] != before["due_at"])

    await eventually(moved)


async def test_a_receipt_promises_by_the_edition_in_force(client: Client) -> None:
    first = await resolution(client, await a_clock(client))
    await put(client, _year(first), _off(first))

    receipt = (await client.ask("POST", "/intake/complaints", a_registration(), client.channel_key)).body

    assert receipt["promises"]["resolution"] > first["due_at"]


async def test_entering_the_same_again_is_no_new_edition(client: Client) -> None:
    first = await put(client, 2090, {"days": [SHUT_IN_2090]})

    again = await put(client, 2090, {"days": [SHUT_IN_2090]})

    assert (first.status, again.status, again.body["id"]) == (202, 200, first.body["id"])


async def test_a_year_replaces_what_was_entered_for_it_and_nothing_else(client: Client) -> None:
    await put(client, 2090, {"days": [SHUT_IN_2090]})
    await put(client, 2091, {"days": [SHUT_IN_2090 | {"first": "2091-03-01", "last": "2091-03-01"}]})

    await put(client, 2090, {})

    own = [(await client.staff("GET", f"/sla/calendars/{year}")).body["days"] for year in (2090, 2091)]
    assert [sum(day["own"] for day in days) for days in own] == [0, 1]


async def test_an_arrangement_that_was_entered_is_no_longer_provisional(client: Client) -> None:
    national = {"first": "2090-10-01", "last": "2090-10-07", "name": {"zh-CN": "国庆节", "en": "National Day"}}

    await put(client, 2090, {"holidays": [national], "makeup": ["2090-10-08"]})

    year = (await client.staff("GET", "/sla/calendars/2090")).body
    assert (year["provisional"], year["entered"]) == (False, True)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"days": [SHUT_IN_2090 | {"first": "2089-03-01"}]}, "#/days/0/first"),
        ({"days": [SHUT_IN_2090 | {"last": "2090-02-01"}]}, "#/days/0"),
        ({"days": [SHUT_IN_2090, SHUT_IN_2090]}, "#"),
        ({"makeup": ["2090-10-14"]}, "#"),
        ({"hours": "nine to five"}, "#/hours"),
        ({"holiday": []}, "#/holiday"),
        ({"name": "Shanghai!"}, "#/name"),
    ],
)
async def test_a_wrong_year_is_told_where_it_is_wrong(client: Client, body: Any, pointer: str) -> None:
    answer = await put(client, 2090, body)

    assert (answer.status, answer.body["code"], answer.pointers) == (422, "invalid-body", [pointer])


async def test_only_administrators_enter_a_calendar(client: Client) -> None:
    assert (await client.staff("PUT", "/sla/calendars/2090", {}, roles="manager supervisor")).status == 403


@pytest.mark.parametrize("path", ["revisions/cn:7", "revisions/cn", "revisions/mars:1", "calendars/2026?name=mars"])
async def test_what_nobody_entered_is_not_found(client: Client, path: str) -> None:
    assert (await client.staff("GET", f"/sla/{path}")).status == 404


async def test_a_calendar_of_another_name_leaves_the_statutory_one_alone(client: Client) -> None:
    await put(client, 2090, {"name": "shanghai-plant", "title": "上海工厂", "days": [SHUT_IN_2090]})

    plant = (await client.staff("GET", "/sla/calendars/2090?name=shanghai-plant")).body
    assert (plant["title"], plant["edition"], await _in_force(client)) == ("上海工厂", 1, 0)


def _year(promise: Any) -> int:
    return int(promise["due_at"][:4])


def _off(promise: Any) -> Any:
    """The day on which it is due, and some after it, are not worked."""
    day = promise["due_at"][:10]
    return {"days": [{"first": day, "worked": False, "reason": "停业"}]}


async def _in_force(client: Client) -> int:
    return int((await client.staff("GET", "/sla/calendars/2090")).body["edition"])
