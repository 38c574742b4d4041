"""How a change is written: what was published leaves the outbox by the way, what changes nothing is not written."""

from collections.abc import Collection, Sequence
from functools import reduce
from typing import Any

import pytest
from pymongo.read_concern import ReadConcern

from shared.aggregate import Aggregate
from shared.clock import now
from shared.document import Document, Outgoing, Step
from shared.errors import Unavailable
from shared.repository import Repository
from tests.core.letters import SERVICE, a_fresh_number
from tests.core.tally import Tally
from tests.harness import Town


class Outlet:
    """A publisher that confirms what it is told to confirm."""

    def __init__(self) -> None:
        self.known: dict[str, set[str]] = {}
        self.emptied: list[str] = []

    def offer(self, entries: Sequence[tuple[str, Outgoing]]) -> None:
        """Nothing is sent anywhere."""

    def confirmed(self, document_id: str) -> Collection[str]:
        """What a test has confirmed."""
        return self.known.get(document_id, ())

    def struck(self, document_id: str) -> None:
        """Note it."""
        self.emptied.append(document_id)


class Desk:
    """One stored tally, and changes of it."""

    def __init__(self, town: Town) -> None:
        self.outlet = Outlet()
        self.collection = town[SERVICE].repository.collection
        self.carry_out = town[SERVICE].direct.command
        self.repository = Repository(self.collection, Tally, self.outlet, self.carry_out)
        self.number = a_fresh_number()

    async def take(self, *steps: str) -> Document[Tally]:
        """Count these steps in one change."""
        document = (await self.repository.load([self.number]))[self.number]

        def change(tally: Tally | None) -> Tally:
            tally = tally or Tally(number=self.number)
            for step in steps:
                tally.count(step)
            return tally

        document.apply(Step(change, now()))
        await self.repository.commit([document])
        return document

    async def waiting(self) -> list[str]:
        """The steps whose messages wait in the outbox."""
        at_once = self.collection.with_options(read_concern=ReadConcern("local"))  # settling waits for one node only
        raw: dict[str, Any] = await at_once.find_one({"_id": self.number})
        return [entry["data"].split('"')[3] for entry in raw["outbox"]]


@pytest.fixture
def desk(town: Town) -> Desk:
    return Desk(town)


async def test_a_change_takes_what_was_published_out_of_the_outbox(desk: Desk) -> None:
    first = await desk.take("one", "two")
    desk.outlet.known[desk.number] = {message.id for message in first.outbox}

    await desk.take("three")

    assert (await desk.waiting(), desk.outlet.emptied) == (["three"], [desk.number])


async def test_a_change_leaves_all_in_the_outbox_while_anything_is_not_published(desk: Desk) -> None:
    first = await desk.take("one", "two")
    desk.outlet.known[desk.number] = {first.outbox[0].id}

    await desk.take("three")

    assert (await desk.waiting(), desk.outlet.emptied) == (["one", "two", "three"], [])


async def test_a_change_that_loses_a_race_takes_nothing_out(desk: Desk) -> None:
    first = await desk.take("one")
    desk.outlet.known[desk.number] = {message.id for message in first.outbox}
    late = (await desk.repository.load([desk.number]))[desk.number]
    late.apply(Step(lambda tally: tally or Tally(number=desk.number), now()))
    late.present.count("late")
    desk.outlet.known.clear()
    await desk.take("two")
    desk.outlet.known[desk.number] = {message.id for message in first.outbox}

    losers = await desk.repository.commit([late])

    assert (losers, await desk.waiting(), desk.outlet.emptied) == ([late], ["one", "two"], [])


async def test_what_changes_nothing_is_not_written(desk: Desk) -> None:
    await desk.take("one")
    before = await desk.collection.find_one({"_id": desk.number})

    await desk.take()

    assert await desk.collection.find_one({"_id": desk.number}) == before


async def test_what_is_settled_of_many_documents_leaves_the_rest_of_each(desk: Desk, town: Town) -> None:
    other = Desk(town)
    mine, others = await desk.take("one", "two"), await other.take("three", "four")

    await desk.repository.settle({desk.number: [mine.outbox[0].id], other.number: [others.outbox[1].id]})

    assert (await desk.waiting(), await other.waiting()) == (["two"], ["three"])


class Deep(Aggregate):
    """An aggregate with whatever somebody has said."""

    said: Any = None


def saying(said: Any) -> Document[Deep]:
    number = a_fresh_number()
    document = Document(Deep, number)
    document.apply(Step(lambda _: Deep(number=number, said=said), now()))
    return document


@pytest.mark.parametrize("levels", [190, 250])
async def test_what_is_nested_too_deep_to_be_stored_is_refused_alone(desk: Desk, levels: int) -> None:
    documents = [saying(reduce(lambda inner, _: [inner], range(levels), [])), saying("hello")]

    losers = await Repository(desk.collection, Deep, desk.outlet, desk.carry_out).commit(documents)

    assert (losers, [bool(document.refused) for document in documents]) == ([], [True, False])


async def test_a_database_that_takes_no_changes_says_nothing_against_a_document(desk: Desk) -> None:
    database = desk.collection.database
    await database.create_collection("only-read", viewOn=desk.collection.name, pipeline=[])
    document = saying("hello")

    with pytest.raises(Unavailable):
        await Repository(database["only-read"], Deep, desk.outlet, desk.carry_out).commit([document])

    assert not document.refused
