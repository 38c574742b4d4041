"""What was committed and not published is swept up: all of it, however much there is."""

from datetime import timedelta
from typing import Any

from shared.clock import now
from shared.ids import ulid_floor
from shared.repository import SWEPT_AT_ONCE, Repository
from shared.testing.builders import outgoing, registered
from shared.testing.keys import a_key
from tests.core.letters import SERVICE
from tests.core.tally import Tally
from tests.core.test_writing import Outlet
from tests.harness import Town


def waiting(key: str, *ages: int) -> dict[str, Any]:
    """A document with messages in its outbox that are so many seconds old."""
    ids = [ulid_floor(now() - timedelta(seconds=age)) for age in ages]
    event = registered(key, a_key())
    return {"_id": key, "outbox": [outgoing(event, key, message_id=one).stored() for one in ids]}


async def test_documents_with_many_messages_hide_none_with_few(town: Town) -> None:
    left = town[SERVICE].database["left-behind"]
    repository = Repository(left, Tally, Outlet(), town[SERVICE].direct.command)
    await repository.create_indexes()
    many = [waiting(f"many-{place}", 100, 50) for place in range(SWEPT_AT_ONCE)]
    await left.insert_many([*many, waiting("few", 75), waiting("new", 5)])

    found = {key async for key, _ in repository.unpublished(now() - timedelta(seconds=10))}

    assert found == {*(document["_id"] for document in many), "few"}


async def test_what_a_newer_replica_has_written_besides_is_passed_over(town: Town) -> None:
    left = town[SERVICE].database["left-by-newer"]
    document = waiting("newer", 100)
    document["outbox"][0]["priority"] = "high"
    await left.insert_one(document)

    found = [
        message
        async for _, [message] in Repository(left, Tally, Outlet(), town[SERVICE].direct.command).unpublished(now())
    ]

    assert [message.number for message in found] == ["newer"]
