"""A list is paged through whole, in its order, whatever its values are; no cursor of others does harm."""

import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from motor.motor_asyncio import AsyncIOMotorClient

from shared.database import Documents
from shared.paging import BadCursor, Listing

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
MOMENTS = [None, NOON, NOON, NOON + timedelta(milliseconds=1), None, NOON - timedelta(days=1), NOON, None]


@pytest.fixture(scope="module")
async def documents(mongodb_url: str, database_prefix: str) -> AsyncIterator[Documents]:
    client: AsyncIOMotorClient[Any] = AsyncIOMotorClient(mongodb_url, tz_aware=True)
    collection = client[f"{database_prefix}paging"]["documents"]
    await collection.insert_many(
        [{"_id": str(place), "state": {"place": place, "on": at}} for place, at in enumerate(MOMENTS)]
    )
    yield collection
    client.close()


def listing(documents: Documents, direction: int = 1) -> Listing[Any]:
    return Listing(documents, [("state.on", direction), ("_id", 1)], lambda state: state["place"])


async def paged(documents: Documents, direction: int, limit: int, visible: Any = lambda _: True) -> list[list[int]]:
    """What is on each page of the whole list."""
    places, cursor = await listing(documents, direction).page({}, limit, "", visible)
    pages = [places]
    while cursor:
        places, cursor = await listing(documents, direction).page({}, limit, cursor, visible)
        pages.append(places)
    return pages


async def whole(documents: Documents, direction: int) -> list[int]:
    raws = await documents.find().sort([("state.on", direction), ("_id", 1)]).to_list(100)
    return [raw["state"]["place"] for raw in raws]


@pytest.mark.parametrize("limit", [1, 2, 3, 8, 9])
@pytest.mark.parametrize("direction", [1, -1])
async def test_page_by_page_a_list_is_the_whole_list(documents: Documents, direction: int, limit: int) -> None:
    pages = await paged(documents, direction, limit)

    assert [place for page in pages for place in page] == await whole(documents, direction)


@pytest.mark.parametrize("hidden", [{0}, {1, 2}, {0, 1, 3, 4, 5, 6}, set(range(8))])
@pytest.mark.parametrize("limit", [1, 2, 3])
@pytest.mark.parametrize("direction", [1, -1])
async def test_what_is_hidden_leaves_no_gap(documents: Documents, direction: int, limit: int, hidden: set[int]) -> None:
    pages = await paged(documents, direction, limit, lambda place: place not in hidden)

    left = [place for place in await whole(documents, direction) if place not in hidden]
    assert pages == ([left[at : at + limit] for at in range(0, len(left), limit)] or [[]])


def a_cursor(value: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).decode()


FORGED = [
    "x", "é", "====", a_cursor(None), a_cursor({}), a_cursor(7), a_cursor([1]), a_cursor([1, 2, 3]),
    a_cursor([{"$gt": 1}, "a"]), a_cursor([{"t": 5}, "a"]), a_cursor([{"t": "noon"}, "a"]), a_cursor([2**63, "a"]),
]  # fmt: skip


@pytest.mark.parametrize("forged", FORGED)
async def test_a_cursor_that_no_list_gave_out_is_refused(documents: Documents, forged: str) -> None:
    with pytest.raises(BadCursor):
        await listing(documents).page({}, 1, forged)


async def test_a_list_of_nothing_is_one_empty_page(documents: Documents) -> None:
    assert await listing(documents).page({"_id": "none"}, 1, "") == ([], None)
