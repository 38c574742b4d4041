"""A mass complaint: the parent of cases of one matter, and what their handlers may answer alike."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Self

from pydantic import BaseModel

from services.routing.masses.likeness import likeness
from shared.aggregate import Aggregate
from shared.contracts.values import Instant, Outcome, Severity
from shared.regulations.parts import Mass

MOST_PRINTS = 10
"""Fingerprints of founders that later complaints are held against."""

KINDS = ("batch", "product", "respondent", "place")
"""What complaints of a cluster may have in common, the most telling first."""


class Member(NamedTuple):
    """A case, as far as it matters whether it is like others."""

    number: str
    regulation: str
    version: str
    received_at: datetime
    anchors: Collection[str]
    fingerprint: str


class Draft(BaseModel):
    """What every handler of the cluster may take over into the answer that each complainant gets of their own.

    It is about the matter only, never about a person, and so it is not sealed.
    """

    outcome: Outcome
    answer: str
    measures: str = ""
    root_cause: str = ""
    responsible: str = ""
    by: str
    at: Instant


class Cluster(Aggregate):
    """Complaints of one matter. It is named after the first of them, so that whoever founds it founds the same one.

    Who belongs to it stands in the cases; `last_at` is when the latest that is known of was received.
    """

    regulation: str
    regulation_version: str
    anchors: list[str]
    prints: list[str]
    founders: list[str]
    severity: Severity
    reason: str
    founded_at: Instant
    last_at: Instant
    draft: Draft | None = None

    @classmethod
    def of(cls, founders: Sequence[Member], severity: Severity, rule: Mass, now: Instant) -> Self:
        """The cluster of these members, the earliest first, which all share an anchor."""
        first, last = founders[0], founders[-1]
        shared = set.intersection(*(set(member.anchors) for member in founders))
        anchors = sorted(shared, key=lambda anchor: KINDS.index(anchor.partition(":")[0]))
        named = ", ".join(anchor.partition(":")[0] for anchor in anchors)
        says = f"mass complaint {first.number}, {rule.count} or more of the same {named}"
        return cls(
            number=first.number,
            regulation=first.regulation,
            regulation_version=first.version,
            anchors=anchors,
            prints=[member.fingerprint for member in founders[:MOST_PRINTS]],
            founders=[member.number for member in founders],
            severity=severity,
            reason=f"{severity}: {says} ({rule.clause})",
            founded_at=now,
            last_at=last.received_at,
        )

    def takes(self, one: Member, rule: Mass) -> bool:
        """Whether a complaint is about this matter: in time, about the same, and like one of its founders."""
        days = timedelta(days=rule.days)
        if one.regulation != self.regulation or not self.founded_at - days <= one.received_at <= self.last_at + days:
            return False
        shared = len(set(self.anchors).intersection(one.anchors))
        return any(shared * likeness(founder, one.fingerprint) >= rule.likeness for founder in self.prints)

    def raise_to(self, severity: Severity, reason: str) -> None:
        """So many belong to it by now that it is graver."""
        self.severity, self.reason = severity, reason

    def went_on(self, until: datetime) -> None:
        """Another complaint of the matter was received."""
        self.last_at = max(self.last_at, until)

    def write_draft(self, draft: Draft) -> None:
        """Offer this answer to the handlers."""
        self.draft = draft


def founders_around(one: Member, others: Iterable[Member], rule: Mass) -> list[Member]:
    """The complaints of one matter that `one` belongs to, the earliest first; none where they are too few yet.

    They stand around one of them that all others are like, and have an anchor in common.
    """
    around = [one, *(other for other in others if other.number != one.number)]
    if len(around) < rule.count:
        return []
    near = [other for other in around if _alike(one, other, rule)]
    for centre in [one, *near] if near else []:
        like = [member for member in around if member is centre or _alike(centre, member, rule)]
        for anchor in centre.anchors:
            found = [member for member in like if anchor in member.anchors]
            if len(found) >= rule.count:
                return sorted(found, key=lambda member: (member.received_at, member.number))
    return []


def _alike(one: Member, other: Member, rule: Mass) -> bool:
    shared = len(set(one.anchors).intersection(other.anchors))
    return (
        shared * likeness(one.fingerprint, other.fingerprint) >= rule.likeness
        and one.number != other.number
        and one.regulation == other.regulation
        and abs(one.received_at - other.received_at) <= timedelta(days=rule.days)
    )
