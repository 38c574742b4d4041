"""What a complaint is recognised by among others: what it is about, and the fingerprint of its words."""

import re
from typing import Self

from pydantic import BaseModel, ConfigDict

from services.routing.masses.likeness import fingerprint
from shared.contracts.intake import ComplaintRegistered
from shared.contracts.values import Instant
from shared.text import folded

MOST_READ = 2_000
"""Characters of a text that are fingerprinted."""

MOST_NAMED = 80
"""Characters of a name that count."""

_BLANKS = re.compile(r"[\s,.:;'\"()\-_/、。《》“”—]+")


class Traits(BaseModel):
    """The anchors of a complaint (`batch:a20261001`), its fingerprint, and the cluster that it belongs to.

    `loose_since` is when it was noted, as long as it has anchors and belongs to no cluster.
    """

    model_config = ConfigDict(frozen=True)

    anchors: list[str] = []
    fingerprint: str = ""
    cluster: str = ""
    loose_since: Instant | None = None

    def of(self, cluster: str) -> Self:
        """The same, belonging to this cluster."""
        return self.model_copy(update={"cluster": cluster, "loose_since": None})


def traits_of(event: ComplaintRegistered, narrative: str, seed: int, now: Instant) -> Traits:
    """What this complaint is recognised by; nothing where it names no product, batch, place or respondent."""
    anchors = anchors_of(event)
    sketch = fingerprint(folded(f"{event.subject_line}\n{narrative[:MOST_READ]}"), seed) if anchors else ""
    return Traits(anchors=anchors, fingerprint=sketch, loose_since=now) if sketch else Traits()


def anchors_of(event: ComplaintRegistered) -> list[str]:
    """What the complaint is about, each in one spelling: batch, product, respondent, place."""
    batch, product = (event.product.batch, event.product.name) if event.product else ("", "")
    named = (("batch", batch), ("product", product), ("respondent", event.respondent), ("place", event.place))
    return [f"{kind}:{spelled}" for kind, name in named if name and (spelled := _spelled(name))]


def _spelled(name: str) -> str:
    return _BLANKS.sub("", folded(name[:MOST_NAMED]))
