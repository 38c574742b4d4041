"""Group commit: changes that arrive together are written together, and each caller learns what became of its own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from shared.document import Document
from shared.errors import Conflict, NotFound
from shared.repository import GroupCommit
from shared.testing.builders import outgoing, registered
from shared.testing.keys import a_key
from tests.broker import publish
from tests.core.letters import SERVICE, a_fresh_number, steps_of
from tests.core.tally import Tally
from tests.harness import Site, Town, eventually


def count_one(tally: Tally, _: Any) -> None:
    tally.count("one")


def grow(tally: Tally, _: Any) -> None:
    tally.ballast = "x" * 17_000_000


async def test_a_change_that_the_database_refuses_fails_alone(town: Town, module_site: Site, number: str) -> None:
    others = [a_fresh_number() for _ in range(5)]
    await publish(module_site.amqp_url, *(outgoing(registered(other, a_key()), other) for other in others))
    await asyncio.gather(*(eventually(lambda other=other: town.state(SERVICE, other)) for other in others))
    changes = [town[SERVICE].change(other, count_one) for other in others]

    refused, *changed = await asyncio.gather(town[SERVICE].change(number, grow), *changes, return_exceptions=True)

    assert "cannot be stored" in str(refused)
    assert [tally.steps for tally in changed] == [["one"]] * len(others)


async def test_a_document_that_cannot_be_made_fails_alone(town: Town, number: str) -> None:
    def cannot_be_made() -> Document[Any]:
        raise ValueError("not this one")

    writes = town[SERVICE].enter(cannot_be_made), town[SERVICE].change(number, count_one)
    refused, changed = await asyncio.gather(*writes, return_exceptions=True)

    assert str(refused) == "not this one"
    assert isinstance(changed, Tally)
    assert changed.steps == ["one"]


class Ledger:
    """A repository that only notes how many documents it is asked to write at once."""

    def __init__(self) -> None:
        self.commits: list[int] = []

    async def commit(self, documents: Sequence[Document[Any]]) -> list[Document[Any]]:
        self.commits.append(len(documents))
        await asyncio.sleep(0)
        return []


@asynccontextmanager
async def committing(ledger: Ledger) -> AsyncIterator[GroupCommit[Any]]:
    group: GroupCommit[Any] = GroupCommit(ledger)  # type: ignore[arg-type]
    runs = [asyncio.create_task(group.run()) for _ in range(2)]
    yield group
    for run in runs:
        run.cancel()


def a_document() -> Document[Any]:
    return Document(Tally, a_fresh_number())


async def test_what_arrives_turn_after_turn_is_written_together() -> None:
    ledger = Ledger()

    async def arrive(turns: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        await group.write(a_document)

    async with committing(ledger) as group:
        await asyncio.gather(*(arrive(turns) for turns in range(10)))

    assert ledger.commits == [10]


async def test_whoever_keeps_arriving_makes_nobody_wait_for_ever() -> None:
    ledger = Ledger()

    async with committing(ledger) as group:
        writes = [asyncio.create_task(group.write(a_document))]
        while not writes[0].done():
            writes.append(asyncio.create_task(group.write(a_document)))
            await asyncio.sleep(0)
        await asyncio.gather(*writes)

    assert sum(ledger.commits) == len(writes)


async def test_simultaneous_changes_of_one_document_all_count(town: Town, number: str) -> None:
    await asyncio.gather(*(town[SERVICE].change(number, count_one) for _ in range(5)))

    assert await steps_of(town, number) == ["one"] * 5


async def test_a_change_that_always_loses_is_a_conflict(town: Town, number: str) -> None:
    collection = town[SERVICE].repository.collection.delegate

    def be_overtaken(tally: Tally, context: Any) -> None:
        collection.update_one({"_id": number}, {"$inc": {"version": 1}})
        count_one(tally, context)

    with pytest.raises(Conflict):
        await town[SERVICE].change(number, be_overtaken)


async def test_a_change_of_what_is_not_there_is_refused(town: Town) -> None:
    with pytest.raises(NotFound):
        await town[SERVICE].change(a_fresh_number(), count_one)
