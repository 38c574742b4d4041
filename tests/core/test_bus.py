"""The bus: comes back after every fall with its consumer, loses nothing, says whether it stands, leaves in order."""

import asyncio
from dataclasses import replace
from typing import Any

import orjson
import pytest
from prometheus_client import REGISTRY

from deploy.local import Servers
from shared import lull
from shared.contracts.intake import ComplaintRegistered
from shared.contracts.routing import CaseProgressed
from shared.document import Outgoing
from shared.ids import complaint_number
from shared.service import Service
from shared.testing.builders import a_number, outgoing, registered
from shared.testing.keys import a_key
from tests.broker import depth, gone, publish, put, tapped
from tests.core.tally import SAID, TALLY
from tests.harness import Site, Town, eventually, process, serving
from tests.line import line_to

NAME = TALLY.name
NUMBER = a_number()


def begin(number: str = NUMBER) -> Outgoing:
    return outgoing(registered(number, a_key()), number)


def step(name: str, number: str = NUMBER) -> Outgoing:
    return outgoing(CaseProgressed(step=name), number)


async def test_what_is_still_gathering_when_the_service_leaves_is_left_to_others(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lull, "LONGEST_QUIET", 6.0)  # half of that is waited for the next one

    async def delivered() -> bool:
        return await depth(site.amqp_url, NAME) == 0

    async with serving(replace(site, changes={"batch_linger": "48"}), TALLY) as town, tapped(site.amqp_url):
        await publish(site.amqp_url, begin())
        await eventually(delivered)

        await town[NAME].bus.drain()
        await asyncio.sleep(3.5)

        assert await town.state(NAME, NUMBER) is None
    assert await depth(site.amqp_url, NAME) == 1


async def status(town: Town) -> int:
    async with town.http.get("/readyz") as answer:
        return answer.status


async def counted(town: Town, number: str = NUMBER) -> list[str]:
    document = await town.state(NAME, number)
    return document["state"]["steps"] if document else []


async def is_ready(town: Town) -> bool:
    return await status(town) == 200


async def is_not_ready(town: Town) -> bool:
    return await status(town) == 503


async def test_after_a_restart_of_the_broker_messages_are_handled_and_readiness_is_back(
    site: Site, servers: Servers
) -> None:
    async with serving(site, TALLY) as town:
        await asyncio.to_thread(servers.kill_rabbitmq)
        await eventually(lambda: is_not_ready(town))

        await asyncio.to_thread(servers.start_rabbitmq)
        await eventually(lambda: is_ready(town), within=20)

        await publish(site.amqp_url, begin(), step("after"))
        await eventually(lambda: counted(town))


async def test_after_a_lost_connection_a_message_published_since_is_handled(site: Site) -> None:
    async with line_to(site.amqp_url) as line, serving(replace(site, amqp_url=line.url), TALLY) as town:
        await line.cut()
        await eventually(lambda: is_not_ready(town))
        await publish(site.amqp_url, begin(), step("while away"))

        await line.mend()

        await eventually(lambda: counted(town))
        assert await is_ready(town)


async def test_a_deleted_queue_is_declared_and_consumed_again(site: Site) -> None:
    async with serving(site, TALLY) as town:
        await gone(site.amqp_url, NAME)
        await eventually(lambda: is_not_ready(town))
        await eventually(lambda: is_ready(town))

        await publish(site.amqp_url, begin(), step("after"))

        await eventually(lambda: counted(town))


async def test_a_message_that_no_queue_takes_stays_in_its_outbox_until_one_does(site: Site) -> None:
    async with serving(site, TALLY) as town:
        await publish(site.amqp_url, begin(), step("unheard"))
        await eventually(lambda: counted(town))
        assert not await town.settled(NAME)

        async with tapped(site.amqp_url) as tap:
            await eventually(lambda: tap.ids(SAID))
            await eventually(lambda: town.settled(NAME))


async def test_a_message_whose_confirm_was_lost_is_published_again_with_the_same_id(site: Site) -> None:
    async with (
        tapped(site.amqp_url) as tap,
        line_to(site.amqp_url) as line,
        serving(replace(site, amqp_url=line.url), "intake") as town,
    ):
        line.strike_deaf()
        await town.register()
        await eventually(lambda: tap.ids("complaint.registered"))
        assert not await town.settled("intake")

        await line.cut()
        await line.mend()

        await eventually(lambda: town.settled("intake"))
        ids = tap.ids("complaint.registered")
        assert (len(ids) >= 2, len(set(ids))) == (True, 1)


async def test_when_there_is_much_to_say_several_events_travel_in_one_message(site: Site) -> None:
    async with serving(site, TALLY) as town, tapped(site.amqp_url, key=SAID) as tap:
        await publish(site.amqp_url, begin(), *(step(f"step {n}") for n in range(100)))
        await eventually(lambda: len(set(tap.ids(SAID))) == 100)

    assert max(tap.sizes) > 1
    assert town


async def test_a_single_event_travels_alone(site: Site) -> None:
    async with serving(site, "intake") as town, tapped(site.amqp_url) as tap:
        await town.register()
        await eventually(lambda: tap.ids("complaint.registered"))

    assert tap.sizes == [1]


async def test_health_and_readiness_say_what_is_what(site: Site) -> None:
    async with line_to(site.mongodb_url) as line, serving(replace(site, mongodb_url=line.url), TALLY) as town:
        assert await town.send("GET", "/healthz") == (200, {"alive": True})
        assert await town.send("GET", "/readyz") == (200, {"ready": True, NAME: {"database": True, "queue": True}})

        await line.cut()

        assert await town.send("GET", "/readyz") == (503, {"ready": False, NAME: {"database": False, "queue": True}})


async def test_a_department_s_reply_that_comes_before_its_case_is_obeyed_when_the_case_is_there(site: Site) -> None:
    async with serving(site, "routing") as town:
        before = put_off("routing")
        reply = orjson.dumps({"type": "accept", "number": NUMBER, "by": "amy"})
        await put(site.amqp_url, "department.replies", reply)
        await eventually(lambda: put_off("routing") > before)

        key = await town["routing"].vault.new_key()
        await publish(site.amqp_url, outgoing(registered(NUMBER, key), NUMBER))

        await eventually(lambda: town_has_accepted(town))


async def town_has_accepted(town: Town) -> bool:
    case = await town.state("routing", NUMBER)
    return bool(case) and case["state"]["status"] == "in-progress"


def put_off(name: str) -> float:
    """How many messages a service was given too early."""
    return answered("later", name)


def answered(verdict: str, name: str = NAME) -> float:
    """How many messages a service has given this verdict."""
    return REGISTRY.get_sample_value("redress_messages_total", {"service": name, "verdict": verdict}) or 0.0


LOAD = 300


async def test_a_service_told_to_stop_leaves_in_order_and_loses_nothing(site: Site) -> None:
    numbers = [complaint_number("SQ", "20261123", n) for n in range(LOAD)]
    async with tapped(site.amqp_url):
        async with process(site, "services.sla") as sla:
            await sla.ready()
            await publish(site.amqp_url, *map(begin, numbers))
            await eventually(lambda: some_clocks(site, 1))
            assert await sla.stop(within=20) == 0

        async with serving(site, "sla") as town:
            await eventually(lambda: some_clocks(site, LOAD))
            await eventually(lambda: town.settled("sla"))
            clocks = await town["sla"].repository.collection.find().to_list(None)

    assert {clock["_id"] for clock in clocks} == set(numbers)
    assert {len(clock["inbox"]) for clock in clocks} == {1}


async def some_clocks(site: Site, number: int) -> Any:
    async with site.database("sla") as database:
        return await database["clocks"].count_documents({}) >= number


def of_a_newer_version() -> Service:
    """The tally of a version that no longer listens to steps."""
    hears = {ComplaintRegistered: TALLY.subscriptions.events[ComplaintRegistered]}
    return replace(TALLY, subscriptions=replace(TALLY.subscriptions, events=hears, retired=frozenset({CaseProgressed})))


async def test_what_a_newer_version_does_not_hear_no_longer_comes_to_it(site: Site) -> None:
    async with serving(site, TALLY):
        pass
    async with serving(site, of_a_newer_version()):
        pass

    await publish(site.amqp_url, step("unheard"), begin())

    assert await depth(site.amqp_url, NAME) == 1


async def test_what_is_under_way_to_a_newer_version_that_does_not_hear_it_changes_nothing(site: Site) -> None:
    async with serving(site, of_a_newer_version()) as town:
        before = answered("done")
        await publish(site.amqp_url, begin(), queue=NAME)
        await publish(site.amqp_url, step("left over"), queue=NAME)

        await eventually(lambda: answered("done") == before + 2)

        assert (await counted(town), await depth(site.amqp_url, f"{NAME}.dead")) == ([], 0)
