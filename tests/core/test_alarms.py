"""Alarms: each rings once, whoever walks them, however late they were found, whatever the others do."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from time import sleep
from typing import Any

import pytest
from pydantic import field_validator
from pymongo import MongoClient

from shared.alarms import AT_FIRST_SECONDS, AT_ONCE, EFFECTS_AT_ONCE, POSTPONED, RESCAN
from shared.clock import now
from shared.document import Document, Step
from shared.errors import NotYet
from shared.handling import Context
from shared.settings import Settings
from shared.testing.builders import a_number, outgoing, registered
from shared.testing.clocks import SetClock
from shared.testing.keys import a_key
from tests.broker import publish, tapped
from tests.core.letters import step
from tests.core.tally import SAID, TALLY, Tally, raising
from tests.harness import Site, Town, eventually, process, serving

NAME = TALLY.name
NUMBERS = [a_number(n) for n in range(1, 41)]
FIRST, SECOND = NUMBERS[:2]


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def town(site: Site, clock: SetClock) -> AsyncIterator[Town]:
    async with serving(site, TALLY, clock=clock) as running, tapped(site.amqp_url):
        yield running


async def arm(town: Town, at: datetime, *numbers: str) -> None:
    """Have the tallies of these numbers woken at a moment."""
    documents = [Tally(number=number) for number in numbers]
    raws = [{"_id": one.id, "version": 1, "state": one.model_dump(), "inbox": [], "outbox": [], "alarm_at": at}
            for one in documents]  # fmt: skip
    await town[NAME].repository.collection.insert_many(raws)


async def rung(town: Town, *numbers: str) -> list[int]:
    """How often each of these has rung."""
    states = [await town.state(NAME, number) for number in numbers]
    return [len(state["state"]["rung"]) for state in states if state]


async def all_rang(town: Town, *numbers: str) -> bool:
    often = await rung(town, *numbers)
    return len(often) == len(numbers) and all(often)


async def test_with_two_replicas_each_alarm_rings_once_and_says_so_once(site: Site, clock: SetClock) -> None:
    async with (
        serving(site, TALLY, clock=clock) as town,
        serving(site, TALLY, clock=clock) as other,
        tapped(site.amqp_url) as tap,
    ):
        await arm(town, clock() + timedelta(hours=1), *NUMBERS)
        clock.advance(hours=1)
        await eventually(lambda: all_rang(town, *NUMBERS))
        await eventually(lambda: town.settled(NAME))

        assert await rung(other, *NUMBERS) == [1] * len(NUMBERS)
        assert len(set(tap.ids(SAID))) == len(NUMBERS)


async def test_two_replicas_that_walk_at_the_same_moment_ring_each_alarm_once(site: Site, clock: SetClock) -> None:
    async with (
        serving(site, TALLY, clock=clock) as town,
        serving(site, TALLY, clock=clock) as other,
        tapped(site.amqp_url),
    ):
        await arm(town, clock() + timedelta(hours=1), *NUMBERS)
        clock.advance(hours=1)
        for one in (town, other, town, other):
            await one[NAME].alarms.walk()

        assert await rung(town, *NUMBERS) == [1] * len(NUMBERS)


async def test_when_the_leader_is_killed_another_replica_rings(site: Site) -> None:
    number = a_number()
    async with process(site, "services.sla") as leader, tapped(site.amqp_url) as tap:
        await leader.ready()
        await publish(site.amqp_url, outgoing(registered(number, a_key()), number))
        async with serving(site, "sla") as town:
            await eventually(lambda: town.state("sla", number))
            await leader.kill()

            due_at = now()
            await town["sla"].repository.collection.update_one({"_id": number}, {"$set": {"alarm_at": due_at}})

            await eventually(lambda: rearmed(town, number, due_at))
            assert tap.ids("sla.target-set", number)


async def rearmed(town: Town, number: str, due_at: datetime) -> bool:
    document = await town.state("sla", number)
    return bool(document) and document["alarm_at"] != due_at


async def test_an_alarm_set_in_the_past_is_found_by_the_next_full_look(town: Town, clock: SetClock) -> None:
    clock.advance(hours=1)
    await town[NAME].alarms.walk()
    await arm(town, clock() - timedelta(days=30), FIRST)

    clock.advance(seconds=RESCAN.total_seconds() + 1)

    await eventually(lambda: all_rang(town, FIRST))


async def test_after_the_clock_has_fallen_back_an_alarm_set_in_the_past_is_found_at_once(
    town: Town, clock: SetClock
) -> None:
    clock.advance(hours=1)
    await town[NAME].alarms.walk()
    clock.advance(hours=-2)
    await arm(town, clock() - timedelta(days=30), FIRST)

    await town[NAME].alarms.walk()

    assert await rung(town, FIRST) == [1]


async def test_what_a_walk_has_found_due_rings_although_the_clock_falls_back_meanwhile(
    town: Town, clock: SetClock
) -> None:
    def fall_back(_: Tally, __: Any) -> None:
        clock.advance(hours=-1)

    numbers = [a_number(n) for n in range(1, AT_ONCE + 2)]
    town[NAME].kit[f"alarm {numbers[0]}"] = fall_back
    await arm(town, clock(), *numbers)

    await eventually(lambda: all_rang(town, numbers[-1]))


async def test_an_alarm_that_fails_is_postponed_and_the_others_ring(town: Town, clock: SetClock) -> None:
    town[NAME].kit[f"alarm {FIRST}"] = raising(ZeroDivisionError("not this one"))
    await arm(town, clock(), FIRST, SECOND)

    await eventually(lambda: all_rang(town, SECOND))

    document = await town.state(NAME, FIRST)
    assert document
    assert document["alarm_at"] == clock() + POSTPONED


async def test_an_alarm_that_is_too_early_is_put_off_although_another_changes_its_document_meanwhile(
    site: Site, town: Town, clock: SetClock
) -> None:
    collection = town[NAME].repository.collection
    with MongoClient[Any](site.mongodb_url) as client:
        another = client[collection.database.name][collection.name]

        def overtaken(*_: Any) -> None:
            another.update_one({"_id": FIRST, "version": 1}, {"$inc": {"version": 1}})
            raise NotYet("the pack is not here yet")

        town[NAME].kit["alarm"] = overtaken
        await arm(town, clock(), FIRST)
        await eventually(lambda: postponed(town, FIRST, clock()))

    document = await town.state(NAME, FIRST)
    assert document
    assert (document["version"], len(document["state"]["acted"])) == (3, 1)


async def test_a_postponed_alarm_rings_when_the_cause_is_mended(town: Town, clock: SetClock) -> None:
    town[NAME].kit["alarm"] = raising(ZeroDivisionError("not now"))
    await arm(town, clock(), FIRST)
    await eventually(lambda: postponed(town, FIRST, clock()))

    town[NAME].kit.clear()
    clock.advance(seconds=POSTPONED.total_seconds())

    await eventually(lambda: all_rang(town, FIRST))


async def test_an_effect_that_failed_is_tried_again_and_noted_once(town: Town, clock: SetClock) -> None:
    town[NAME].kit["effect"] = raising(OSError("the mail server does not answer"))
    await arm(town, clock(), FIRST)
    await eventually(lambda: postponed(town, FIRST, clock()))

    town[NAME].kit.clear()
    clock.advance(seconds=POSTPONED.total_seconds())
    await eventually(lambda: all_rang(town, FIRST))

    document = await town.state(NAME, FIRST)
    assert document
    assert len(document["state"]["acted"]) == 1


def wake_now(tally: Tally, context: Context[Any]) -> None:
    tally.wake_at(context.now)


async def test_what_a_new_document_wants_done_at_once_is_done_before_its_first_write(site: Site, town: Town) -> None:
    town[NAME].kit["begin"] = wake_now
    await publish(site.amqp_url, outgoing(registered(FIRST, a_key()), FIRST))

    await eventually(lambda: all_rang(town, FIRST))

    document = await town.state(NAME, FIRST)
    assert document
    assert (document["version"], len(document["state"]["acted"]), document["alarm_at"]) == (1, 1, None)


async def test_a_new_document_whose_effect_failed_is_written_and_tried_again(
    site: Site, town: Town, clock: SetClock
) -> None:
    town[NAME].kit.update(begin=wake_now, effect=raising(OSError("the mail server does not answer")))
    await publish(site.amqp_url, outgoing(registered(FIRST, a_key()), FIRST))

    await eventually(lambda: postponed(town, FIRST, clock()))


async def test_while_the_database_takes_no_writes_the_effect_of_a_new_document_is_not_had_again(
    town: Town, clock: SetClock
) -> None:
    alarms, attempts = town[NAME].alarms, [Document(Tally, FIRST) for _ in range(3)]
    for document in attempts:
        document.apply(Step(partial(due_now, FIRST, clock()), clock()))
        await alarms.ring_new([document], await town[NAME].context())

    assert [len(document.present.acted) for document in attempts] == [1, 0, 0]


async def test_when_effects_take_long_the_rest_of_the_new_documents_wait_for_the_tick(
    town: Town, clock: SetClock
) -> None:
    town[NAME].kit["effect"] = lambda *_: sleep(1.2 * AT_FIRST_SECONDS / EFFECTS_AT_ONCE)
    documents = [Document(Tally, a_number(nth)) for nth in range(EFFECTS_AT_ONCE)]
    for document in documents:
        document.apply(Step(partial(due_now, document.key, clock()), clock()))

    await town[NAME].alarms.ring_new(documents, await town[NAME].context())

    acted = [len(document.present.acted) for document in documents]
    assert acted == sorted(acted, reverse=True)
    assert (acted[0], acted[-1]) == (1, 0)


def due_now(number: str, now: datetime, _: Tally | None) -> Tally:
    tally = Tally(number=number)
    tally.wake_at(now)
    return tally


async def test_an_alarm_whose_document_cannot_be_stored_is_postponed_and_the_others_ring(
    town: Town, clock: SetClock
) -> None:
    def grow(tally: Tally, _: Any) -> None:
        tally.ballast = "x" * 17_000_000

    town[NAME].kit[f"alarm {FIRST}"] = grow
    await arm(town, clock(), FIRST, SECOND)

    await eventually(lambda: all_rang(town, SECOND))
    await eventually(lambda: postponed(town, FIRST, clock()))


async def postponed(town: Town, number: str, now: datetime) -> bool:
    document = await town.state(NAME, number)
    return bool(document) and document["alarm_at"] > now


class Seldom(Settings):
    """A service whose ticks are far apart."""

    @field_validator("tick", mode="after")
    @classmethod
    def _far_apart(cls, _: timedelta) -> timedelta:
        return timedelta(seconds=16)


async def test_what_is_due_at_once_does_not_wait_for_the_next_tick_in_its_turn(site: Site) -> None:
    async with serving(site, replace(TALLY, settings=Seldom)) as town, tapped(site.amqp_url):
        town[NAME].kit["now"] = lambda tally, context: tally.wake_at(context.now)
        for number in (FIRST, SECOND):  # the first may have met a tick by chance, and the second comes just after it
            await publish(site.amqp_url, outgoing(registered(number, a_key()), number), outgoing(step("now"), number))

            await eventually(partial(all_rang, town, number), within=8)
