"""The board as MongoDB answers it: its order, its pages, its counts, and that no question reads more than it shows."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta

import pytest

from services.sla import store
from services.sla.model import Clock, Standing
from services.sla.store import INDEXES, OPEN
from shared.database import Documents
from shared.testing.builders import a_number
from tests.asked import Asked, Plan, explained, holding
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
def asked() -> Asked:
    return Asked()


@pytest.fixture(scope="module")
async def documents(mongodb_url: str, database_prefix: str, asked: Asked) -> AsyncIterator[Documents]:
    async with holding(mongodb_url, f"{database_prefix}sla", INDEXES, everywhere(), asked) as clocks:
        yield clocks


Place = tuple[Standing | None, str | None]


async def page(
    documents: Documents, place: Place, cursor: str = "", limit: int = 7, seen: store.Seen = lambda _: True
) -> tuple[list[Clock], str | None]:
    return await store.board(documents, store.standing_at(*place), seen, limit, cursor)


async def whole(documents: Documents, place: Place, seen: store.Seen = lambda _: True) -> list[Clock]:
    """The board, read page by page."""
    clocks, cursor = await page(documents, place, seen=seen)
    while cursor:
        further, cursor = await page(documents, place, cursor, seen=seen)
        clocks += further
    return clocks


@pytest.mark.parametrize("department", [None, "quality"])
@pytest.mark.parametrize("where", [None, *OPEN, "ended"])
async def test_page_by_page_every_clock_is_shown_once_and_the_most_urgent_first(
    documents: Documents, where: Standing | None, department: str | None
) -> None:
    wanted = [where] if where else OPEN
    fitting = [clock for clock in everywhere() if clock.standing in wanted and department in (None, clock.department)]

    shown = [clock.number for clock in await whole(documents, (where, department))]

    assert shown == [clock.number for clock in sorted(fitting, key=lambda clock: (clock.urgent_at, clock.number))]


async def test_a_page_is_full_of_what_is_seen_and_hides_nothing_else(documents: Documents) -> None:
    board = await whole(documents, (None, None))
    hidden = {clock.number for clock in [*board[:9], *board[20::3]]}

    def seen(clock: Clock) -> bool:
        return clock.number not in hidden

    first, _ = await page(documents, (None, None), seen=seen)
    shown = await whole(documents, (None, None), seen)

    assert (len(first), shown) == (7, [clock for clock in board if seen(clock)])


async def plans(documents: Documents, asked: Asked, place: Place, behind: int) -> list[Plan]:
    """How a page of five is read that begins behind so many others."""
    _, cursor = await page(documents, place, limit=behind) if behind else ([], "")
    asked.finds.clear()
    await page(documents, place, cursor or "", limit=5)
    return [await explained(documents, question) for question in list(asked.finds)]


@pytest.mark.parametrize("behind", [0, 5], ids=["first", "later"])
@pytest.mark.parametrize("department", [None, "quality"])
@pytest.mark.parametrize("where", [None, *OPEN, "ended"])
async def test_a_page_is_read_from_an_index_and_reads_hardly_more_than_it_shows(
    documents: Documents, asked: Asked, where: Standing | None, department: str | None, behind: int
) -> None:
    taken = await plans(documents, asked, (where, department), behind)

    assert not set().union(*(plan.stages for plan in taken)) & {"COLLSCAN", "SORT"}
    assert sum(plan.examined for plan in taken) <= 30


@pytest.mark.parametrize("place", [(None, None), (None, "quality"), ("breached", None)], ids=str)
async def test_a_page_far_down_reads_neither_what_comes_before_it_nor_what_comes_behind(
    documents: Documents, asked: Asked, place: Place
) -> None:
    taken = await plans(documents, asked, place, behind=60)

    assert not set().union(*(plan.stages for plan in taken)) & {"COLLSCAN", "SORT"}
    assert sum(plan.examined for plan in taken) <= 30


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
