"""What a majority of the database's nodes does not have does not count: it may be gone with the primary that has it."""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection
from pymongo import AsyncMongoClient, MongoClient, WriteConcern
from pymongo.asynchronous.database import AsyncDatabase

from deploy.local import ports
from deploy.local.mongod import Mongod
from shared import database
from shared.clock import now
from shared.contracts.event import Message
from shared.document import Document
from shared.errors import Unavailable
from shared.handling import Context
from shared.numbers import Numbers
from shared.privacy import Keyring, Tokens
from shared.processor import Processor
from shared.repository import Repository
from shared.testing.builders import registered, regulations, travelled
from shared.testing.keys import a_key
from shared.vault import Vault
from tests.core.letters import a_fresh_number
from tests.core.tally import TALLY, Tally
from tests.core.test_writing import Outlet
from tests.harness import eventually


class Follower(Mongod):
    """A node that waits until a replica set takes it in."""

    def ready(self) -> bool:
        """Say whether it can be taken in."""
        return ports.answers(self.ports["mongodb"])

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """It hangs, as on a machine that is out of memory, until the block ends."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def nodes() -> Iterator[tuple[Mongod, Follower]]:
    """A replica set of two nodes: without the second, the first has no majority, and stays primary for a minute."""
    with tempfile.TemporaryDirectory(prefix="redress-pair-", ignore_cleanup_errors=True) as directory:
        first = Mongod(Path(directory) / "first", prefer_defaults=False, cache_gb=0.25)
        second = Follower(Path(directory) / "second", prefer_defaults=False, cache_gb=0.25)
        try:
            for node in (first, second):
                node.open()
                node.await_ready()
            _take_in(first, second)
            yield first, second
        finally:
            second.close(gently=False)
            first.close(gently=False)


def _take_in(first: Mongod, second: Mongod) -> None:
    client: MongoClient[dict[str, Any]] = MongoClient(first.url)
    with client:
        config = client.admin.command("replSetGetConfig")["config"]
        config["version"] += 1
        config["members"].append({"_id": 1, "host": second.address, "priority": 0})
        config["settings"]["electionTimeoutMillis"] = 60_000
        client.admin.command("replSetReconfig", config)
        client.get_database("begun").begun.with_options(write_concern=WriteConcern(2, wtimeout=60_000)).insert_one({})


@pytest.fixture
async def tallies(nodes: tuple[Mongod, Follower]) -> AsyncIterator[AsyncIOMotorCollection[Any]]:
    client: AsyncIOMotorClient[Any] = AsyncIOMotorClient(nodes[0].url, tz_aware=True)
    yield client["redress_sla"]["tallies"]
    client.close()


@pytest.fixture
async def direct(nodes: tuple[Mongod, Follower]) -> AsyncIterator[AsyncDatabase[Any]]:
    async with AsyncMongoClient[Any](nodes[0].url) as client:
        yield client["redress_sla"]


def a_replica(tallies: AsyncIOMotorCollection[Any], direct: AsyncDatabase[Any]) -> Processor:
    async def prepare(_: Sequence[Document[Any]], __: Sequence[Message]) -> Context[Any]:
        return Context(now(), regulations(), Keyring(), Tokens(bytes(32)), {})

    return Processor(Repository(tallies, Tally, Outlet(), direct.command), TALLY.subscriptions, prepare)


async def test_a_message_is_not_done_before_a_majority_has_what_came_of_it_whoever_handled_it_first(
    nodes: tuple[Mongod, Follower], tallies: AsyncIOMotorCollection[Any], direct: AsyncDatabase[Any]
) -> None:
    number = a_fresh_number()
    event = travelled(registered(number, a_key()), number)

    with nodes[1].hanging():
        first = asyncio.create_task(a_replica(tallies, direct).handle([event]))
        await eventually(lambda: tallies.find_one({"_id": number}))
        again = asyncio.create_task(a_replica(tallies, direct).handle([event]))
        done, _ = await asyncio.wait([first, again], timeout=1)

    assert not done
    assert [verdict.answer for verdicts in await asyncio.gather(first, again) for verdict in verdicts] == ["done"] * 2


async def test_a_number_or_a_key_that_a_majority_does_not_confirm_is_not_to_be_had(
    nodes: tuple[Mongod, Follower], direct: AsyncDatabase[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "CONFIRM_MS", 100)
    numbers, vault = Numbers(direct["numbers"], 10), Vault(direct["keys"], bytes(32))

    with nodes[1].hanging():
        with pytest.raises(Unavailable):
            await numbers.next("SQ", "20261123")
        with pytest.raises(Unavailable):
            await vault.new_key()
