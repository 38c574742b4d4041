"""Where clusters are kept, and how cases are asked who is like whom."""

from collections.abc import AsyncGenerator, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from services.routing.masses.cluster import Cluster, Member
from services.routing.model import OPEN, Case
from shared.contracts.values import Department, Severity
from shared.document import Document, Step
from shared.processor import commit
from shared.repository import Repository, answering
from shared.service import Index, Running

LOOSE = {"state.traits.loose_since": {"$type": "date"}}
"""Belongs to no cluster, and has anchors."""

AS_NOTED = [("state.traits.loose_since", 1), ("_id", 1)]

BY_ANCHOR = [("state.traits.anchors", 1), ("state.received_at", -1)]

LATEST_FIRST = [("state.last_at", -1), ("_id", -1)]

INDEXES: list[Index] = [
    (AS_NOTED, {"partialFilterExpression": LOOSE}),
    (BY_ANCHOR, {"partialFilterExpression": LOOSE}),
    ([("state.traits.cluster", 1), ("_id", 1)], {"partialFilterExpression": {"state.traits.cluster": {"$gt": ""}}}),
]

TOGETHER, OF_EACH = 500, 8
"""Anchors that are asked for in one question, and how many cases of each may be answered with."""

MOST_NEAR = 300
"""Cases of one anchor that a complaint is held against, the latest first: a mass complaint comes in bursts."""

AFTERWARDS = timedelta(seconds=10)
"""How far changes are looked for behind the latest one seen: clocks differ, and a write takes its time."""

_MEMBER = {
    f"state.{name}": 1
    for name in ("number", "regulation", "regulation_version", "received_at", "traits.anchors", "traits.fingerprint")
}


class Registry:
    """The clusters of routing, and its cases as their members."""

    def __init__(self, running: Running[Case]) -> None:
        self._cases = running.repository.collection
        self._popular: set[str] = running.kit.clusters.popular
        self.clusters: Repository[Cluster] = Repository(
            running.database["clusters"], Cluster, running.bus.publisher, running.direct.command
        )

    async def prepare(self) -> None:
        """See to the indexes by which changes are found, and the list is read. Raises `Unavailable`."""
        with answering():
            await self.clusters.collection.create_index("at")
            await self.clusters.collection.create_index(LATEST_FIRST)

    async def changed(self, since: datetime | None) -> list[Document[Cluster]]:
        """The clusters that were written since then, all of them where that is not said."""
        criteria = {"at": {"$gt": since - AFTERWARDS}} if since else {}
        with answering():
            raws = await self.clusters.collection.find(criteria).sort("at", 1).to_list(None)
        return [Document.found(Cluster, raw["_id"], raw) for raw in raws]

    async def loose(self, since: datetime, at_once: int) -> AsyncGenerator[list[str], None]:
        """The numbers of the cases in no cluster noted since then, the earliest first; an index alone tells them."""
        noted = {"state.traits.loose_since": {"$type": "date", "$gte": since}}
        found = self._cases.find(noted, {"_id": 1}, batch_size=at_once).sort(AS_NOTED)
        with answering():
            while page := await found.to_list(at_once):
                yield [raw["_id"] for raw in page]

    async def named(self, numbers: Sequence[str]) -> list[Member]:
        """The cases of these numbers, by their numbers."""
        with answering():
            found = self._cases.find({"_id": {"$in": numbers}}, _MEMBER, batch_size=len(numbers)).sort("_id", 1)
            return [_member(raw["state"]) for raw in await found.to_list(None)]

    async def near(self, these: Sequence[Member], within: timedelta) -> list[Member]:
        """The other cases in no cluster that have an anchor of one of these, received about when these were.

        Of an anchor that very many have, the latest; so that these do not hide the others, it is asked for alone.
        Anchors of one complaint follow each other: what has several of them is answered with once.
        """
        found: dict[str, Member] = {}
        anchors = list(dict.fromkeys(anchor for one in these for anchor in one.anchors))
        others = _others(these, within)
        rare = [anchor for anchor in anchors if anchor not in self._popular]
        waiting = [rare[at : at + TOGETHER] for at in range(0, len(rare), TOGETHER)]
        waiting += [[anchor] for anchor in anchors if anchor in self._popular]
        while waiting:
            asked = waiting.pop()
            most = MOST_NEAR if len(asked) == 1 else max(MOST_NEAR, OF_EACH * len(asked))
            raws = await self._latest(others | {"state.traits.anchors": {"$in": asked}}, most, in_order=len(asked) == 1)
            if len(raws) == most and len(asked) > 1:
                waiting += [asked[: len(asked) // 2], asked[len(asked) // 2 :]]
                continue
            self._popular.difference_update(asked)
            if len(raws) == most:
                self._popular.update(asked)
            found |= {raw["_id"]: _member(raw["state"]) for raw in raws}
        return list(found.values())

    async def _latest(self, criteria: dict[str, Any], most: int, *, in_order: bool) -> list[dict[str, Any]]:
        """The latest cases of one anchor; those of several in no order, for if there are too many that says nothing.

        The index is named: tried on a short stretch, walking through every loose case looks as good to the server.
        """
        order = [("state.received_at", -1)] if in_order else None
        with answering():
            found = self._cases.find(criteria, _MEMBER, limit=most, batch_size=most, sort=order, hint=BY_ANCHOR)
            raws: list[dict[str, Any]] = await found.to_list(most)
        return raws

    async def found(self, cluster: Cluster, now: datetime) -> Cluster:
        """Keep a new cluster; the one that another replica has founded meanwhile, where there is one."""
        document: Document[Cluster] = Document(Cluster, cluster.number)
        document.apply(Step(lambda known: known or cluster, now))
        await commit(self.clusters, [document])
        return document.present

    async def members(
        self, cluster: str, departments: Collection[str] | None, limit: int, at_once: int
    ) -> AsyncGenerator[Case, None]:
        """The cases of a cluster that these departments lead or have a task of, None for all, by their numbers."""
        found = self._cases.find(_of(cluster, departments), {"state": 1}, batch_size=at_once)
        with answering():
            async for raw in found.sort("_id", 1).limit(limit):
                yield Case.model_validate(raw["state"])

    async def respondents(self, cluster: str) -> tuple[list[str], list[Department]]:
        """Whom the cases of a cluster are against, in the complainants' words, and the departments concerned."""
        of = _of(cluster, None)
        with answering():
            against = await self._cases.distinct("state.respondent", of)
            return against, await self._cases.distinct("state.concerned", of)

    async def size(self, cluster: str, most: int = 0) -> int:
        """How many cases a cluster has; counted no further than `most`, where that is not 0."""
        options: dict[str, Any] = {"limit": most} if most else {}
        with answering():
            return int(await self._cases.count_documents({"state.traits.cluster": cluster}, **options))

    async def latest(self, cluster: str) -> datetime | None:
        """When the latest known case of a cluster was received."""
        with answering():
            found = await self._cases.find_one(
                {"state.traits.cluster": cluster}, {"state.received_at": 1}, sort=[("_id", -1)]
            )
        return found["state"]["received_at"] if found else None

    async def behind(self, cluster: str, severities: Iterable[Severity], limit: int) -> list[str]:
        """The numbers of open cases of a cluster that are still of one of these severities."""
        criteria = {
            "state.traits.cluster": cluster, "state.severity": {"$in": list(severities)},
            "state.status": {"$in": [*OPEN, "waiting", "triage"]},
        }  # fmt: skip
        with answering():
            return [raw["_id"] async for raw in self._cases.find(criteria, {"_id": 1}).limit(limit)]


def _others(these: Sequence[Member], within: timedelta) -> dict[str, Any]:
    """Tells cases in no cluster that were received about when these were from these themselves, which are known."""
    times = [one.received_at for one in these]
    received = {"$gte": min(times) - within, "$lte": max(times) + within}
    return LOOSE | {"state.received_at": received, "_id": {"$nin": [one.number for one in these]}}


def _of(cluster: str, departments: Collection[str] | None) -> dict[str, Any]:
    criteria: dict[str, Any] = {"state.traits.cluster": cluster}
    if departments is None:
        return criteria
    named = {"$in": list(departments)}
    return criteria | {"$or": [{"state.department": named}, {"state.asked": named}]}


def _member(state: dict[str, Any]) -> Member:
    traits = state["traits"]
    return Member(
        state["number"], state["regulation"], state["regulation_version"], state["received_at"], traits["anchors"],
        traits["fingerprint"],
    )  # fmt: skip
