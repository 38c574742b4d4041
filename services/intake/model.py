"""A complaint, from its registration to the archive, as the complainant and the intake officer know it."""

from itertools import pairwise
from typing import ClassVar, Literal

from pydantic import BaseModel, Field

from shared.aggregate import Governed, Transitions
from shared.contracts.event import Event
from shared.contracts.intake import (
    ComplaintAccepted,
    ComplaintDeclined,
    ComplaintRegistered,
    ComplaintSupplemented,
    ComplaintWithdrawn,
    Hints,
    Product,
    RegulationMoved,
    SealedComplainant,
    Settlement,
)
from shared.contracts.sla import Counting
from shared.contracts.values import Channel, Department, Instant, Milestone, Sealed, Status
from shared.errors import Invalid, NotYet, WrongState
from shared.regulations import Regulation

What = Literal[
    "registered", "accepted", "declined", "supplemented", "withdrawn", "assigned", "in-progress", "progress", "waiting",
    "resumed", "answered", "reopened", "closed", "archived", "promise-moved", "promise-dropped",
]  # fmt: skip

MOVED: dict[bool, What] = {True: "promise-moved", False: "promise-dropped"}
"""What became of a promise that was due at another time before, by whether it is due still."""

FINISHED: frozenset[Status] = frozenset({"closed", "archived", "declined", "withdrawn"})
"""Where nothing more can be done to a complaint."""

MOST_SUPPLEMENTS = 50
"""How often something can be added to one complaint, so that it always fits into its document."""


class Entry(BaseModel):
    """One line of what the complainant may see: when, what, and a word on it where there is one.

    `id` is that of the event that told of it: of what was done in one breath the ids are in order.
    """

    at: Instant
    what: What
    note: str = ""
    id: str = ""


class Promised(BaseModel):
    """A deadline as it was promised at some moment, and how it was counted where that is not on the receipt.

    Without `due_at` it was promised no more from then on.
    """

    at: Instant
    due_at: Instant | None
    counting: Counting | None = None


class Complaint(Governed):
    """One complaint. Its `_id` comes from channel and idempotency key, so that a repeated registration collides."""

    FOUND_BY: ClassVar[str] = "state.number"

    TRANSITIONS: ClassVar[Transitions] = {
        "registered": frozenset({"accepted", "declined", "withdrawn"}),
        "accepted": frozenset({"assigned", "withdrawn"}),
        "assigned": frozenset({"assigned", "in-progress", "answered", "withdrawn"}),
        "in-progress": frozenset({"assigned", "in-progress", "answered", "withdrawn"}),
        "answered": frozenset({"reopened", "closed", "withdrawn"}),
        "reopened": frozenset({"assigned", "withdrawn"}),
        "closed": frozenset({"archived"}),
        "archived": frozenset(),
        "declined": frozenset(),
        "withdrawn": frozenset(),
    }

    registration_id: str
    status: Status
    channel: Channel
    received_at: Instant
    subject_line: str = ""
    narrative: Sealed
    complainant: SealedComplainant
    respondent: str = ""
    claim: str = ""
    product: Product | None = None
    place: str = ""
    occurred_at: Instant | None = None
    hints: Hints = Hints()
    received_by: str = ""
    written: bool = False
    settlement: Settlement | None = None
    needs_decision: bool = False
    department: Department | None = None
    concerned: list[Department] = Field(default_factory=list)
    calendar_edition: int | None = None
    promises: dict[Milestone, Instant] = Field(default_factory=dict)
    promised: dict[Milestone, list[Promised]] = Field(default_factory=dict)
    moved_at: Instant | None = None
    moved_by: str = ""
    placed_at: Instant | None = None
    placed_by: str = ""
    timeline: list[Entry] = Field(default_factory=list)
    supplements: list[Sealed] = Field(default_factory=list)

    @property
    def id(self) -> str:
        """The document's `_id`: one per channel and idempotency key."""
        return self.registration_id

    def register(self) -> None:
        """Enter the complaint in the register (S5.2, S6.3): from here on it cannot be lost."""
        self._note("registered", self.received_at)
        self.record(ComplaintRegistered.model_validate(vars(self)))

    def accept(self, *, by: str, reason: str, at: Instant) -> None:
        """Take the complaint on (受理)."""
        self._move("accepted")
        self._note("accepted", at, reason)
        self.record(ComplaintAccepted(by=by, reason=reason))

    def decline(self, *, by: str, reason: str, at: Instant) -> None:
        """Do not take the complaint on (不予受理); the complainant is told the reason (S7.2)."""
        self._move("declined")
        self._note("declined", at, reason)
        self.record(ComplaintDeclined(by=by, reason=reason))

    def supplement(self, what: Sealed, *, by: str, at: Instant) -> None:
        """Add facts to a matter that is still open."""
        if self.status in FINISHED:
            raise WrongState(f"{self.number} is {self.status}; nothing can be added.", state=self.status)
        if len(self.supplements) >= MOST_SUPPLEMENTS:
            detail = f"{self.number} has been added to {MOST_SUPPLEMENTS} times; no more can be added."
            raise WrongState(detail, state=self.status)
        self.supplements.append(what)
        self._note("supplemented", at)
        self.record(ComplaintSupplemented(what=what, by=by))

    def withdraw(self, *, by: str, reason: str, at: Instant) -> None:
        """The complainant does not pursue the matter; `by` is who says so for them."""
        self._move("withdrawn")
        self._note("withdrawn", at)
        self.record(ComplaintWithdrawn(by=by, reason=reason))

    def move_regulation(self, to: Regulation, *, by: str, reason: str, at: Instant) -> None:
        """Handle the complaint under another version of its regulation; what was promised adjusts by its rules."""
        if self.status in FINISHED:
            raise WrongState(f"{self.number} is {self.status}; its regulation stays what it was.", state=self.status)
        if self.department and self.department not in to.departments:
            raise Invalid(f"{to.edition} has no department {self.department}, which has {self.number} in hand.")
        if to.version == self.regulation_version:
            raise Invalid(f"{self.number} is handled under {to.edition} already.")
        versions = {"from": self.regulation_version, "to": to.version}
        self.govern(to.version, at)
        self.record(RegulationMoved(regulation=self.regulation, **versions, reason=reason, by=by))

    def assign(self, department: Department, event: Event) -> None:
        """A department answers from now on; where no decision was needed, that also means accepted."""
        if self.status == "registered" and not self.needs_decision:
            self._move("accepted")
            self._note("accepted", event.time, id=event.id)
        self._reach("assigned", event, note=department)
        if self.placed_at is None or (event.time, event.id) >= (self.placed_at, self.placed_by):
            self.department, self.placed_at, self.placed_by = department, event.time, event.id

    def hand_over(self, department: Department, event: Event) -> None:
        """Another department answers than the one before."""
        if self.department is None and not self.is_final:
            raise NotYet(f"{self.number} has not been assigned yet")
        self.assign(department, event)

    def progress(self, status: Status, event: Event) -> None:
        """The department has got to `status`."""
        self._reach(status, event)

    def finish(self, status: Status, event: Event) -> None:
        """The matter is closed, or filed."""
        if self._follow(status):
            self._note(status, event.time, id=event.id)

    def tell(self, what: What, event: Event, note: str = "") -> None:
        """Show something to the complainant that does not change the status."""
        self._note(what, event.time, note, event.id)

    def promise(
        self, milestone: Milestone, due_at: Instant | None, at: Instant, counting: Counting | None = None
    ) -> None:
        """A deadline was set, moved or dropped; that it is due as it was promised on the receipt is no news."""
        as_on_receipt = milestone not in self.promised and self.promises.get(milestone) == due_at
        if as_on_receipt and due_at and counting is None:
            return
        history = self.promised.setdefault(milestone, self._as_registered(milestone))
        history.append(Promised(at=at, due_at=due_at, counting=counting))
        history.sort(key=lambda promised: promised.at)
        self._keep_promised(milestone, history[-1].due_at)
        self.timeline = [e for e in self.timeline if not (e.what in MOVED.values() and e.note == milestone)]
        for before, after in pairwise(history):
            if before.due_at != after.due_at:
                self._note(MOVED[after.due_at is not None], after.at, milestone)

    def _keep_promised(self, milestone: Milestone, due_at: Instant | None) -> None:
        if due_at:
            self.promises[milestone] = due_at
        else:
            self.promises.pop(milestone, None)

    def _as_registered(self, milestone: Milestone) -> list[Promised]:
        due_at = self.promises.get(milestone)
        return [Promised(at=self.received_at, due_at=due_at)] if due_at else []

    def _reach(self, status: Status, event: Event, note: str = "") -> None:
        """Go where the department says we are, and say so; an event that others have overtaken is only said."""
        moved = self.moved_at is not None and (event.time, event.id) < (self.moved_at, self.moved_by)
        overtaken = moved or self.status in ("closed", "archived")
        followed = not overtaken and self._follow(status)
        if followed:
            self.moved_at, self.moved_by = event.time, event.id
        if followed or overtaken:
            self._note(status, event.time, note, event.id)

    def _note(self, what: What, at: Instant, note: str = "", id: str = "") -> None:
        self.timeline.append(Entry(at=at, what=what, note=note, id=id))
        self.timeline.sort(key=lambda entry: (entry.at, entry.id))
