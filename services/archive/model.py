"""A record: everything that was ever said about one complaint, and its entry in the catalogue."""

from bisect import insort
from calendar import monthrange
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Literal, NamedTuple, Self

from pydantic import BaseModel, Field, SkipValidation
from typing_extensions import TypedDict

from shared.aggregate import Staged, Transitions
from shared.contracts.archive import RecordArchived
from shared.contracts.event import Event
from shared.contracts.intake import ComplaintRegistered
from shared.contracts.values import Category, Channel, Day, Department, Instant, Outcome, Severity
from shared.errors import Fault
from shared.privacy import key_id_of
from shared.regulations import Regulation, Retention

RecordStatus = Literal["collecting", "archived"]

Lacking = Literal["registration", "answer", "closing"]

NEEDED: dict[Lacking, frozenset[str]] = {
    "registration": frozenset({"complaint.registered"}),
    "answer": frozenset({"case.resolved", "complaint.declined", "complaint.withdrawn"}),
    "closing": frozenset({"complaint.closed"}),
}
"""What a dossier needs before it is filed (S1.1), each with the events that bring it."""

COMPLETING = frozenset[str]().union(*NEEDED.values())
"""The events that can bring the last thing that a dossier lacked."""

ASSIGNED = {"case.routed": "department", "case.transferred": "to", "case.reopened": "department"}
"""The events that give the case to a department, each with the field that names it."""


class Incomplete(Fault):
    """The dossier lacks something and cannot be filed; `missing` says what (S1.1)."""

    code = "incomplete"
    status = 409


class Entry(TypedDict):
    """One event as it came: sealed values stay sealed.

    Plain dictionaries, which nobody changes any more: there are very many of them, so they are neither validated when a
    record is loaded nor copied when it is stored.
    """

    id: str
    type: str
    source: str
    time: datetime
    data: dict[str, Any]


class Access(BaseModel):
    """Somebody read the personal data of the record: who, when, and why (S1.6)."""

    by: str
    at: Instant
    reason: str


class Catalogue(BaseModel):
    """The record's entry in the catalogue (编目): what it is found by, and until when it is kept."""

    catalogue_number: str
    archived_at: Instant
    received_at: Instant
    closed_at: Instant
    retain_until: Day
    regulation: str
    channel: Channel
    department: Department | None
    category: Category | None
    severity: Severity | None
    outcome: Outcome
    subject_line: str
    product: str
    batch: str
    place: str
    tags: list[str]


class Record(Staged):
    """One complaint as the archive knows it.

    Events come in any order, so everything is read off the sorted timeline: whatever the order, the record is the same.
    """

    TRANSITIONS: ClassVar[Transitions] = {
        "collecting": frozenset({"archived"}),
        "archived": frozenset(),
    }

    status: RecordStatus = "collecting"
    timeline: SkipValidation[list[Entry]] = Field(default_factory=list)
    catalogue: Catalogue | None = None
    terms: list[str] = Field(default_factory=list)
    accesses: list[Access] = Field(default_factory=list)

    @classmethod
    def open(cls, number: str) -> Self:
        """An empty record of a complaint."""
        return cls(number=number)

    def hear(self, event: Event, now: Instant) -> None:
        """Put an event on the timeline; a dossier that lacks nothing is looked through at once."""
        self.timeline = self.timeline.copy()  # what was loaded stays as it is stored
        insort(self.timeline, _entry(event), key=_when)
        if isinstance(event, ComplaintRegistered):
            self.key_id = key_id_of(event.narrative)
        if (self.catalogue or event.kind() in COMPLETING) and not self.missing():
            self.wake_at(now)

    def stored(self) -> dict[str, Any]:
        """The state as MongoDB keeps it; the timeline just as it is."""
        return self.model_dump(exclude={"timeline"}) | {"timeline": self.timeline}

    def missing(self) -> list[Lacking]:
        """What the dossier lacks before it can be filed (S1.1)."""
        heard = {entry["type"] for entry in self.timeline}
        return [lacking for lacking, bringing in NEEDED.items() if not heard & bringing]

    def file(self, regulation: Regulation, terms: Collection[str], now: Instant) -> None:
        """Catalogue and index the dossier (S1.1, S1.2); of a filed record, renew both after something new was heard.

        Raises `Incomplete`.
        """
        if missing := self.missing():
            raise Incomplete(f"The dossier of {self.number} lacks {', '.join(missing)}.", missing=missing)
        self.catalogue = self._catalogued(regulation, now)
        self.terms = sorted(terms)
        self.wake_at()
        if self._may("archived"):
            self._move("archived")
            entry = self.catalogue
            self.record(RecordArchived(catalogue_number=entry.catalogue_number, retain_until=entry.retain_until))

    def unmask(self, *, by: str, reason: str, at: Instant) -> None:
        """Note that somebody is about to read the personal data (S1.6)."""
        self.accesses.append(Access(by=by, at=at, reason=reason))

    @property
    def regulation(self) -> str:
        """The name of the regulation the complaint was handled under. Raises `Incomplete`."""
        name: str = self._registration["regulation"]
        return name

    @property
    def regulation_version(self) -> str:
        """The version it was handled under in the end. Raises `Incomplete`."""
        version: str = self.said("complaint.regulation-moved").get("to") or self._registration["regulation_version"]
        return version

    @property
    def respondent(self) -> str:
        """Whom the complaint is against; not known before it is heard to be registered."""
        name: str = self.said("complaint.registered").get("respondent", "")
        return name

    @property
    def concerned(self) -> list[Department]:
        """The departments that it is about, as routing has said."""
        departments: list[Department] = self.said("case.routed").get("concerned", [])
        return departments

    @property
    def _registration(self) -> Mapping[str, Any]:
        if registered := self.said("complaint.registered"):
            return registered
        raise Incomplete(f"The dossier of {self.number} lacks its registration.", missing=["registration"])

    @property
    def department(self) -> str | None:
        """The department that has, or last had, the case."""
        given = [entry for entry in self.timeline if entry["type"] in ASSIGNED]
        return given[-1]["data"][ASSIGNED[given[-1]["type"]]] if given else None

    def said(self, kind: str) -> Mapping[str, Any]:
        """What the latest event of a type said; nothing where there was none."""
        return next((entry["data"] for entry in reversed(self.timeline) if entry["type"] == kind), {})

    def _catalogued(self, regulation: Regulation, now: Instant) -> Catalogue:
        registered, routed = self.said("complaint.registered"), self.said("case.routed")
        product = registered.get("product") or {}
        closed_at = max(entry["time"] for entry in self.timeline if entry["type"] == "complaint.closed")
        closed_on = regulation.working_calendar.day_of(closed_at)
        kept = Keeping.of(regulation.retention, closed_on, product.get("expires_on"))
        filed = self.catalogue
        return Catalogue(
            catalogue_number=filed.catalogue_number if filed else f"{closed_on.year}-D{kept.years}-{self.number}",
            archived_at=filed.archived_at if filed else now,
            received_at=registered["received_at"],
            closed_at=closed_at,
            retain_until=kept.until,
            regulation=regulation.name,
            channel=registered["channel"],
            department=self.department,
            category=routed.get("category"),
            severity=routed.get("severity"),
            outcome=self.said("complaint.closed")["outcome"],
            subject_line=registered.get("subject_line", ""),
            product=product.get("name", ""),
            batch=product.get("batch", ""),
            place=registered.get("place", ""),
            tags=self._tags(),
        )

    def _tags(self) -> list[str]:
        """What the record is marked with (标记): plain words, and `breached-…` for each promise that was not kept."""
        registered, routed, closed = map(self.said, ("complaint.registered", "case.routed", "complaint.closed"))
        words = {registered["channel"], registered["regulation"], closed["outcome"], self.department}
        words |= {routed.get("category"), routed.get("severity"), *routed.get("tags", ())}
        return sorted({word for word in words if word} | {f"breached-{milestone}" for milestone in self._breached()})

    def _breached(self) -> set[str]:
        """The milestones of promises that were broken, and not found to have been kept in time afterwards."""
        told = {kind: [entry["data"] for entry in self.timeline if entry["type"] == f"sla.target-{kind}"]
                for kind in ("breached", "met")}  # fmt: skip
        kept = {(data["milestone"], data["due_at"]) for data in told["met"] if data.get("lateness", 0) <= 0}
        return {data["milestone"] for data in told["breached"] if (data["milestone"], data["due_at"]) not in kept}


class Keeping(NamedTuple):
    """How long a record is kept: whole years, and the day on which they end.

    The catalogue number names the years, as archives number files (DA/T 22-2015): `2026-D3-SQ-20261123-00017K`.
    """

    years: int
    until: date

    @classmethod
    def of(cls, rule: Retention, closed_on: date, expires_on: str | None) -> Self:
        """By the regulation's rule: from closing, or from the product's expiry where that counts and is known.

        A product that had expired before is counted from closing: nothing is destroyed as soon as it is filed.
        """
        if rule.after_expiry is None or not expires_on:
            return cls(rule.years, years_after(closed_on, rule.years))
        last = max(closed_on, date.fromisoformat(expires_on))
        return cls(rule.after_expiry, years_after(last, rule.after_expiry))


def years_after(day: date, years: int) -> date:
    """The same day some years later; 29 February ends with the month (Civil Code, Art. 202)."""
    year = day.year + years
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def _entry(event: Event) -> Entry:
    envelope = event.envelope
    return Entry(id=envelope.id, type=event.kind(), source=envelope.source, time=envelope.time, data=event.data)


def _when(entry: Entry) -> tuple[datetime, str]:
    return entry["time"], entry["id"]
