"""Replicas of sla as processes of their own, the clocks that they keep between them, and what they say of these."""

import random
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from motor.motor_asyncio import AsyncIOMotorCollection

from bench.clocks import clocks
from services.sla.app import SERVICE
from shared.contracts.sla import TargetBreached
from tests.broker import Tap, channel_to, tapped
from tests.harness import Process, Site, eventually, process

BREACHED = {"state.promises.breached_at": {"$type": "date"}}
RANG = "redress_alarm_lateness_seconds_count"


@dataclass
class Replicas:
    """As many as were started, a tap on what they say, and the numbers of the clocks put in, as they fall due."""

    site: Site
    stack: AsyncExitStack
    tap: Tap
    collection: AsyncIOMotorCollection[dict[str, object]]
    alive: list[Process] = field(default_factory=list)
    armed: list[str] = field(default_factory=list)

    async def start(self, count: int, *argv: str) -> None:
        """Start so many, and wait until they are ready."""
        for _ in range(count):
            running = process(self.site, *(argv or ("services.sla",)))
            self.alive.append(await self.stack.enter_async_context(running))
        for replica in self.alive:
            await replica.ready()

    async def arm(self, count: int, begin: datetime, within: timedelta = timedelta()) -> None:
        """Put in clocks that fall due evenly within this time, in any order."""
        documents = list(clocks(count, begin, within))
        self.armed += [document["_id"] for document in documents]
        await self.collection.insert_many(random.sample(documents, count), ordered=False)

    async def leader(self) -> Process:
        """The replica that gets the ticks, which is the one that has rung."""
        await eventually(self.some_rang)
        (leader,) = [replica for replica in self.alive if await rang(replica)]
        return leader

    async def all_wait_for_ticks(self) -> bool:
        """Whether every replica is connected, and would go on if the leader died."""
        async with channel_to(self.site.amqp_url) as channel:
            queue = await channel.get_queue(f"{SERVICE.name}.tick")
        return queue.declaration_result.consumer_count == len(self.alive)

    async def some_rang(self) -> bool:
        """Whether any alarm has rung and been written."""
        return bool(await self.collection.count_documents(BREACHED, limit=1))

    async def all_rang(self) -> bool:
        """Whether every clock has said that it was breached, to whom it may concern."""
        silent = await self.collection.count_documents({"$or": [{"$nor": [BREACHED]}, {"outbox.id": {"$gt": ""}}]})
        return not silent and set(self.said()) >= set(self.armed)

    def said(self) -> Counter[str]:
        """How many different breaches were published for each number."""
        return Counter(number for _, number in dict.fromkeys(self._breaches()))

    def order(self) -> list[int]:
        """In which order the breaches were published: the place of each among the clocks that were put in."""
        places = {number: place for place, number in enumerate(self.armed)}
        return [places[number] for number in dict.fromkeys(number for _, number in self._breaches())]

    def _breaches(self) -> Iterator[tuple[str, str]]:
        kind = TargetBreached.kind()
        return ((one["id"], one["subject"]) for one in self.tap.seen if one["type"] == kind)

    @property
    def each_once(self) -> dict[str, int]:
        """What `said` answers when no alarm was skipped and none doubled."""
        return dict.fromkeys(self.armed, 1)


@asynccontextmanager
async def replicas_on(site: Site) -> AsyncIterator[Replicas]:
    """None at first; all are killed when the block ends."""
    async with AsyncExitStack() as stack, tapped(site.amqp_url) as tap, site.database(SERVICE.name) as database:
        yield Replicas(site, stack, tap, database[SERVICE.collection])


async def rang(replica: Process) -> bool:
    """Whether a replica has rung any alarm."""
    async with replica.http.get("/metrics") as page:
        lines = (await page.text()).splitlines()
    return any(line.startswith(RANG) and float(line.split()[-1]) for line in lines)


def stall(replica: Process) -> None:
    """Hold a replica still, its connections open, as a machine that hangs would."""
    replica.child.send_signal(signal.SIGSTOP)


def wake(replica: Process) -> None:
    """Let it go on where it stood."""
    replica.child.send_signal(signal.SIGCONT)
