"""Group commit: changes that arrive together are written together, and each caller learns what became of its own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import AsyncMock

import pytest

from shared.document import Document
from shared.errors import Conflict, NotFound, Unavailable
from shared.group_commit import MOST_WAITING, WORTH_A_COMMAND, GroupCommit
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
    """A repository that notes how many documents it is asked to write at once, and writes when it is let."""

    def __init__(self) -> None:
        self.commits: list[int] = []
        self.writes = asyncio.Event()

    async def commit(self, documents: Sequence[Document[Any]]) -> list[Document[Any]]:
        self.commits.append(len(documents))
        await self.writes.wait()
        return []


@asynccontextmanager
async def committing(ledger: Ledger) -> AsyncIterator[GroupCommit[Any]]:
    group: GroupCommit[Any] = GroupCommit(ledger)  # type: ignore[arg-type]
    runs = [asyncio.create_task(group.run()) for _ in range(2)]
    yield group
    for run in runs:
        run.cancel()


async def arrive(group: GroupCommit[Any], how_many: int) -> "list[asyncio.Task[Any]]":
    """So many changes come in one turn of the loop; nobody has more to do when it returns."""
    arrived = [asyncio.create_task(group.write(lambda: Document(Tally, a_fresh_number()))) for _ in range(how_many)]
    for _ in range(10):
        await asyncio.sleep(0)
    return arrived


async def test_what_comes_alone_is_written_at_once() -> None:
    ledger = Ledger()

    async with committing(ledger) as group:
        await arrive(group, 1)

    assert ledger.commits == [1]


async def test_what_comes_while_something_is_written_goes_next_together() -> None:
    ledger = Ledger()

    async with committing(ledger) as group:
        arrived = [change for _ in range(5) for change in await arrive(group, 1)]
        before = list(ledger.commits)
        ledger.writes.set()
        await asyncio.gather(*arrived)

    assert before == [1]
    assert ledger.commits == [1, 4]


async def test_as_many_as_are_worth_a_command_do_not_wait_for_the_one_under_way() -> None:
    ledger = Ledger()

    async with committing(ledger) as group:
        for how_many in (1, WORTH_A_COMMAND - 1, 1):
            await arrive(group, how_many)

    assert ledger.commits == [1, WORTH_A_COMMAND]


async def test_of_a_crowd_half_is_written_at_a_time() -> None:
    ledger = Ledger()

    async with committing(ledger) as group:
        arrived = await arrive(group, 4 * WORTH_A_COMMAND)
        before = list(ledger.commits)
        ledger.writes.set()
        await asyncio.gather(*arrived)

    assert before == [2 * WORTH_A_COMMAND, WORTH_A_COMMAND]
    assert sum(ledger.commits) == 4 * WORTH_A_COMMAND


async def test_a_batch_that_is_broken_off_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger()
    ledger.writes.set()

    async with committing(ledger) as group:
        with monkeypatch.context() as broken:
            broken.setattr(ledger, "commit", AsyncMock(side_effect=asyncio.CancelledError))
            [lost] = await arrive(group, 1)
        [kept] = await arrive(group, 1)

    assert lost.cancelled()
    assert kept.done()
    assert ledger.commits == [1]


async def test_a_crowd_that_is_too_large_is_told_to_come_again() -> None:
    ledger = Ledger()

    async with committing(ledger) as group:
        arrived = await arrive(group, MOST_WAITING + 1)
        turned_away = [change for change in arrived if change.done()]
        ledger.writes.set()
        *_, last = await asyncio.gather(*arrived, return_exceptions=True)

    assert turned_away == [arrived[-1]]
    assert isinstance(last, Unavailable)


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
