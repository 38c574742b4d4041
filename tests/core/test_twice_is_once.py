"""Twice is once: whatever is delivered a second time changes nothing, for every handler of every service."""

from collections.abc import AsyncIterator
from itertools import count
from typing import Any, NamedTuple

import pytest

from shared.contracts.departments import AcceptReply, ProgressReply, ResolveReply
from shared.contracts.event import Message
from shared.ids import complaint_number
from shared.service import Running
from shared.testing.builders import registered, travelled
from shared.testing.keys import a_key
from shared.testing.stories import stories
from tests.core.resting import SERVICES, as_registered, heard, processor_of, resting
from tests.harness import Site, service

KEY = a_key()
sequence = count(1)
EVERY_HANDLER = [(name, kind) for name in SERVICES for kind in service(name).subscriptions.events]


class Stored(NamedTuple):
    """What of a document must not change."""

    state: dict[str, Any]
    inbox: list[str]
    outbox: list[dict[str, str]]
    alarm_at: Any


@pytest.fixture(scope="module")
async def services(module_site: Site) -> AsyncIterator[dict[str, Running[Any]]]:
    async with resting(module_site) as made:
        yield made


class Scene:
    """A complaint in one service, just before a message of a certain kind comes in."""

    def __init__(self, running: Running[Any], kind: type[Message], task: str = "") -> None:
        self.number = complaint_number("SQ", "20261123", next(sequence))
        self._running = running
        self._handle = processor_of(running, KEY).handle
        told = [heard(running.service.subscriptions, story) for story in stories(self.number, KEY).values()]
        self.before, self.message = next(
            (story[:at], message)
            for story in told
            for at, message in enumerate(story)
            if type(message) is kind and getattr(message, "task", "") == task
        )

    async def begin(self) -> None:
        """Let everything happen that comes before; intake learns of its complaint from a channel, not by message."""
        if self._running.service.name == "intake":
            event = travelled(registered(self.number, KEY), self.number)
            assert not await self._running.repository.commit([as_registered(event)])
        for message in self.before:
            await self.deliver(message)

    async def deliver(self, *batch: Message) -> None:
        """Have a batch handled; everything in it must be done."""
        verdicts = await self._handle(batch)
        assert {verdict.answer for verdict in verdicts} == {"done"}, verdicts

    async def stored(self) -> Stored:
        """The document as it is stored now."""
        collection, field = self._running.repository.collection, self._running.repository.kind.FOUND_BY
        raw = await collection.find_one({field: self.number})
        assert raw
        return Stored(raw["state"], raw["inbox"], raw["outbox"], raw["alarm_at"])


@pytest.mark.parametrize(("name", "kind"), EVERY_HANDLER)
async def test_a_message_delivered_twice_changes_nothing_the_second_time(
    name: str, kind: type[Message], services: dict[str, Running[Any]]
) -> None:
    scene = Scene(services[name], kind)
    await scene.begin()
    await scene.deliver(scene.message)
    once = await scene.stored()

    await scene.deliver(scene.message)

    assert await scene.stored() == once


@pytest.mark.parametrize("kind", [AcceptReply, ProgressReply, ResolveReply])
async def test_a_reply_about_a_task_delivered_twice_changes_nothing_the_second_time(
    kind: type[Message], services: dict[str, Running[Any]]
) -> None:
    scene = Scene(services["routing"], kind, task="1")
    await scene.begin()
    await scene.deliver(scene.message)
    once = await scene.stored()

    await scene.deliver(scene.message)

    assert (await scene.stored(), once.state["tasks"][0]["taken_by"]) == (once, "eve")


@pytest.mark.parametrize(("name", "kind"), EVERY_HANDLER)
async def test_a_message_that_stands_twice_in_one_batch_counts_once(
    name: str, kind: type[Message], services: dict[str, Running[Any]]
) -> None:
    scene, other = Scene(services[name], kind), Scene(services[name], kind)
    await scene.begin()
    await other.begin()
    await other.deliver(other.message)

    await scene.deliver(scene.message, scene.message)

    once, twice = await other.stored(), await scene.stored()
    assert twice.inbox.count(scene.message.id) <= 1  # what changes nothing is not even noted
    assert [one["type"] for one in twice.outbox] == [one["type"] for one in once.outbox]
