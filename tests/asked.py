"""What is asked of MongoDB while something happens, and what each question takes to answer."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from shared.aggregate import Aggregate
from shared.database import Documents
from shared.service import Index

SAID = ("find", "filter", "projection", "sort", "limit")


class Asked(CommandListener):
    """Notes every `find` that a client sends."""

    def __init__(self) -> None:
        self.finds: list[dict[str, Any]] = []

    def started(self, event: CommandStartedEvent) -> None:
        """A command is sent."""
        if event.command_name == "find":
            self.finds.append({name: event.command[name] for name in SAID if name in event.command})

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """It was answered."""

    def failed(self, event: CommandFailedEvent) -> None:
        """It was not."""


@asynccontextmanager
async def holding(
    url: str, database: str, indexes: Sequence[Index], aggregates: Iterable[Aggregate], asked: Asked
) -> AsyncIterator[Documents]:
    """A collection of these aggregates; what is asked of it is noted."""
    client: AsyncIOMotorClient[Any] = AsyncIOMotorClient(url, tz_aware=True, event_listeners=[asked])
    documents = client[database]["documents"]
    for keys, options in indexes:
        await documents.create_index(list(keys), **options)
    await documents.insert_many([{"_id": one.id, "state": one.stored()} for one in aggregates])
    yield documents
    client.close()


class Plan:
    """How MongoDB answers: the stages it takes, and how many keys it looks at."""

    def __init__(self, explanation: dict[str, Any]) -> None:
        self.examined: int = explanation["executionStats"]["totalKeysExamined"]
        self.stages = set(stages(explanation["queryPlanner"]["winningPlan"]))


async def explained(documents: Documents, command: dict[str, Any]) -> Plan:
    """How a question is answered."""
    question = {"explain": command, "verbosity": "executionStats"}
    return Plan(await documents.database.command(question))


def stages(plan: Any) -> Iterator[str]:
    """The names of all stages in a plan."""
    if isinstance(plan, dict):
        yield from ([plan["stage"]] if isinstance(plan.get("stage"), str) else [])
        plan = list(plan.values())
    for part in plan if isinstance(plan, list) else ():
        yield from stages(part)
