"""What routing brings along at its start, and learns while it runs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Self

from services.routing.classifier import Classifier, load_lexicon
from services.routing.desk.claims import Claims
from services.routing.desk.roster import Roster
from services.routing.learning.experience import Experience
from services.routing.masses.clusters import Clusters
from services.routing.worklist.live import Live
from services.routing.worklist.views import Shelves
from shared.contracts.values import Department
from shared.remembered import Remembered
from shared.service import Running


@dataclass
class Kit:
    """The classifier in force and the version of what it has learnt, who is on duty, what is known of clusters.

    Links begin with `public_url`; `seed` makes fingerprints that say nothing to whoever does not have the master key.
    """

    classifier: Classifier
    public_url: str
    version: str = ""
    roster: Roster | None = None
    claims: Claims = field(default_factory=Claims)
    shelves: Shelves | None = None
    figures: Remembered | None = None
    live: Live | None = None
    clusters: Clusters = field(default_factory=Clusters)
    seed: int = 0

    @property
    def staff(self) -> Mapping[Department, Collection[str]]:
        """Who is known to belong to which department, by whatever they are called."""
        return self.roster.staff if self.roster else {}

    @classmethod
    def of(cls, running: Running[Any]) -> Self:
        """The kit of a running service."""
        settings = running.settings
        return cls(
            Classifier(load_lexicon()), settings.public_url, roster=Roster.of(running),
            shelves=Shelves.of(running), figures=Remembered.of(running),
            live=Live.of(running), seed=_seed(settings.master_key_bytes),
        )  # fmt: skip

    def adopt(self, version: str, experience: Experience | None) -> None:
        """Classify by this version from now on."""
        self.classifier, self.version = self.classifier.taught(experience), version


def _seed(master_key: bytes) -> int:
    return int.from_bytes(blake2b(b"fingerprints", key=master_key, digest_size=8).digest(), "big")
