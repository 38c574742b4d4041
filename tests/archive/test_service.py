"""Archive on real servers: messages in; records and answers out; every search by an index."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from motor.motor_asyncio import AsyncIOMotorClient

from services.archive import store
from services.archive.app import SERVICE
from services.archive.config import Settings
from services.archive.forms import Search
from services.archive.index import Terms
from shared.contracts.event import Event
from shared.document import Outgoing
from shared.identity import issue_staff_token
from shared.ids import complaint_number
from shared.privacy import Wrapper
from shared.service import Running
from tests.archive.examples import COMPLETE, KEY, MASTER_KEY, NUMBER, SECRET_KEY, complaint, event

SECRET = "a secret of thirty-two characters"
UNFINISHED = complaint_number("SQ", "20261123", 8)
DECLINED = complaint_number("SQ", "20261008", 1)
SUBJECT = "noise, please ring 13900005678"
CATALOGUED = f"2026-D3-{NUMBER}"


@pytest.fixture(scope="module")
async def archive(mongodb_url: str, amqp_url: str, database_prefix: str) -> AsyncIterator[Running[Any]]:
    settings = Settings(
        mongodb_url=mongodb_url, amqp_url=amqp_url, database_prefix=database_prefix, jwt_secret=SECRET,
        master_key=base64.b64encode(MASTER_KEY).decode(), tick=0.2,
    )  # fmt: skip
    running: Running[Any] = Running(SERVICE, settings)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(running.stop)
        await running.start()
        await until(lambda: is_ready(running))
        yield running


@pytest.fixture(scope="module")
async def records(archive: Running[Any], mongodb_url: str, database_prefix: str) -> Running[Any]:
    """The archive with one record that came in backwards, one that nobody can open, and one that is not complete."""
    client: AsyncIOMotorClient[Any] = AsyncIOMotorClient(mongodb_url)
    wrapped = Wrapper(MASTER_KEY).wrap(KEY.id, SECRET_KEY)
    await client[f"{database_prefix}_vault"]["keys"].insert_one({"_id": KEY.id[:-2], "wrapped": {KEY.id[-2:]: wrapped}})
    client.close()
    say(archive, reversed(complaint(*COMPLETE, "sla.target-breached")))
    say(archive, [event("case.routed", number=UNFINISHED)])
    say(archive, declined())
    await until(lambda: is_stored(archive, {"_id": NUMBER, "state.status": "archived"}))
    await until(lambda: is_stored(archive, {"_id": DECLINED, "state.status": "archived"}))
    await until(lambda: is_stored(archive, {"_id": UNFINISHED}))
    return archive


@pytest.fixture(scope="module")
async def client(records: Running[Any]) -> AsyncIterator[TestClient[Any, Any]]:
    app = web.Application()
    records.mount(app)
    async with TestClient(TestServer(app)) as client:
        yield client


def declined() -> list[Event]:
    """An earlier complaint that was not taken on; its texts cannot be opened, as if its key had been destroyed."""
    earlier = {"channel": "letter", "received_at": "2026-10-08T02:00:00Z", "subject_line": SUBJECT, "product": None}
    return [
        event("complaint.registered", number=DECLINED, **earlier),
        event("complaint.declined", number=DECLINED),
        event("complaint.closed", number=DECLINED, outcome="declined"),
    ]


def say(archive: Running[Any], events: Iterable[Event]) -> None:
    archive.bus.publisher.offer([(heard.number, Outgoing.of(heard, heard.number, heard.time, "")) for heard in events])


async def is_ready(archive: Running[Any]) -> bool:
    return all((await archive.ready()).values())


async def is_stored(archive: Running[Any], wanted: dict[str, Any]) -> bool:
    return await archive.repository.collection.find_one(wanted) is not None


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.05)


def as_staff(*roles: str, departments: tuple[str, ...] = ()) -> dict[str, str]:
    return {"Authorization": f"Bearer {issue_staff_token(SECRET, 'chen', list(roles), list(departments))}"}


async def found(client: TestClient[Any, Any], **query: str) -> list[str]:
    response = await client.get("/archive/records", params=query, headers=as_staff("archivist"))
    assert response.status == 200, await response.text()
    return [line["number"] for line in (await response.json())["items"]]


@pytest.mark.parametrize(
    "query",
    [
        {"q": NUMBER},
        {"q": NUMBER.lower()},
        {"q": CATALOGUED},
        {"q": "漏水"},
        {"q": "free of charge"},
        {"number": NUMBER},
        {"tag": "breached-resolution"},
        {"department": "quality", "q": "空调"},
        {"from": "2026-11-23", "to": "2026-11-23"},
        {"from": "2026-11-23T01:30:00Z", "to": ""},
        {"product": "空调"},
        {"batch": "B2026-07"},
        {"person": "小芳"},
    ],
    ids=str,
)
async def test_s1_4_a_filed_record_is_found(client, query):
    assert await found(client, **query) == [NUMBER]


@pytest.mark.parametrize(
    "query",
    [
        {"q": "漏电"},
        {"q": UNFINISHED},
        {"q": f"2025-D3-{NUMBER}"},
        {"number": UNFINISHED},
        {"tag": "minor"},
        {"department": "service"},
        {"from": "2026-11-24"},
        {"to": "2026-10-07"},
        {"from": "2026-11-23", "to": "2026-11-23T01:30:00Z"},
        {"product": "冰箱"},
        {"batch": "B2026"},
        {"person": "漏水"},
        {"q": "漏水", "person": "李明"},
    ],
    ids=str,
)
async def test_what_does_not_fit_or_is_not_filed_is_not_found(client, query):
    assert await found(client, **query) == []


async def test_the_latest_stands_first_and_pages_follow_one_another(client):
    first = await client.get("/archive/records", params={"limit": "1"}, headers=as_staff("auditor"))
    cursor = (await first.json())["next"]

    assert await found(client) == [NUMBER, DECLINED]
    assert await found(client, limit="1", cursor=cursor) == [DECLINED]


async def test_a_record_whose_key_is_gone_is_found_and_shown_without_its_texts(client):
    response = await client.get(f"/archive/records/{DECLINED}", headers=as_staff("archivist"))

    assert await found(client, q="noise", tag="declined") == [DECLINED]
    assert (await response.json())["timeline"][0]["data"]["narrative"] == "[destroyed]"


async def test_a_line_of_the_list_masks_what_leads_to_a_person_even_when_the_key_is_gone(client):
    response = await client.get("/archive/records", params={"q": DECLINED}, headers=as_staff("archivist"))

    assert [line["subject_line"] for line in (await response.json())["items"]] == ["noise, please ring *******5678"]


@pytest.mark.parametrize("name", ["q", "person", "product"])
async def test_a_single_chinese_character_is_no_search(client, name):
    response = await client.get("/archive/records", params={name: "漏"}, headers=as_staff("archivist"))

    assert (response.status, (await response.json())["code"]) == (400, "query-too-short")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"from": "2026-11-01", "to": "2026-11-30"},
        {"tag": "major"},
        {"tag": "major", "from": "2026-11-01"},
        {"department": "quality"},
        {"department": "quality", "to": "2026-11-30"},
        {"batch": "B2026-07"},
        {"q": "空调漏水"},
        {"person": "王小芳", "department": "quality", "from": "2026-11-01"},
        {"product": "空调"},
        {"q": CATALOGUED},
        {"q": NUMBER},
    ],
    ids=str,
)
async def test_every_search_uses_an_index(records, query):
    wanted = store.criteria(Search.model_validate(query), Terms(MASTER_KEY))
    plan = await records.repository.collection.find(wanted).sort([(store.RECEIVED, -1), ("_id", 1)]).explain()

    assert "COLLSCAN" not in stages(plan["queryPlanner"]["winningPlan"])


@pytest.mark.parametrize(
    "query", [{}, {"tag": "major"}, {"department": "quality"}, {"batch": "B"}, {"q": "空调漏水"}], ids=str
)
async def test_no_search_sorts_what_it_has_found(records, query):
    wanted = store.criteria(Search.model_validate(query), Terms(MASTER_KEY))
    plan = await records.repository.collection.find(wanted).sort([(store.RECEIVED, -1), ("_id", 1)]).explain()

    assert "SORT" not in stages(plan["queryPlanner"]["winningPlan"])


def stages(plan: dict[str, Any]) -> list[str]:
    """The stages of a query plan, outermost first."""
    inner = [plan[name] for name in ("inputStage", "queryPlan") if name in plan] + plan.get("inputStages", [])
    return [plan.get("stage", ""), *(stage for part in inner for stage in stages(part))]


async def test_a_dossier_is_shown_masked(client):
    response = await client.get(f"/archive/records/{NUMBER}", headers=as_staff("officer") | {"Accept-Language": "en"})
    dossier = await response.json()

    assert (dossier["masked"], dossier["status"], dossier["missing"]) == (True, "archived", [])
    assert dossier["catalogue"]["catalogue_number"] == CATALOGUED
    assert [entry["text"] for entry in dossier["timeline"]][:2] == [
        "Complaint registered",
        "Classified and given to a department",
    ]
    assert dossier["timeline"][0]["data"]["narrative"] == "我是王**，新装的空调漏水，电话*******1234。"


async def test_an_incomplete_dossier_says_what_it_lacks(client):
    response = await client.get(
        f"/archive/records/{UNFINISHED}", headers=as_staff("archivist") | {"Accept-Language": "en"}
    )

    assert (await response.json())["missing"] == [
        "the registration",
        "an answer, a refusal or a withdrawal",
        "the closing",
    ]


async def test_reading_masked_changes_nothing(client, records):
    before = await records.repository.collection.find_one({"_id": NUMBER})

    await client.get(f"/archive/records/{NUMBER}", headers=as_staff("archivist"))

    assert await records.repository.collection.find_one({"_id": NUMBER}) == before


@pytest.mark.parametrize(("roles", "departments"), [(["auditor"], ()), (["handler"], ("quality",))], ids=str)
async def test_unmasking_opens_everything_and_is_on_record(client, roles, departments):
    headers = as_staff(*roles, departments=departments)
    response = await client.get(f"/archive/records/{NUMBER}", params={"unmask": "court order"}, headers=headers)
    dossier = await response.json()

    assert dossier["timeline"][0]["data"]["complainant"]["name"] == "王小芳"
    assert (dossier["accesses"][-1]["by"], dossier["accesses"][-1]["reason"]) == ("chen", "court order")


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        (f"/archive/records/{NUMBER}?unmask=", as_staff("archivist"), 422),
        (f"/archive/records/{NUMBER}?unmask=curious", as_staff("officer"), 403),
        (f"/archive/records/{NUMBER}?unmask=curious", as_staff("handler", departments=("service",)), 403),
        (f"/archive/records/{NUMBER}", {}, 401),
        ("/archive/records", {}, 401),
        ("/archive/records/SQ-20261123-000099", as_staff("archivist"), 404),
        ("/archive/records?from=yesterday", as_staff("archivist"), 400),
        ("/archive/records?cursor=nonsense", as_staff("archivist"), 400),
        ("/archive/records?colour=red", as_staff("archivist"), 400),
    ],
)
async def test_what_is_not_allowed_or_not_there_is_refused(client, path, headers, status):
    response = await client.get(path, headers=headers)

    assert response.status == status


async def test_nothing_of_the_person_is_stored_in_clear(records):
    stored = str(await records.repository.collection.find_one({"_id": NUMBER}))

    assert not any(word in stored for word in ("王小芳", "13800001234", "fang@example.com", "free of charge"))
