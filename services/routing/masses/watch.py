"""The watch for mass complaints: what the replica that leads does beside ringing alarms, and all others follow.

It looks at every case that came in since it looked last and belongs to no cluster. Those that are like enough others
found a cluster, those that a cluster takes join it. Everything is a guarded write of one document that may be made
again: a watch that dies half-way leaves loose cases, and the next one finds the cluster there and lets them join.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from services.routing.briefing import brief
from services.routing.classifier import gravest
from services.routing.keeping import amend
from services.routing.kit import Kit
from services.routing.masses.cluster import Cluster, Member, founders_around
from services.routing.masses.registry import Registry
from services.routing.model import OPEN, Case
from shared.contracts.values import Severity
from shared.document import Step, in_place
from shared.handling import Context
from shared.processor import commit
from shared.regulations import Regulation
from shared.regulations.grading import most_similar
from shared.service import Running

log = structlog.get_logger(__name__)

PAGE = 500
"""Cases looked at, and at most written, at once."""

FIRST_LOOK = timedelta(days=1)
"""How far back a replica looks that begins to lead."""

MARGIN = timedelta(seconds=2)
"""How far each look reaches behind the one before: a case is found a moment after it was noted."""

LONG_LOOK, FAR = timedelta(minutes=1), timedelta(minutes=3)
"""How often a look reaches back further, and how far: for what took longer to be written."""

LESS_GRAVE: dict[Severity, tuple[Severity, ...]] = {
    "general": (),
    "major": ("general",),
    "critical": ("general", "major"),
}

Change = Callable[..., None]
"""What is done to a case by what its cluster is."""


class Watch:
    """One replica's watch over all cases."""

    def __init__(self, running: Running[Case]) -> None:
        self._running, self._registry = running, Registry(running)
        kit: Kit = running.kit
        self._clusters = kit.clusters

    async def attend(self) -> None:
        """Follow what is known of clusters, for ever."""
        prepared = False
        while True:
            try:
                prepared = prepared or await self._prepared()
                await self.follow()
            except Exception as error:
                log.warning("clusters_not_seen", error=repr(error))
            await asyncio.sleep(self._running.settings.look_every.total_seconds())

    async def _prepared(self) -> bool:
        await self._registry.prepare()
        return True

    async def follow(self) -> None:
        """Know every cluster that this or another replica has written. Raises `Unavailable`."""
        changed = await self._registry.changed(self._clusters.known_until)
        self._clusters.take_in(document.aggregate for document in changed if document.aggregate)
        if changed:
            self._clusters.known_until = changed[-1].loaded.at

    async def walk(self) -> None:
        """Look at every loose case that came in since the last look. Raises `Unavailable`."""
        now = self._running.clock()
        since, far = self._reaching_back_to(now)
        async for page in self._registry.loose(since, PAGE):
            if new := [number for number in page if number not in self._clusters.nowhere]:
                await self._look_at(new)
        self._clusters.looked = now
        if far:
            self._clusters.looked_far = now
            await self._recount()

    def _reaching_back_to(self, now: datetime) -> tuple[datetime, bool]:
        """From when on this look looks, and whether it is one that reaches back further."""
        looked, looked_far = self._clusters.looked, self._clusters.looked_far
        if looked is None or looked_far is None:
            return now - FIRST_LOOK, True
        far = not timedelta() <= now - looked_far < LONG_LOOK
        return min(looked, now) - (FAR if far else MARGIN), far

    async def _look_at(self, numbers: Sequence[str]) -> None:
        """Find for each case the cluster that takes it, or those that it founds one with.

        What is near is read before the clusters: whoever has left it for one is known to be there.
        """
        editions = {(pack.name, pack.version) for pack in self._running.regulations}
        found = await self._registry.named(numbers)
        known = [one for one in found if (one.regulation, one.version) in editions]
        near = await self._near(known)
        await self.follow()
        joining: dict[str, Cluster] = {}
        for one in known:
            if one.number in joining:
                continue
            cluster = self._taking(one)
            if cluster is None and (founders := self._founders(one, near, joining)):
                cluster = await self._found(founders)
                joining |= {member.number: cluster for member in founders}
            elif cluster:
                joining[one.number] = cluster
            else:
                self._clusters.leave_out(one)
        await self._join(joining)

    async def _near(self, looked_at: Sequence[Member]) -> Mapping[str, Sequence[Member]]:
        """By anchor, the loose cases that these may be like: they themselves, and whatever came in before."""
        if not looked_at:
            return {}
        days = timedelta(days=max(self._rules(one).mass.days for one in looked_at))
        near: dict[str, list[Member]] = {}
        for member in [*await self._registry.near(looked_at, days), *looked_at]:
            for anchor in member.anchors:
                near.setdefault(anchor, []).append(member)
        return near

    def _founders(
        self, one: Member, near: Mapping[str, Sequence[Member]], joining: Mapping[str, Cluster]
    ) -> list[Member]:
        others = {other.number: other for anchor in one.anchors for other in near[anchor]}
        free = [other for number, other in others.items() if number not in joining]
        return founders_around(one, free, self._rules(one).mass)

    def _taking(self, one: Member) -> Cluster | None:
        return self._clusters.taking(one, self._rules(one).mass)

    def _rules(self, one: Member) -> Regulation:
        return self._running.regulations.get(one.regulation, one.version)

    async def _found(self, founders: Sequence[Member]) -> Cluster:
        rules = self._rules(founders[0])
        grading = rules.severity_of("", similar=len(founders))
        severity = gravest(["major", grading.severity])
        cluster = Cluster.of(founders, severity, rules.mass, self._running.clock())
        kept = await self._registry.found(cluster, self._running.clock())
        self._clusters.take_in([kept])
        log.info("cluster_founded", cluster=kept.number, cases=len(founders), severity=kept.severity)
        return kept

    async def _join(self, joining: Mapping[str, Cluster]) -> None:
        """Let these cases join their clusters, and be as grave as those are."""
        if joining:
            await self._tell(joining, _join)

    async def _tell(self, clusters: Mapping[str, Cluster], change: Change) -> bool:
        """Change each of these cases by what its cluster is now; whether that changed any."""
        found = await self._running.repository.load(clusters)
        documents = [document for document in found.values() if document.aggregate]
        context = await self._running.context(*documents)
        for document in documents:
            change_it = in_place(partial(change, cluster=clusters[document.key], context=context))
            step = Step(change_it, context.now)
            for _, error in document.attempt(step):
                log.warning("case_not_told", number=document.key, error=repr(error))
        await commit(self._running.repository, documents)
        return any(document.changed for document in documents)

    async def _recount(self) -> None:
        """Hold the clusters that go on against what their regulation says of so many, and their cases against them."""
        now = self._running.clock()
        for cluster in self._clusters:
            rules = self._running.regulations.get(cluster.regulation, cluster.regulation_version)
            if now - cluster.last_at <= timedelta(days=rules.mass.days):
                await self._bring_up(await self._counted(cluster, rules, now))

    async def _counted(self, cluster: Cluster, rules: Regulation, now: datetime) -> Cluster:
        """The cluster with its latest case and the severity of its size, written where that is news."""
        size = await self._registry.size(cluster.number, most_similar(rules.severities))
        grading = rules.severity_of("", similar=size)
        latest = await self._registry.latest(cluster.number) or cluster.last_at
        if gravest([cluster.severity, grading.severity]) == cluster.severity and latest <= cluster.last_at:
            return cluster

        def count(known: Cluster) -> None:
            known.went_on(latest)
            if gravest([known.severity, grading.severity]) != known.severity:
                known.raise_to(grading.severity, grading.because[0])

        counted = await amend(self._registry.clusters, cluster.number, count, now)
        self._clusters.take_in([counted])
        return counted

    async def _bring_up(self, cluster: Cluster) -> None:
        """Cases that came before their cluster was so grave are told that it is."""
        going_on = True
        while going_on and (behind := await self._registry.behind(cluster.number, LESS_GRAVE[cluster.severity], PAGE)):
            going_on = await self._tell(dict.fromkeys(behind, cluster), _catch_up)


def _join(case: Case, *, cluster: Cluster, context: Context[Kit]) -> None:
    if case.join(cluster.number):
        _raise(case, cluster, context)


def _catch_up(case: Case, *, cluster: Cluster, context: Context[Kit]) -> None:
    if case.severity in LESS_GRAVE[cluster.severity]:
        _raise(case, cluster, context)


def _raise(case: Case, cluster: Cluster, context: Context[Kit]) -> None:
    """Make a case as grave as its cluster, at least; a department that is at work on it is told."""
    severity = gravest([case.severity, cluster.severity])
    graver = case.model_copy(update={"severity": severity})
    briefing = brief(graver, context) if case.status in OPEN else None
    case.raise_to(severity, reason=cluster.reason, briefing=briefing)


async def walk(running: Running[Case]) -> None:
    """The round of the replica that leads."""
    await Watch(running).walk()


async def attend(running: Running[Case]) -> None:
    """What every replica does for ever."""
    await Watch(running).attend()
