"""The worklist narrowed, counted and kept as views; nobody sees in it what is not theirs."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.routing.worklist import store
from services.routing.worklist.store import Wanted
from services.routing.worklist.views import Filter
from shared.paging import Cursor
from tests.harness import Site, Town, serving
from tests.openapi import Client
from tests.routing.asking import DANGEROUS, IN_QUALITY, IN_SERVICE, a_case
from tests.routing.given import an_accepted_case, later

SOON = datetime.now(UTC) + timedelta(days=400)


async def listed(client: Client, question: str, **who: str) -> list[str]:
    answer = await client.staff("GET", f"/routing/cases?limit=500&{question}", **who)
    assert answer.status == 200, answer.body
    return [line["number"] for line in answer.body["items"]]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("department=quality", [True, True, False]),
        ("severity=critical", [True, False, False]),
        ("severity=general&department=quality", [False, True, False]),
        ("tag=product/safety", [True, False, False]),
        ("handler=eve", [False, False, True]),
        ("state=in-progress", [False, False, True]),
        (f"due_before={SOON:%Y-%m-%dT%H:%M:%SZ}", [True, True, True]),
        ("due_before=2020-01-01T00:00:00Z", [False, False, False]),
        ("department=quality&tag=product/safety&severity=critical&state=assigned", [True, False, False]),
    ],
)
async def test_the_worklist_is_narrowed(client: Client, town: Town, question: str, found: list[bool]) -> None:
    numbers = [await a_case(client, town, text) for text in (DANGEROUS, IN_QUALITY, IN_SERVICE)]
    await client.staff("POST", f"/routing/cases/{numbers[2]}/acceptance", {"handler": "eve"})

    shown = await listed(client, question)

    assert [number in shown for number in numbers] == found


async def test_ones_own_cases_are_those_of_me(client: Client, town: Town) -> None:
    number = await a_case(client, town)
    who = {"roles": "handler", "departments": "service", "name": "zoe"}
    await client.staff("POST", f"/routing/cases/{number}/acceptance", {}, **who)

    assert await listed(client, "handler=me", **who) == [number]


@pytest.mark.parametrize(
    ("wanted", "holds"),
    [
        (Wanted(), True),
        (Wanted(["service"]), True),
        (Wanted(["quality"]), False),
        (Wanted(states=["assigned"]), False),
        (Wanted(handler="amy"), True),
        (Wanted(handler="bob"), False),
        (Wanted(severity="critical"), False),
        (Wanted(tag="service/delivery"), True),
        (Wanted(tag="service/attitude"), False),
        (Wanted(due_before=later(60 * 24 * 8)), True),
        (Wanted(due_before=later(60)), False),
        (Wanted(asked="quality"), False),
    ],
)
def test_a_change_is_held_against_the_same_filter(wanted: Wanted, holds: bool) -> None:
    assert wanted.holds(an_accepted_case(tags=["service/delivery"])) is holds


async def test_pages_are_filled_although_some_of_the_cases_are_not_for_whoever_asks(site: Site) -> None:
    async with serving(site, "intake", "routing") as town:
        client = Client(town.http, town.channel_key)
        numbers = [await a_case(client, town, respondent=who) for who in ("李强", "张伟", "李强", "李强", "张伟")]
        who = {"roles": "handler", "departments": "service", "name": "李强"}

        first = (await client.staff("GET", "/routing/cases?limit=1", **who)).body
        second = (await client.staff("GET", f"/routing/cases?limit=1&cursor={first['next']}", **who)).body

    shown = [line["number"] for line in first["items"] + second["items"]]
    assert (shown, second["next"]) == ([numbers[1], numbers[4]], None)


async def test_what_is_due_first_comes_first_among_equals(site: Site) -> None:
    async with serving(site, "intake", "routing") as town:
        client = Client(town.http, town.channel_key)
        numbers = [await a_case(client, town) for _ in range(3)]
        cases = town["routing"].repository.collection
        for number, days in zip(numbers, (3, 1, 2), strict=True):
            await cases.update_one(
                {"_id": number}, {"$set": {"state.due_at": datetime.now(UTC) + timedelta(days=days)}}
            )

        shown = await listed(client, "")

    assert shown == [numbers[1], numbers[2], numbers[0]]


@pytest.fixture(scope="module")
async def filled(module_site: Site) -> AsyncIterator[Town]:
    """A worklist with enough in it for the planner to care."""
    async with serving(module_site, "intake", "routing") as town:
        client = Client(town.http, town.channel_key)
        for text in (DANGEROUS, IN_QUALITY, IN_SERVICE):
            await a_case(client, town, text)
        yield town


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(["service"]),
        Wanted(["service", "quality"]),
        Wanted(["service"], severity="major"),
        Wanted(states=["answered"]),
        Wanted(handler="amy"),
        Wanted(tag="service/attitude"),
        Wanted(["quality"], due_before=later(0)),
        Wanted(["a", "b", "c", "d", "e"], due_before=later(0)),
        Wanted(asked="quality"),
    ],
)
async def test_every_list_is_read_from_an_index_in_its_order(filled: Town, wanted: Wanted) -> None:
    order, cases = Cursor(store.MOST_URGENT_FIRST), filled["routing"].repository.collection
    last: Any = {"_id": "SQ-20261123-00017K", "state": {"urgency": 1, "due_at": later(-60)}}
    cursor = order.behind(last)
    stretches = [*order.stretches(wanted.criteria, ""), *order.stretches(wanted.criteria, cursor)]

    plans = [
        str((await cases.find(criteria).sort(keys).limit(51).explain())["queryPlanner"]["winningPlan"])
        for criteria, keys in stretches
    ]

    assert [("IXSCAN" in plan, "COLLSCAN" in plan, "'SORT'" in plan) for plan in plans] == [(True, False, False)] * 4


async def test_counts_say_how_many_wait_where(site: Site) -> None:
    async with serving(site, "intake", "routing") as town:
        client = Client(town.http, town.channel_key)
        for text in (DANGEROUS, IN_QUALITY, IN_SERVICE):
            number = await a_case(client, town, text)
        await client.staff("POST", f"/routing/cases/{number}/acceptance", {"handler": "eve"})
        long_ago = {"state.due_at": datetime.now(UTC) - timedelta(days=1)}
        await town["routing"].repository.collection.update_one({"_id": number}, {"$set": long_ago})

        counts = (await client.staff("GET", "/routing/counts")).body["departments"]

    lines = {line["department"]: line for line in counts}
    assert (lines["quality"]["states"]["assigned"], lines["quality"]["severities"]["critical"]) == (2, 1)
    assert (lines["service"]["states"]["in-progress"], lines["service"]["overdue"]) == (1, 1)


async def test_counts_are_those_of_ones_own_departments(client: Client, town: Town) -> None:
    await a_case(client, town)
    await a_case(client, town, IN_QUALITY)

    counts = (await client.staff("GET", "/routing/counts", roles="handler", departments="quality")).body["departments"]

    assert {line["department"] for line in counts} <= {"quality"}


async def views(client: Client, method: str, rest: str = "", body: Any = None, **who: str) -> Any:
    who = {"roles": "handler", "departments": "service", "name": "amy"} | who
    return await client.staff(method, f"/routing/views{rest}", body, **who)


async def test_a_view_is_kept_and_leads_to_the_worklist_narrowed_by_it(client: Client, town: Town) -> None:
    kept = await views(client, "PUT", "/late", {"filter": {"department": "service", "state": "assigned"}}, name="una")

    (view,) = kept.body["views"]
    assert (view["name"], view["link"]) == ("late", "/routing/cases?department=service&state=assigned")
    assert (await client.staff("GET", view["link"])).status == 200


async def test_a_view_of_ones_own_is_nobody_elses(client: Client) -> None:
    await views(client, "PUT", "/mine", {"filter": {"handler": "me"}}, name="vic")

    names = [(await views(client, "GET", name=name)).body["views"] for name in ("vic", "wim")]

    assert [[view["name"] for view in found] for found in names] == [["mine"], []]


async def test_a_departments_view_is_shared_by_its_people(client: Client) -> None:
    body = {"department": "general-affairs", "filter": {"severity": "critical"}}
    await views(client, "PUT", "/danger", body, departments="general-affairs")

    theirs = (await views(client, "GET", name="dan", departments="general-affairs")).body["views"]
    others = (await views(client, "GET", name="dan")).body["views"]

    assert ([(view["name"], view["department"]) for view in theirs], others) == ([("danger", "general-affairs")], [])


async def test_a_view_under_the_same_name_takes_the_place_of_the_first(client: Client) -> None:
    await views(client, "PUT", "/late", {"filter": {"state": "assigned"}}, name="xia")

    again = await views(client, "PUT", "/late", {"filter": {"state": "paused"}}, name="xia")

    assert [view["filter"]["state"] for view in again.body["views"]] == ["paused"]


@pytest.mark.parametrize("name", ["%20", "%00", "a%0Ab", "x" * 61])
async def test_a_view_has_a_name_that_can_be_read(client: Client, name: str) -> None:
    kept = await views(client, "PUT", f"/{name}", {"filter": {}}, name="zoe")

    assert (kept.status, kept.body["code"]) == (422, "invalid")


async def test_a_dispatcher_sees_the_view_that_they_have_kept_for_a_department(client: Client) -> None:
    body = {"department": "quality", "filter": {"state": "paused"}}

    kept = await views(client, "PUT", "/waiting", body, roles="dispatcher", departments="", name="dis")

    assert [view["department"] for view in kept.body["views"] if view["name"] == "waiting"] == ["quality"]


async def test_no_view_is_kept_for_a_department_that_there_is_not(client: Client) -> None:
    kept = await views(client, "PUT", "/lost", {"department": "nowhere"}, roles="dispatcher", departments="")

    assert (kept.status, kept.body["code"]) == (422, "invalid")


async def test_a_view_that_was_dropped_is_gone(client: Client) -> None:
    await views(client, "PUT", "/late", {"filter": {}}, name="yan")

    dropped = await views(client, "DELETE", "/late", name="yan")
    again = await views(client, "DELETE", "/late", name="yan")

    assert (dropped.body["views"], again.status) == ([], 404)


async def test_another_departments_view_is_not_changed(client: Client) -> None:
    answer = await views(client, "PUT", "/late", {"department": "quality", "filter": {}})

    assert (answer.status, answer.body["code"]) == (403, "forbidden")


def test_a_view_that_narrows_nothing_is_the_whole_worklist() -> None:
    assert Filter().link == "/routing/cases"
