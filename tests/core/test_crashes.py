"""The crash table of the architecture: the process is killed right there, and everything still happens exactly once."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import pytest

from shared.bus.topology import DEPARTMENTS
from shared.identity import issue_staff_token
from tests.broker import put, tapped
from tests.harness import JWT_SECRET, SILENT, Caller, Site, Town, eventually, process, service, serving

KILLED = -9
CRASHING = "shared.testing.crash"


async def left_behind(site: Site, name: str) -> dict[str, Any]:
    """What a dead service has left in its database: how many documents, and how many messages in their outboxes."""
    async with site.database(name) as database:
        documents = await database[service(name).collection].find().to_list(None)
    waiting = sum(len(document["outbox"]) for document in documents)
    return {"documents": len(documents), "waiting": waiting > 0}


async def nothing_waits(site: Site, name: str) -> bool:
    return await left_behind(site, name) == {"documents": 1, "waiting": False}


ROUTING_LEAVES = [
    ("before-commit", {"documents": 0, "waiting": False}),
    ("after-commit", {"documents": 1, "waiting": True}),
    ("after-publish", {"documents": 1, "waiting": True}),
    ("before-ack", {"documents": 1, "waiting": True}),
]


@pytest.mark.parametrize(("point", "left"), ROUTING_LEAVES)
async def test_a_consumer_killed_there_has_handled_its_message_once_after_the_restart(
    point: str, left: dict[str, Any], site: Site, tmp_path: Path
) -> None:
    argv = [CRASHING, "routing", "--at", point, "--marker", str(tmp_path / "marker")]
    async with (
        serving(site, "intake", "sla") as town,
        tapped(site.amqp_url) as events,
        tapped(site.amqp_url, DEPARTMENTS) as orders,
    ):
        async with process(site, *argv) as routing:
            await routing.ready()
            _, receipt = await town.register()
            assert await routing.ended() == KILLED
        assert await left_behind(site, "routing") == left

        async with serving(site, "routing"):
            await eventually(lambda: nothing_waits(site, "routing"))
            await eventually(lambda: has_heard(town, "sla", receipt["number"], events.ids("case.routed")))

        assert len(set(events.ids("case.routed"))) == len(set(orders.ids("department.work-order"))) == 1


INTAKE_LEAVES = [
    ("before-commit", {"documents": 0, "waiting": False}),
    ("after-commit", {"documents": 1, "waiting": True}),
    ("after-publish", {"documents": 1, "waiting": True}),
]


@pytest.mark.parametrize(("point", "left"), INTAKE_LEAVES)
async def test_a_registration_during_which_intake_is_killed_is_made_once_when_it_is_repeated(
    point: str, left: dict[str, Any], site: Site, tmp_path: Path
) -> None:
    argv = [CRASHING, "intake", "--at", point, "--marker", str(tmp_path / "marker")]
    async with serving(site, "sla") as town, tapped(site.amqp_url) as events:
        async with process(site, *argv) as intake:
            await intake.ready()
            with suppress(SILENT):
                await intake.register("key-1")
            assert await intake.ended() == KILLED
        assert await left_behind(site, "intake") == left

        async with serving(site, "intake") as again:
            _, receipt = await again.register("key-1")
            await eventually(lambda: nothing_waits(site, "intake"))
            await eventually(lambda: has_heard(town, "sla", receipt["number"], events.ids("complaint.registered")))

        assert len(set(events.ids("complaint.registered"))) == 1


GRAVE = {
    "regulation": "corporate", "subject_line": "送货迟到", "occurred_at": "2026-11-20T09:30:00+08:00", "place": "上海",
    "respondent": "送货员", "severity": "major",
}  # fmt: skip
DEMANDED = ("verification", "complainant-heard", "respondent-heard", "investigation", "team")
NOT_UPHELD = {"outcome": "not-upheld", "answer": "经查不属实。", "finding": "门店当日未营业。"}
APPROVAL_LEAVES = [
    ("before-commit", {"documents": 1, "waiting": False}),
    ("after-commit", {"documents": 1, "waiting": True}),
    ("after-publish", {"documents": 1, "waiting": True}),
]


async def a_proposed_case(site: Site) -> str:
    """A case whose answer waits for the manager, everything about it said and settled."""
    async with serving(site, "intake", "routing", "archive") as town:
        _, receipt = await town.register(**GRAVE)
        path = f"/routing/cases/{receipt['number']}"
        await eventually(lambda: town.state("routing", receipt["number"]))
        for step in DEMANDED:
            await town.staff("POST", f"{path}/progress", {"step": step, "note": "见附件"})
        await town.staff("POST", f"{path}/tasks/1/withdrawal", {"reason": "无关"})
        await town.staff("POST", f"{path}/resolution", NOT_UPHELD)
        await eventually(lambda: nothing_waits(site, "routing"))
    return path


async def approve(caller: Caller, path: str) -> int:
    token = issue_staff_token(JWT_SECRET, "max", ["manager"], [])
    headers = {"Authorization": f"Bearer {token}"}
    return (await caller.send("POST", f"{path}/approval", {"decision": "approve"}, headers))[0]


@pytest.mark.parametrize(("point", "left"), APPROVAL_LEAVES)
async def test_an_approval_during_which_routing_is_killed_sends_the_answer_out_once(
    point: str, left: dict[str, Any], site: Site, tmp_path: Path
) -> None:
    path = await a_proposed_case(site)
    argv = [CRASHING, "routing", "--at", point, "--marker", str(tmp_path / "marker")]
    async with tapped(site.amqp_url) as events:
        async with process(site, *argv) as routing:
            await routing.ready()
            with suppress(SILENT):
                await approve(routing, path)
            assert await routing.ended() == KILLED
        assert await left_behind(site, "routing") == left

        async with serving(site, "routing") as again:
            assert await approve(again, path) in (200, 409)
            await eventually(lambda: nothing_waits(site, "routing"))
            await eventually(lambda: len(set(events.ids("case.resolved"))) == 1)


async def an_asked_case(site: Site) -> str:
    """The number of a case of which another department has a task to answer, everything said and settled."""
    async with serving(site, "intake", "routing", "archive") as town:
        _, receipt = await town.register(**GRAVE)
        number: str = receipt["number"]
        await eventually(lambda: town.state("routing", number))
        await eventually(lambda: nothing_waits(site, "routing"))
    return number


@pytest.mark.parametrize(("point", "left"), [*APPROVAL_LEAVES, ("before-ack", {"documents": 1, "waiting": True})])
async def test_a_task_whose_answer_comes_while_routing_is_killed_is_answered_once(
    point: str, left: dict[str, Any], site: Site, tmp_path: Path
) -> None:
    number = await an_asked_case(site)
    argv = [CRASHING, "routing", "--at", point, "--marker", str(tmp_path / "marker")]
    said = {"type": "resolve", "number": number, "by": "eve", "task": "1", "outcome": "explained", "answer": "无班次"}
    async with tapped(site.amqp_url) as events:
        async with process(site, *argv) as routing:
            await routing.ready()
            await put(site.amqp_url, "department.replies", orjson.dumps(said), {"cloudEvents:id": f"{number}-1"})
            assert await routing.ended() == KILLED
        assert await left_behind(site, "routing") == left

        async with serving(site, "routing") as again:
            await eventually(lambda: is_answered(again, number))
            await eventually(lambda: nothing_waits(site, "routing"))

        assert len(set(events.ids("case.progressed"))) == 1


async def is_answered(town: Town, number: str) -> bool:
    document = await town.state("routing", number)
    return document is not None and document["state"]["tasks"][0]["status"] == "answered"


async def has_heard(town: Town, name: str, number: str, ids: list[str]) -> bool:
    """Whether a service has these messages in the inbox of the complaint, each once."""
    document = await town.state(name, number)
    inbox = document["inbox"] if document else []
    return bool(ids) and all(inbox.count(one) == 1 for one in ids)
