"""Registering: once however often it is asked for, with a number of its own, through any outage or not at all."""

import asyncio
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.ids import is_complaint_number
from shared.numbers import Numbers, sequence_of
from shared.testing.builders import a_registration
from tests.broker import tapped
from tests.core.packs import in_force, write
from tests.harness import Caller, Site, Town, eventually, process, redress, serving
from tests.line import line_to


async def stored(town: Town) -> int:
    return await town["intake"].repository.collection.count_documents({})


async def register_many(caller: Caller, keys: list[str], **changes: Any) -> list[tuple[int, dict[str, Any]]]:
    return await asyncio.gather(*(caller.register(key, **changes) for key in keys))


async def test_fifty_simultaneous_registrations_with_one_key_give_one_complaint_and_one_number(site: Site) -> None:
    async with serving(site, "intake") as town:
        answers = await register_many(town, ["one-key"] * 50)

        assert Counter(status for status, _ in answers) == {201: 1, 200: 49}
        assert len({receipt["number"] for _, receipt in answers}) == 1
        assert await stored(town) == 1


async def test_a_registration_repeated_after_the_regulation_asks_for_more_gives_its_receipt(
    site: Site, tmp_path: Path
) -> None:
    write(tmp_path, version=1)
    async with serving(replace(site, changes={"regulations": str(tmp_path)}), "intake") as town:
        _, receipt = await town.register("before", regulation="own")
        write(tmp_path, version=2, more="requires: [place]\n")
        await in_force(town, "2", "intake")

        repeated, fresh = [await town.register(key, regulation="own") for key in ("before", "after")]

        assert (repeated[0], repeated[1]["number"]) == (200, receipt["number"])
        assert (fresh[0], fresh[1]["errors"][0]["pointer"]) == (422, "#/place")


async def test_what_is_left_of_the_day_before_is_given_back_when_the_next_one_begins(site: Site) -> None:
    async with serving(site, "intake") as town:
        numbers = Numbers(town["intake"].direct["numbers"], 4)

        given = [await numbers.next("SQ", day) for day in ("20261123", "20261124", "20261123")]

        assert [sequence_of(number.rpartition("-")[2]) for number in given] == [0, 0, 1]


async def test_numbers_are_unique_under_concurrency_in_two_replicas(site: Site) -> None:
    small = replace(site, changes={"number_block": "7"})
    async with serving(small, "intake") as one, serving(small, "intake") as other:
        keys = [f"key-{n}" for n in range(60)]
        answers = await register_many(one, keys[::2]) + await register_many(other, keys[1::2])

        numbers = {receipt["number"] for _, receipt in answers}
        assert len(numbers) == 60
        assert all(map(is_complaint_number, numbers))


async def test_one_key_used_at_two_replicas_at_once_gives_one_complaint(site: Site) -> None:
    async with serving(site, "intake") as one, serving(site, "intake") as other:
        halves = await asyncio.gather(register_many(one, ["key"] * 10), register_many(other, ["key"] * 10))

        assert Counter(status for half in halves for status, _ in half) == {201: 1, 200: 19}
        assert await stored(one) == 1


@pytest.mark.parametrize("place", ["上海", "广州"])
async def test_what_was_registered_before_uses_up_no_number(site: Site, place: str) -> None:
    async with serving(site, "intake") as town:
        _, first = await town.register("key", place="上海")
        await town.register("key", place=place)
        _, second = await town.register()

    sequences = [sequence_of(receipt["number"].rpartition("-")[2]) for receipt in (first, second)]
    assert sequences[1] == sequences[0] + 1


async def test_a_stopping_replica_returns_the_numbers_it_has_not_used(site: Site) -> None:
    async with serving(site, "intake") as town:
        _, first = await town.register()
    async with serving(site, "intake") as town:
        _, second = await town.register()

    sequences = [sequence_of(receipt["number"].rpartition("-")[2]) for receipt in (first, second)]
    assert sequences[1] == sequences[0] + 1


async def test_the_numbers_that_a_crash_leaves_unused_are_listed(site: Site) -> None:
    async with process(site, "services.intake", number_block="10") as intake:
        await intake.ready()
        await intake.register()
        await intake.kill()

    said = await redress(site, "numbers", "gaps", "--json")

    (gap,) = json.loads(said.output)
    assert (gap["first"], gap["last"]) == (1, 9)


async def test_without_the_broker_complaints_are_registered_and_their_events_go_out_later(site: Site) -> None:
    async with (
        line_to(site.amqp_url) as line,
        tapped(site.amqp_url) as tap,
        serving(replace(site, amqp_url=line.url), "intake") as town,
    ):
        await line.cut()
        await eventually(lambda: not town["intake"].bus.ready)

        answers = await register_many(town, [f"key-{n}" for n in range(20)])
        assert {status for status, _ in answers} == {201}

        await line.mend()
        await eventually(lambda: town.settled("intake"))
        assert len(set(tap.ids("complaint.registered"))) == 20


async def test_without_the_broker_a_service_starts_and_registers(site: Site) -> None:
    async with line_to(site.amqp_url) as line:
        await line.cut()
        async with serving(replace(site, amqp_url=line.url), "intake", wait=False) as town:
            status, _ = await town.register()

    assert status == 201


async def test_without_the_database_nothing_is_acknowledged_and_afterwards_everything_works_again(site: Site) -> None:
    async with line_to(site.mongodb_url) as line, serving(replace(site, mongodb_url=line.url), "intake") as town:
        await town.register("before")
        await line.cut()

        headers = {"Authorization": f"Bearer {town.channel_key}", "Idempotency-Key": "lost"}
        async with town.http.post("/intake/complaints", json=a_registration(), headers=headers) as refused:
            assert (refused.status, refused.headers["Retry-After"]) == (503, "2")

        await line.mend()
        await eventually(lambda: accepted(town, "lost"))
        assert await stored(town) == 2


async def accepted(town: Town, key: str) -> bool:
    status, _ = await town.register(key)
    return status in (200, 201)
