"""The board as MongoDB answers it: its order, its pages, its counts, and that no question reads more than it shows."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from motor.motor_asyncio import AsyncIOMotorClient

from services.sla import store
from services.sla.model import Clock, Standing
from services.sla.store import INDEXES, MOST_URGENT_FIRST, OPEN
from shared.database import Documents
from shared.paging import Cursor
from shared.testing.builders import a_number
from tests.sla.given import RECEIVED, a_clock, hours, rules

RULES = rules()
DEPARTMENTS = ("quality", "service", None)
MANY = 400


def standing(where: Standing, department: str | None, late: float = 0) -> Clock:
    """A clock of a department, or of none yet, that stands there; so many hours later than the others."""
    clock = a_clock()
    if department:
        clock.hand_over(department, RECEIVED)
    if where == "paused":
        clock.meet("acknowledgement", hours(1), RULES, hours(1))
        clock.pause("photos", "complainant", hours(2), RULES, hours(2))
    if where in ("at-risk", "breached"):
        clock.ring(RULES, hours(20 if where == "at-risk" else 30))
    if where == "ended":
        clock.end(hours(3), RULES, hours(3))
    for promise in clock.promises:
        promise.due_at -= timedelta(hours=late)
    return clock


def everywhere() -> Iterator[Clock]:
    """Clocks of both departments in every place, in no order of time."""
    places: list[Standing] = [*OPEN, "ended"]
    for serial in range(MANY):
        clock = standing(places[serial % 5], DEPARTMENTS[serial % 3], late=serial * 37 % MANY / 100)
        yield clock.model_copy(update={"number": a_number(serial + 1)})


@pytest.fixture(scope="module")
async def documents(mongodb_url: str, database_prefix: str) -> AsyncIterator[Documents]:
    client: AsyncIOMotorClient[Any] = AsyncIOMotorClient(mongodb_url, tz_aware=True)
    collection = client[f"{database_prefix}sla"]["clocks"]
    for keys, options in INDEXES:
        await collection.create_index(list(keys), **options)
    clocks = list(everywhere())
    await collection.insert_many([{"_id": clock.number, "state": clock.model_dump()} for clock in clocks])
    yield collection
    client.close()


async def whole(documents: Documents, where: Standing | None = None, department: str | None = None) -> list[Clock]:
    """The board, read page by page."""
    clocks, cursor = await store.board(documents, where, department, 7, "")
    while cursor:
        page, cursor = await store.board(documents, where, department, 7, cursor)
        clocks += page
    return clocks


@pytest.mark.parametrize("department", [None, "quality"])
@pytest.mark.parametrize("where", [None, *OPEN, "ended"])
async def test_page_by_page_every_clock_is_shown_once_and_the_most_urgent_first(
    documents: Documents, where: Standing | None, department: str | None
) -> None:
    wanted = [where] if where else OPEN
    fitting = [clock for clock in everywhere() if clock.standing in wanted and department in (None, clock.department)]

    shown = [clock.number for clock in await whole(documents, where, department)]

    assert shown == [clock.number for clock in sorted(fitting, key=lambda clock: (clock.urgent_at, clock.number))]


@pytest.mark.parametrize("paged", [False, True], ids=["first", "later"])
@pytest.mark.parametrize("department", [None, "quality"])
@pytest.mark.parametrize("where", [None, *OPEN, "ended"])
async def test_a_page_is_read_from_an_index_and_reads_hardly_more_than_it_shows(
    documents: Documents, where: Standing | None, department: str | None, paged: bool
) -> None:
    order = Cursor(MOST_URGENT_FIRST)
    _, cursor = await store.board(documents, where, department, 5, "") if paged else (None, "")
    criteria = order.after(store.standing_at(where, department), cursor or "")

    plan = await explained(
        documents, {"find": documents.name, "filter": criteria, "sort": dict(order.keys), "limit": 6}
    )

    assert not plan.stages & {"COLLSCAN", "SORT"}
    assert plan.examined <= 30


async def test_the_counts_are_those_of_every_department_and_place(documents: Documents) -> None:
    counted = {(count.department, count.standing): count.clocks for count in await store.counts(documents)}

    assert counted == Counter((clock.department, clock.standing) for clock in everywhere() if clock.standing != "ended")


async def test_a_count_walks_the_index_and_reads_no_document(documents: Documents) -> None:
    where = {"state.department": "quality", "state.standing": "running"}

    plan = await explained(documents, {"count": documents.name, "query": where})

    assert "FETCH" not in plan.stages
    assert "COUNT_SCAN" in plan.stages


async def test_the_promises_of_a_month_are_found_without_looking_at_the_others(documents: Documents) -> None:
    criteria = store.first_due(RECEIVED - timedelta(days=60), RECEIVED - timedelta(days=30))

    plan = await explained(documents, {"find": documents.name, "filter": criteria})

    assert (plan.examined, "COLLSCAN" in plan.stages) == (0, False)


async def test_a_clock_is_of_a_month_by_what_was_first_promised_and_not_by_what_moved(documents: Documents) -> None:
    first_due = standing("running", "quality").promises[0].first_due_at

    found = await numbers(documents, first_due, first_due + timedelta(seconds=1))

    assert len(found) == MANY


async def numbers(documents: Documents, since: datetime, until: datetime) -> list[str]:
    return [clock.number async for clock in store.promised(documents, since, until)]


class Plan:
    """How MongoDB has answered: the stages it took, and how many keys it has looked at."""

    def __init__(self, explanation: dict[str, Any]) -> None:
        self.examined: int = explanation["executionStats"]["totalKeysExamined"]
        self.stages = set(_stages(explanation["queryPlanner"]["winningPlan"]))


async def explained(documents: Documents, command: dict[str, Any]) -> Plan:
    question = {"explain": command, "verbosity": "executionStats"}
    return Plan(await documents.database.command(question))


def _stages(plan: Any) -> Iterator[str]:
    if isinstance(plan, dict):
        yield from ([plan["stage"]] if isinstance(plan.get("stage"), str) else [])
        plan = list(plan.values())
    for part in plan if isinstance(plan, list) else ():
        yield from _stages(part)
