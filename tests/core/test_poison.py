"""Poison: what cannot be handled stops nobody, ends among the dead letters with its history, and can come back."""

import asyncio
import json
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import pytest
from click.testing import CliRunner, Result
from prometheus_client import REGISTRY

from shared.bus.dead import DeadLetter, letters
from shared.bus.wire import PREFIX
from shared.cli import main
from shared.contracts.event import Message
from shared.contracts.routing import CaseProgressed
from shared.errors import Discard
from shared.testing.builders import a_number, outgoing, registered
from shared.testing.keys import a_key
from tests.broker import publish, put, put_batch, tapped
from tests.core.tally import TALLY, Tally, raising
from tests.harness import Site, Town, eventually, serving

SERVICE = TALLY.name
sequence = count(1)


@pytest.fixture(scope="module")
async def town(module_site: Site) -> AsyncIterator[Town]:
    async with serving(module_site, TALLY) as running, tapped(module_site.amqp_url):
        yield running


@pytest.fixture(autouse=True)
def no_troubles(town: Town) -> None:
    town[SERVICE].kit.clear()


@pytest.fixture
async def number(module_site: Site, town: Town) -> str:
    """The number of a complaint that the service knows."""
    number = a_number(next(sequence))
    await publish(module_site.amqp_url, outgoing(registered(number, a_key()), number))
    await eventually(lambda: town.state(SERVICE, number))
    return number


async def steps_of(town: Town, number: str) -> list[str]:
    document = await town.state(SERVICE, number)
    return document["state"]["steps"] if document else []


async def takes(town: Town, number: str, *steps: str) -> None:
    """Wait until just these steps have been taken."""

    async def taken() -> bool:
        return sorted(await steps_of(town, number)) == sorted(steps)

    await eventually(taken)


async def dead(site: Site, of: str) -> DeadLetter:
    """The one dead letter whose text or reason has these words in it."""

    async def found() -> list[DeadLetter]:
        return [one for one in await letters(site.amqp_url, SERVICE) if of in f"{one.number} {one.reason} {one.body}"]

    (letter,) = await eventually(found)
    return letter


def step(name: str) -> CaseProgressed:
    return CaseProgressed(step=name)


def event(message: Message, number: str, **changes: Any) -> dict[str, Any]:
    """The message as one element of a batch, as JSON has it."""
    one = outgoing(message, number)
    attributes = {"specversion": "1.0", "id": one.id, "source": "/redress/test", "type": one.type, "subject": number,
                  "time": one.time, "data": json.loads(one.data)}  # fmt: skip
    return {name: value for name, value in (attributes | changes).items() if value is not ...}


BROKEN_ELEMENTS = [
    ("a word", "unknown event type None"),
    ({"type": ...}, "unknown event type None"),
    ({"type": "case.exploded"}, "unknown event type 'case.exploded'"),
    ({"data": {"visible_to_complainant": "perhaps"}}, "/step: Field required"),
    ({"data": [1, 2]}, "valid dictionary"),
    ({"data": ...}, "valid dictionary"),
    ({"id": ...}, "'id' is missing"),
    ({"id": ["a", "list"]}, "attribute 'id'"),
    ({"id": ""}, "attribute 'id'"),
    ({"subject": {"a": "map"}}, "attribute 'subject'"),
    ({"subject": ...}, "'subject' is missing"),
    ({"time": "yesterday"}, "Input should be a valid datetime"),
    ({"time": "2026-11-23T09:30:00"}, "timezone"),
    ({"type": "case.exploded", "x" * 300: "a name that no header can have"}, "unknown event type"),
    ({"type": "y" * 200_000}, "unknown event type 'yyy"),
]


@pytest.mark.parametrize(("changes", "reason"), BROKEN_ELEMENTS)
async def test_a_broken_element_is_dead_with_its_reason_and_its_neighbours_are_handled(
    changes: Any, reason: str, town: Town, module_site: Site, number: str
) -> None:
    broken = event(step("broken"), number, **changes) if isinstance(changes, dict) else changes
    neighbours = [event(step("before"), number), broken, event(step("after"), number)]

    await put_batch(module_site.amqp_url, SERVICE, neighbours)

    await takes(town, number, "before", "after")
    assert (await dead(module_site, reason)).reason
    await empty_dead_queue(module_site)


BROKEN_MESSAGES = [
    (b"{", "application/json", "case.progressed", "not JSON"),
    (b'{"step": 7}', "application/json", "case.progressed", "/step: Input should be a valid string"),
    (b"\xff\xfe", "text/plain", "case.progressed", "not JSON"),
    (b"", "application/json", "case.progressed", "not JSON"),
    (b"[{]", "application/cloudevents-batch+json", "", "the batch is not JSON"),
    (b'{"a": 1}', "application/cloudevents-batch+json", "", "the batch is not a JSON array"),
    (b'{"step": "called"}', "application/json", "", "unknown event type None"),
]


@pytest.mark.parametrize(("body", "content_type", "kind", "reason"), BROKEN_MESSAGES)
async def test_a_message_that_nobody_understands_is_dead_with_its_reason_and_the_next_one_is_handled(
    body: bytes, content_type: str, kind: str, reason: str, town: Town, module_site: Site, number: str
) -> None:
    attributes = {"type": kind, "id": "1", "source": "/x", "subject": number, "time": "2026-11-23T09:30:00Z"}
    headers = {PREFIX + name: value for name, value in attributes.items()} if kind else {}
    await put(module_site.amqp_url, SERVICE, body, headers, content_type)

    await publish(module_site.amqp_url, outgoing(step("next"), number))

    await takes(town, number, "next")
    assert reason in (await dead(module_site, reason)).last_error
    await empty_dead_queue(module_site)


async def test_a_handler_that_fails_is_tried_again_until_it_succeeds(
    town: Town, module_site: Site, number: str
) -> None:
    failures = count(1)

    def fails_once(*_: Any) -> None:
        if next(failures) == 1:
            raise ZeroDivisionError("only once")

    town[SERVICE].kit["fragile"] = fails_once
    await publish(module_site.amqp_url, outgoing(step("fragile"), number))

    await takes(town, number, "fragile")


async def test_a_handler_that_goes_on_failing_gives_a_dead_letter_with_first_and_last_error(
    town: Town, module_site: Site, number: str
) -> None:
    failures = count(1)

    def fails(*_: Any) -> None:
        raise ZeroDivisionError(f"failure {next(failures)}")

    town[SERVICE].kit["broken"] = fails
    batch = [event(step("before"), number), event(step("broken"), number), event(step("after"), number)]
    await put_batch(module_site.amqp_url, SERVICE, batch)

    letter = await dead(module_site, number)
    await takes(town, number, "before", "after")
    assert (letter.attempts, "failure 1" in letter.first_error, "failure 3" in letter.last_error) == (3, True, True)
    assert (letter.type, letter.number) == ("case.progressed", number)
    await empty_dead_queue(module_site)


async def test_a_discarded_message_is_dead_at_once_with_its_reason(town: Town, module_site: Site, number: str) -> None:
    town[SERVICE].kit["absurd"] = raising(Discard("this can never be"))
    await publish(module_site.amqp_url, outgoing(step("absurd"), number))

    letter = await dead(module_site, number)
    assert (letter.reason, letter.attempts) == ("this can never be", 0)
    await empty_dead_queue(module_site)


def put_off() -> float:
    """How many messages were told to come again later."""
    return REGISTRY.get_sample_value("redress_messages_total", {"service": SERVICE, "verdict": "later"}) or 0.0


async def test_a_message_that_comes_too_early_waits_at_no_cost(town: Town, module_site: Site) -> None:
    number = a_number(next(sequence))
    before = put_off()
    await publish(module_site.amqp_url, outgoing(step("early"), number))
    attempts = town[SERVICE].settings.attempts
    await eventually(lambda: put_off() > before + attempts)

    await publish(module_site.amqp_url, outgoing(registered(number, a_key()), number))

    await takes(town, number, "early")


async def test_a_document_that_the_database_refuses_fails_alone(town: Town, module_site: Site, number: str) -> None:
    def grows(tally: Tally, _: Any) -> None:
        tally.ballast = "x" * 17_000_000

    town[SERVICE].kit["grow"] = grows
    other = a_number(next(sequence))
    others = [event(registered(other, a_key()), other), event(step("small"), other)]
    await put_batch(module_site.amqp_url, SERVICE, [event(step("grow"), number), *others])

    await takes(town, other, "small")
    assert "Size must be between" in (await dead(module_site, number)).last_error
    await empty_dead_queue(module_site)


async def test_a_stored_document_that_cannot_be_read_does_not_stop_the_others(
    town: Town, module_site: Site, number: str
) -> None:
    tallies = town[SERVICE].repository.collection
    await tallies.update_one({"_id": number}, {"$set": {"state.steps": "no list"}})
    other = a_number(next(sequence))
    batch = [event(step("lost"), number), event(registered(other, a_key()), other), event(step("fine"), other)]
    await put_batch(module_site.amqp_url, SERVICE, batch)

    await takes(town, other, "fine")
    assert "valid list" in (await dead(module_site, number)).last_error
    await empty_dead_queue(module_site)


async def redress(site: Site, *argv: str) -> Result:
    """Run an operator's command as it is run on a console."""
    return await asyncio.to_thread(CliRunner().invoke, main, argv, env=site.environment())


async def empty_dead_queue(site: Site) -> None:
    assert (await redress(site, "dead", "drop", SERVICE, "--all")).exit_code == 0
    assert not await letters(site.amqp_url, SERVICE)


async def a_dead_letter(town: Town, site: Site, number: str) -> DeadLetter:
    """A step that was buried because its handler was broken."""
    town[SERVICE].kit["broken"] = raising(Discard("broken"))
    await publish(site.amqp_url, outgoing(step("broken"), number))
    return await dead(site, number)


async def test_a_replayed_letter_is_handled_after_the_cause_is_mended(
    town: Town, module_site: Site, number: str
) -> None:
    letter = await a_dead_letter(town, module_site, number)
    town[SERVICE].kit.clear()

    said = await redress(module_site, "dead", "replay", SERVICE, letter.id)

    assert (said.exit_code, said.output) == (0, "1 put back\n")
    await takes(town, number, "broken")
    assert not await letters(module_site.amqp_url, SERVICE)


async def test_replaying_everything_ends_although_the_cause_is_not_mended(
    town: Town, module_site: Site, number: str
) -> None:
    letter = await a_dead_letter(town, module_site, number)

    said = await redress(module_site, "dead", "replay", SERVICE, "--all")

    assert said.output == "1 put back\n"
    assert (await dead(module_site, number)).id == letter.id
    await empty_dead_queue(module_site)


async def test_the_list_names_each_letter_and_leaves_it_there(town: Town, module_site: Site, number: str) -> None:
    letter = await a_dead_letter(town, module_site, number)

    said = await redress(module_site, "dead", "list", SERVICE)

    assert said.output == f"{letter.id}  case.progressed  {number}  broken\n"
    assert await letters(module_site.amqp_url, SERVICE) == [letter]
    await empty_dead_queue(module_site)


async def test_a_letter_is_shown_with_all_that_befell_it(town: Town, module_site: Site, number: str) -> None:
    letter = await a_dead_letter(town, module_site, number)

    said = await redress(module_site, "dead", "show", SERVICE, letter.id)

    shown = json.loads(said.output)
    assert (shown["reason"], shown["first_error"], shown["number"]) == ("broken", "broken", number)
    await empty_dead_queue(module_site)


async def test_dropping_one_letter_leaves_the_others(town: Town, module_site: Site, number: str) -> None:
    letter = await a_dead_letter(town, module_site, number)
    await publish(module_site.amqp_url, outgoing(step("broken"), a_number(1)))
    await eventually(lambda: two_letters(module_site))

    said = await redress(module_site, "dead", "drop", SERVICE, letter.id)

    assert said.output == "1 dropped\n"
    assert [one.number for one in await letters(module_site.amqp_url, SERVICE)] == [a_number(1)]
    await empty_dead_queue(module_site)


async def two_letters(site: Site) -> bool:
    return len(await letters(site.amqp_url, SERVICE)) == 2


@pytest.mark.parametrize("command", ["show", "replay", "drop"])
async def test_a_letter_that_is_not_there_is_a_no(command: str, town: Town, module_site: Site) -> None:
    said = await redress(module_site, "dead", command, SERVICE, "01J000")

    assert (said.exit_code, "has no dead letter 01J000" in said.output) == (1, True)


@pytest.mark.parametrize("command", ["replay", "drop"])
async def test_without_saying_which_letters_nothing_is_done(command: str, module_site: Site) -> None:
    assert (await redress(module_site, "dead", command, SERVICE)).exit_code == 2
