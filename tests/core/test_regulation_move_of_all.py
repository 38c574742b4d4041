"""An administrator moves all open complaints to another version of their regulation: the effect first, then each."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bench.recount import clocks, complaint_of, stored
from services.intake import moves
from shared.clock import now
from shared.identity import issue_staff_token
from shared.testing.clocks import SetClock
from tests.broker import tapped
from tests.core.packs import WITH_DEPARTMENT, in_force, write
from tests.harness import JWT_SECRET, Caller, Process, Site, Town, eventually, process, serving

REASON = "the newer rules are kinder"
MOVE = "/{}/regulations/own/moves/{}"
MANY = 2_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The operators' folder, with version 1 of a pack."""
    write(tmp_path, version=1)
    return tmp_path


@pytest.fixture
def home(site: Site, folder: Path) -> Site:
    return replace(site, changes={"regulations": str(folder)})


@pytest.fixture
async def town(home: Site) -> AsyncIterator[Town]:
    async with serving(home, "intake", "routing", "sla") as running:
        yield running


@pytest.fixture
async def numbers(town: Town, folder: Path) -> list[str]:
    """Complaints under version 1, two of them open and one withdrawn; version 2 (sooner) has come into force since."""
    made = [(await town.register(regulation="own"))[1]["number"] for _ in range(3)]
    await town.staff("POST", f"/intake/complaints/{made[2]}/withdrawal", {"reason": "settled"})

    async def placed() -> bool:
        found = [await town.state(name, number) for name in ("routing", "sla") for number in made]
        assigned = [await town.state(name, number) for name in ("intake", "sla") for number in made[:2]]
        return all(found) and all(one and one["state"]["department"] for one in assigned)

    await eventually(placed)
    await enter(town, folder, 2)
    return made


async def enter(town: Town, folder: Path, version: int, more: str = "") -> None:
    write(folder, version=version, within="2 working days", more=more)
    await in_force(town, str(version), "intake", "routing", "sla")


async def ask(
    town: Caller, method: str, service: str, version: str = "2", body: Any = None, role: str = "administrator"
) -> tuple[int, Any]:
    token = issue_staff_token(JWT_SECRET, "ada", [role], [])
    return await town.send(method, MOVE.format(service, version), body, {"Authorization": f"Bearer {token}"})


async def moved(town: Caller, version: str = "2", left: int = 0, noted: int = 0) -> Any:
    """How far the move has got, as soon as no more than so many complaints are left and so many are noted as moved.

    They are noted a moment after they have been moved.
    """

    async def all_moved() -> Any:
        shown = (await ask(town, "GET", "intake", version))[1]
        return shown if shown["left"] == left and shown["moved"] >= noted else None

    return await eventually(all_moved, within=30)


async def versions(town: Town, service: str, numbers: list[str]) -> list[str]:
    states = [await town.state(service, number) for number in numbers]
    return [state["state"]["regulation_version"] for state in states if state]


async def test_the_effect_is_shown_first_and_nothing_is_moved(town: Town, numbers: list[str]) -> None:
    effect = (await ask(town, "GET", "sla"))[1]

    examples = {(one["number"], one["milestone"], one["before"] > one["after"]) for one in effect["examples"]}
    assert (effect["counted"], effect["moved"], effect["earlier"], effect["late"], effect["refused"]) == (2, 2, 2, 0, 0)
    assert examples == {(number, "resolution", True) for number in numbers[:2]}
    assert await versions(town, "intake", numbers) == ["1", "1", "1"]


async def test_what_is_closed_and_still_to_be_filed_is_not_counted(town: Town, numbers: list[str]) -> None:
    await town["sla"].repository.collection.update_one({"_id": numbers[0]}, {"$set": {"state.status": "ended"}})

    assert (await ask(town, "GET", "sla"))[1]["counted"] == 1


async def test_every_open_complaint_is_moved_on_the_record(home: Site, town: Town, numbers: list[str]) -> None:
    async with tapped(home.amqp_url, key="complaint.regulation-moved") as tap:
        status, ordered = await ask(town, "PUT", "intake", body={"reason": REASON})
        shown = await moved(town, noted=2)

        async def followed() -> bool:
            return await versions(town, "sla", numbers) == await versions(town, "routing", numbers) == ["2", "2", "1"]

        await eventually(followed)

    assert (status, ordered["state"], shown["moved"], shown["by"], shown["reason"]) == (202, "open", 2, "ada", REASON)
    assert await versions(town, "intake", numbers) == ["2", "2", "1"]
    assert {one["subject"] for one in tap.seen} == set(numbers[:2])


async def test_what_the_effect_shows_is_what_happens(town: Town, numbers: list[str]) -> None:
    effect = (await ask(town, "GET", "sla"))[1]
    expected = {one["number"]: one["after"] for one in effect["examples"]}
    await ask(town, "PUT", "intake", body={"reason": REASON})

    async def shown() -> bool:
        told = [(await town.staff("GET", f"/intake/complaints/{number}"))[1] for number in numbers[:2]]
        return {one["number"]: one["promises"]["resolution"] for one in told} == expected

    await eventually(shown)


async def test_a_complaint_whose_department_the_version_does_not_have_stays(
    town: Town, folder: Path, numbers: list[str]
) -> None:
    await enter(town, folder, 3, WITH_DEPARTMENT)
    effect = (await ask(town, "GET", "sla", "3"))[1]

    await ask(town, "PUT", "intake", "3", {"reason": REASON})
    shown = await moved(town, "3", left=2)

    assert (effect["refused"], effect["counted"], shown["moved"]) == (2, 0, 0)
    assert await versions(town, "intake", numbers) == ["1", "1", "1"]


async def test_only_those_under_the_version_that_is_named_are_moved(
    town: Town, folder: Path, numbers: list[str]
) -> None:
    await enter(town, folder, 4)

    effect = (await ask(town, "GET", "sla", "4?from=2"))[1]
    ordered = (await ask(town, "PUT", "intake", "4", {"from": "2", "reason": REASON}))[1]

    assert (effect["counted"], ordered["origins"], ordered["left"]) == (0, ["2"], 0)


@pytest.mark.parametrize(
    ("service", "version", "role", "status", "code"),
    [("intake", "9", "administrator", 422, "unknown-regulation"), ("intake", "1", "manager", 403, "forbidden"),
     ("intake", "1", "administrator", 422, "invalid"), ("sla", "1", "administrator", 422, "invalid"),
     ("sla", "9", "administrator", 422, "unknown-regulation"), ("sla", "1", "manager", 403, "forbidden")],
)  # fmt: skip
async def test_a_move_that_cannot_be_is_refused(
    town: Town, service: str, version: str, role: str, status: int, code: str
) -> None:
    body = {"reason": REASON} if service == "intake" else None

    answer = await ask(town, "PUT" if body else "GET", service, version, body, role)

    assert (answer[0], answer[1]["code"]) == (status, code)


async def test_a_move_stands_until_every_replica_registers_under_the_new_version(home: Site, folder: Path) -> None:
    clock = SetClock()
    async with serving(home, "intake", clock=clock) as town:
        write(folder, version=2)
        await in_force(town, "2", "intake")
        await ask(town, "PUT", "intake", body={"reason": REASON})
        before = await moved(town)
        clock.advance(minutes=2)

        async def finished() -> bool:
            return (await ask(town, "GET", "intake"))[1]["state"] == "done"

        await eventually(finished)

    assert before["state"] == "open"


async def test_a_later_move_of_the_same_regulation_takes_the_place_of_the_one_that_stands(
    town: Town, numbers: list[str]
) -> None:
    await ask(town, "PUT", "intake", body={"reason": REASON})
    await moved(town)

    await ask(town, "PUT", "intake", "1", {"from": "2", "reason": "back again"})
    back = await moved(town, "1", noted=2)

    assert ((await ask(town, "GET", "intake"))[1]["finished"], back["moved"]) == (True, 2)
    assert await versions(town, "intake", numbers) == ["1", "1", "1"]


async def test_an_order_whose_place_another_has_taken_is_carried_out_no_further(town: Town, numbers: list[str]) -> None:
    intake = town["intake"]
    first = moves.Order(regulation="own", version="2", origins=["1"], by="ada", reason=REASON, at=now())
    await moves.order(intake, first.model_copy(update={"reason": "said better", "at": now() + timedelta(seconds=1)}))

    assert not await moves.carry_out(intake, first)

    assert (await moved(town, noted=2))["reason"] == "said better"


async def test_a_move_ordered_twice_is_one(town: Town, numbers: list[str]) -> None:
    await ask(town, "PUT", "intake", body={"reason": REASON})
    await moved(town, noted=2)

    again = (await ask(town, "PUT", "intake", body={"reason": REASON}))[1]

    assert again["moved"] == 2


async def test_a_move_that_nobody_has_ordered_is_not_found(town: Town) -> None:
    assert (await ask(town, "GET", "intake"))[0] == 404


async def half_moved(site: Site) -> None:
    async with site.database("intake") as database:

        async def some() -> bool:
            return await database["complaints"].count_documents({"state.regulation_version": "2"}) > MANY // 10

        await eventually(some, within=30)


async def knows(running: Process, version: str) -> None:
    async def known() -> bool:
        return (await ask(running, "PUT", "intake", version, {"reason": REASON}))[0] == 202

    await eventually(known)


async def test_killed_half_way_every_complaint_is_moved_once(home: Site, folder: Path) -> None:
    own = {"regulation": "own", "regulation_version": "1"}
    complaints = [complaint_of(clock).model_copy(update=own) for clock in clocks(100, now())]
    async with home.database("intake") as database:
        await database["complaints"].insert_many(stored(MANY, complaints, now()))

    async with tapped(home.amqp_url, key="complaint.regulation-moved") as tap:
        async with process(home, "services.intake") as first:
            await first.ready()
            write(folder, version=2, within="2 working days")
            await knows(first, "2")
            await half_moved(home)
            await first.kill()
        async with process(home, "services.intake") as second:
            await second.ready()
            await moved(second)
            await eventually(lambda: len({one["subject"] for one in tap.seen}) == MANY, within=30)

    assert len({one["id"] for one in tap.seen}) == MANY
