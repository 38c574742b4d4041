"""The clusters that a replica knows, so that a new complaint of one is born into it without asking the database."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from services.routing.masses.cluster import Cluster
from services.routing.masses.traits import Traits
from shared.regulations.parts import Mass


class Clusters:
    """What is known here of the clusters, and until when cases were looked at; the `Watch` keeps it up to date."""

    def __init__(self) -> None:
        self.known_until: datetime | None = None
        self.looked: datetime | None = None
        self.looked_far: datetime | None = None
        self._known: dict[str, Cluster] = {}
        self._by_anchor: dict[str, set[str]] = {}

    def take_in(self, clusters: Iterable[Cluster]) -> None:
        """Know these as they are now."""
        for cluster in clusters:
            self._known[cluster.number] = cluster
            for anchor in cluster.anchors:
                self._by_anchor.setdefault(anchor, set()).add(cluster.number)

    def taking(self, traits: Traits, regulation: str, received_at: datetime, rule: Mass) -> Cluster | None:
        """The cluster that a complaint belongs to, the one named first where there are several."""
        numbers = {number for anchor in traits.anchors for number in self._by_anchor.get(anchor, ())}
        near = (self._known[number] for number in sorted(numbers))
        return next((cluster for cluster in near if cluster.takes(traits, regulation, received_at, rule)), None)

    def __iter__(self) -> Iterator[Cluster]:
        return iter(list(self._known.values()))
