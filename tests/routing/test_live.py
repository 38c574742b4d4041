"""The worklist as it changes: told to whoever watches, on whichever replica, and to nobody whose business it is not."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import pytest

from services.routing.model import Case
from services.routing.worklist.feed import Feed
from services.routing.worklist.forms import CaseLine
from services.routing.worklist.live import MOST_BEHIND, Change, Watcher
from services.routing.worklist.store import Wanted
from shared.identity import Caller, issue_staff_token
from tests.harness import JWT_SECRET, Site, Town, process, serving
from tests.openapi import Client
from tests.routing.asking import IN_QUALITY, a_case
from tests.routing.given import a_case as a_given_case

Event = tuple[str, Any]


class Stream:
    """What comes over one event stream, event by event; "ended" when it has come to its end."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response, self._kind = response, ""

    async def next(self, within: float = 10) -> Event:
        """The next event with its data, or the next comment."""
        async with asyncio.timeout(within):
            async for raw in self.response.content:
                line = raw.decode().rstrip()
                if line.startswith("event: "):
                    self._kind = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    return self._kind, json.loads(line.removeprefix("data: "))
                elif line.startswith(":"):
                    return "comment", line
        return "ended", None

    async def until(self, kind: str, number: str) -> Event:
        """The next event of this kind about this case."""
        while (event := await self.next())[0] != "ended":
            if event[0] == kind and event[1]["number"] == number:
                return event
        raise AssertionError(f"no {kind} of {number}")


@asynccontextmanager
async def watching(
    http: aiohttp.ClientSession, question: str = "", *, name: str = "amy", departments: str = "service"
) -> AsyncIterator[Stream]:
    token = issue_staff_token(JWT_SECRET, name, ["handler"], departments.split())
    headers = {"Authorization": f"Bearer {token}"}
    async with http.get(f"/routing/cases/live?{question}", headers=headers) as response:
        assert (response.status, response.content_type) == (200, "text/event-stream")
        yield Stream(response)


async def test_whoever_watches_is_shown_the_list_first(client: Client, town: Town) -> None:
    number = await a_case(client, town)

    async with watching(town.http, "limit=500") as stream:
        _, line = await stream.until("case", number)

    assert line["status"] == "assigned"


async def test_a_new_case_and_what_becomes_of_it_is_told(client: Client, town: Town) -> None:
    async with watching(town.http) as stream:
        number = await a_case(client, town)
        await stream.until("case", number)
        await client.staff("POST", f"/routing/cases/{number}/acceptance", {"handler": "amy"})

        _, line = await stream.until("case", number)

    assert (line["status"], line["handler"]) == ("in-progress", "amy")


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("transfer", {"to": "quality", "reason": "the product broke"}),
        ("resolution", {"outcome": "explained", "answer": "已说明。"}),
    ],
)
async def test_a_case_that_leaves_the_list_is_told_to_be_gone(
    client: Client, town: Town, command: str, body: Any
) -> None:
    async with watching(town.http) as stream:
        number = await a_case(client, town)
        await stream.until("case", number)

        await client.staff("POST", f"/routing/cases/{number}/{command}", body, roles="dispatcher")

        assert await stream.until("gone", number)


async def test_the_person_in_a_subject_line_is_masked(client: Client, town: Town) -> None:
    async with watching(town.http) as stream:
        number = await a_case(
            client, town, complainant={"name": "王小明", "phone": "13800001234"}, subject_line="王小明"
        )

        assert (await stream.until("case", number))[1]["subject_line"] == "王**"


async def test_of_other_departments_and_of_what_one_is_accused_of_nothing_is_told(client: Client, town: Town) -> None:
    async with watching(town.http, name="李强") as stream:
        hidden = {await a_case(client, town, IN_QUALITY), await a_case(client, town, respondent="李强")}
        last = await a_case(client, town)
        told = []
        while (event := await stream.next())[1] is not None and event[1].get("number") != last:
            told.append(event[1]["number"])

    assert not hidden & set(told)


async def test_a_change_that_another_replica_made_is_told(site: Site) -> None:
    async with AsyncExitStack() as stack:
        town = await stack.enter_async_context(serving(site, "intake", "routing"))
        other = await stack.enter_async_context(serving(site, "routing"))
        number = await a_case(Client(town.http, town.channel_key), town)
        async with watching(town.http) as stream:
            await stream.until("case", number)

            await Client(other.http).staff("POST", f"/routing/cases/{number}/acceptance", {"handler": "amy"})

            assert (await stream.until("case", number))[1]["handler"] == "amy"


async def test_when_nothing_happens_the_line_is_heard_to_be_alive(site: Site) -> None:
    quick = Site(site.mongodb_url, site.amqp_url, site.prefix, {"heartbeat_seconds": "0.1"}, site.master_key)
    async with serving(quick, "routing") as town, watching(town.http) as stream:
        assert await stream.next() == ("comment", ": still here")


async def test_a_service_that_stops_ends_the_stream_and_does_not_wait_for_it(site: Site) -> None:
    async with process(site, "services.routing") as routing:
        await routing.ready()
        async with watching(routing.http) as stream:
            began = asyncio.get_running_loop().time()
            code = await routing.stop()

            assert (code, await stream.next()) == (0, ("ended", None))
            assert asyncio.get_running_loop().time() - began < 5


async def test_nobody_reads_the_changes_when_nobody_watches(client: Client, town: Town) -> None:
    live = town["routing"].kit.live
    async with watching(town.http):
        pass
    await a_case(client, town)

    async with asyncio.timeout(10):
        await asyncio.wait([live._following])
    assert not live._watchers


async def test_whoever_cannot_follow_is_let_go() -> None:
    watcher = Watcher()

    watcher.tell([a_change(a_given_case())] * (MOST_BEHIND + 1))

    assert watcher.let_go


async def test_nothing_gathers_for_whoever_was_let_go_and_has_not_noticed() -> None:
    watcher = Watcher()

    for _ in range(3):
        watcher.tell([a_change(a_given_case())] * (MOST_BEHIND + 1))

    assert await watcher.changes(within=1) == []


def a_change(case: Case) -> Change:
    own = set(CaseLine.model_fields) - {"awaiting"}
    return Change(case, CaseLine(**case.model_dump(include=own), awaiting=case.awaiting))


def test_a_case_that_was_never_shown_is_not_told_to_be_gone() -> None:
    feed = Feed(Caller("staff", "amy", frozenset({"handler"}), frozenset({"service"})), Wanted(["service"]))

    assert feed.of([a_change(a_given_case(department="quality"))]) == b""
