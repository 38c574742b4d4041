"""Poison: what cannot be handled stops nobody, and ends among the dead letters with its history."""

from itertools import count
from typing import Any

import orjson
import pytest
from prometheus_client import REGISTRY

from shared.bus.wire import PREFIX
from shared.errors import Discard
from shared.testing.builders import outgoing, registered
from shared.testing.keys import a_key
from tests.broker import depth, publish, put, put_batch
from tests.core.letters import SERVICE, a_fresh_number, dead, empty_dead_queue, event, step, takes
from tests.core.tally import Tally, raising
from tests.harness import Site, Town, eventually

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
    ({"time": "yesterday"}, "should be a valid datetime"),
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


UNPRINTABLE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"content_type": 5}, {}),
    ({"x-redress-first-error": ["a", "list"]}, {}),
    ({f"{PREFIX}id": "号" * 900}, {"reply_to": "department.quality"}),
]


@pytest.mark.parametrize(("headers", "properties"), UNPRINTABLE)
async def test_what_amqp_cannot_hold_is_cut_and_stops_nothing(
    town: Town, module_site: Site, number: str, headers: dict[str, Any], properties: dict[str, Any]
) -> None:
    await put(module_site.amqp_url, SERVICE, b"not json", headers, **properties)
    await publish(module_site.amqp_url, outgoing(step("after"), number))

    await takes(town, number, "after")
    assert (await dead(module_site, "not json")).attempts == 0
    await empty_dead_queue(module_site)


@pytest.mark.parametrize("attempts", [2**63 - 1, "x"])
async def test_attempts_that_others_have_written_are_not_counted(
    town: Town, module_site: Site, number: str, attempts: Any
) -> None:
    town[SERVICE].kit["broken"] = raising(ZeroDivisionError("always"))
    attributes = event(step("broken"), number)
    headers = {PREFIX + name: value for name, value in attributes.items() if name != "data"}
    body = orjson.dumps(attributes["data"])

    await put(module_site.amqp_url, SERVICE, body, headers | {"x-redress-attempts": attempts})

    assert (await dead(module_site, number)).attempts == 3
    await empty_dead_queue(module_site)


async def test_a_message_is_not_dead_because_another_complaints_of_the_same_id_is(
    town: Town, module_site: Site, number: str
) -> None:
    town[SERVICE].kit["absurd"] = raising(Discard("this can never be"))
    other = a_fresh_number()
    await publish(module_site.amqp_url, outgoing(registered(other, a_key()), other))
    await eventually(lambda: town.state(SERVICE, other))

    await put_batch(
        module_site.amqp_url, SERVICE, [event(step("good"), number, id="1"), event(step("absurd"), other, id="1")]
    )

    await takes(town, number, "good")
    assert (await dead(module_site, "this can never be")).number == other
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


@pytest.mark.parametrize("moment", ["garbage", "0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00"])
async def test_headers_that_others_have_written_stop_nothing(
    town: Town, module_site: Site, number: str, moment: str
) -> None:
    nonsense = {"x-redress-attempts": "abc", "x-redress-first-at": moment, "x-redress-waits": -3}
    await put(module_site.amqp_url, SERVICE, b"not json", nonsense)
    await publish(module_site.amqp_url, outgoing(step("after"), number))

    await takes(town, number, "after")
    await eventually(lambda: depth(module_site.amqp_url, f"{SERVICE}.dead"))
    await empty_dead_queue(module_site)


def put_off() -> float:
    """How many messages were told to come again later."""
    return REGISTRY.get_sample_value("redress_messages_total", {"service": SERVICE, "verdict": "later"}) or 0.0


async def test_a_message_that_comes_too_early_waits_at_no_cost(town: Town, module_site: Site) -> None:
    number = a_fresh_number()
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
    other = a_fresh_number()
    others = [event(registered(other, a_key()), other), event(step("small"), other)]
    await put_batch(module_site.amqp_url, SERVICE, [event(step("grow"), number), *others])

    await takes(town, other, "small")
    assert "too large" in (await dead(module_site, number)).last_error
    await empty_dead_queue(module_site)


async def test_a_stored_document_that_cannot_be_read_does_not_stop_the_others(
    town: Town, module_site: Site, number: str
) -> None:
    tallies = town[SERVICE].repository.collection
    await tallies.update_one({"_id": number}, {"$set": {"state.steps": "no list"}})
    other = a_fresh_number()
    batch = [event(step("lost"), number), event(registered(other, a_key()), other), event(step("fine"), other)]
    await put_batch(module_site.amqp_url, SERVICE, batch)

    await takes(town, other, "fine")
    assert "valid list" in (await dead(module_site, number)).last_error
    await empty_dead_queue(module_site)
