"""The clusters that a replica knows, so that a new complaint of one is born into it without asking the database."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from services.routing.masses.cluster import Cluster, Member
from shared.regulations.parts import Mass

MOST_LEFT_OUT = 200_000
"""Cases that are known to belong nowhere; then all are forgotten, and looked at once more."""


class Clusters:
    """What is known here of the clusters, and until when cases were looked at; the `Watch` keeps it up to date.

    Cases that belong `nowhere` were looked at in vain, and need not be again until another cluster is known: whoever
    comes later and is like them finds them. Anchors are `popular` that very many had when they were last asked for.
    """

    def __init__(self) -> None:
        self.known_until: datetime | None = None
        self.looked: datetime | None = None
        self.looked_far: datetime | None = None
        self.nowhere: set[str] = set()
        self.popular: set[str] = set()
        self._known: dict[str, Cluster] = {}
        self._by_anchor: dict[str, set[str]] = {}

    def take_in(self, clusters: Iterable[Cluster]) -> None:
        """Know these as they are now."""
        for cluster in clusters:
            if cluster.number not in self._known:
                self.nowhere.clear()
            self._known[cluster.number] = cluster
            for anchor in cluster.anchors:
                self._by_anchor.setdefault(anchor, set()).add(cluster.number)

    def leave_out(self, one: Member) -> None:
        """Remember that this case belongs nowhere."""
        if len(self.nowhere) >= MOST_LEFT_OUT:
            self.nowhere.clear()
        self.nowhere.add(one.number)

    def taking(self, one: Member, rule: Mass) -> Cluster | None:
        """The cluster that a complaint belongs to, the one named first where there are several."""
        numbers = {number for anchor in one.anchors for number in self._by_anchor.get(anchor, ())}
        near = (self._known[number] for number in sorted(numbers))
        return next((cluster for cluster in near if cluster.takes(one, rule)), None)

    def __iter__(self) -> Iterator[Cluster]:
        return iter(list(self._known.values()))
