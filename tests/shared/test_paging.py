"""A list is paged through whole, in its order, whatever its values are; no cursor of others does harm."""

import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection

from shared.paging import BadCursor, Cursor

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
MOMENTS = [None, NOON, NOON, NOON + timedelta(milliseconds=1), None, NOON - timedelta(days=1), NOON, None]


@pytest.fixture(scope="module")
async def documents(mongodb_url: str, database_prefix: str) -> AsyncIterator[AsyncIOMotorCollection[Any]]:
    client: AsyncIOMotorClient[Any] = AsyncIOMotorClient(mongodb_url, tz_aware=True)
    collection = client[f"{database_prefix}paging"]["documents"]
    await collection.insert_many([{"_id": str(place), "at": {"on": at}} for place, at in enumerate(MOMENTS)])
    yield collection
    client.close()


@pytest.mark.parametrize("limit", [1, 2, 3, 8, 9])
@pytest.mark.parametrize("direction", [1, -1])
async def test_page_by_page_a_list_is_the_whole_list(
    documents: AsyncIOMotorCollection[Any], direction: int, limit: int
) -> None:
    order = Cursor([("at.on", direction), ("_id", 1)])
    whole = await documents.find().sort(order.keys).to_list(100)

    paged, cursor = [], ""
    while cursor is not None:
        raws = await documents.find(order.after({}, cursor)).sort(order.keys).limit(limit + 1).to_list(limit + 1)
        paged += raws[:limit]
        cursor = order.next(raws, limit)  # type: ignore[assignment]  # None ends the loop

    assert [raw["_id"] for raw in paged] == [raw["_id"] for raw in whole]


@pytest.mark.parametrize("limit", [1, 2, 3, 8, 9])
@pytest.mark.parametrize("direction", [1, -1])
async def test_stretch_by_stretch_a_page_begins_right_behind_the_one_before(
    documents: AsyncIOMotorCollection[Any], direction: int, limit: int
) -> None:
    order = Cursor([("at.on", direction), ("_id", 1)])
    whole = await documents.find().sort(order.keys).to_list(100)

    paged, cursor = [], ""
    while cursor is not None:
        raws = [raw for behind, keys in order.stretches({}, cursor) async for raw in documents.find(behind).sort(keys)]
        paged += raws[:limit]
        cursor = order.next(raws, limit)  # type: ignore[assignment]  # None ends the loop

    assert [raw["_id"] for raw in paged] == [raw["_id"] for raw in whole]


def a_cursor(value: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).decode()


FORGED = [
    "x", "é", "====", a_cursor(None), a_cursor({}), a_cursor(7), a_cursor([1]), a_cursor([1, 2, 3]),
    a_cursor([{"$gt": 1}, "a"]), a_cursor([{"t": 5}, "a"]), a_cursor([{"t": "noon"}, "a"]), a_cursor([2**63, "a"]),
]  # fmt: skip


@pytest.mark.parametrize("forged", FORGED)
def test_a_cursor_that_no_list_gave_out_is_refused(forged: str) -> None:
    with pytest.raises(BadCursor):
        Cursor([("at", 1), ("_id", 1)]).after({}, forged)


def test_the_last_page_has_no_cursor() -> None:
    assert Cursor([("_id", 1)]).next([{"_id": "a"}], limit=1) is None
