"""What intake publishes: the life of a complaint up to the department's door."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.event import Event
from shared.contracts.values import Category, Channel, Day, Instant, Language, Outcome, Sealed, Severity, Tier


class Product(BaseModel):
    """The thing complained of."""

    model_config = ConfigDict(frozen=True)

    name: str = ""
    batch: str = ""
    expires_on: Day | None = None


class SealedComplainant(BaseModel):
    """Who complains: what must be known to rank and to write to them is in clear, the person is sealed.

    `sealed` opens to JSON with `name`, `phone`, `email` and `address`.
    """

    model_config = ConfigDict(frozen=True)

    sealed: Sealed
    tier: Tier = "standard"
    anonymous: bool = False
    language: Language = "zh-CN"


class Hints(BaseModel):
    """What whoever took the complaint down thought of it; routing decides."""

    model_config = ConfigDict(frozen=True)

    category: Category | None = None
    severity: Severity | None = None


class Settlement(BaseModel):
    """How whoever received the complaint settled it on the spot."""

    model_config = ConfigDict(frozen=True)

    outcome: Outcome
    answer: Sealed


class ComplaintRegistered(Event):
    """A complaint has a number; with a `settlement` it was answered in the same breath by whoever received it.

    `calendar_edition` is that of the working calendar by which the promises on the receipt were counted.
    """

    type: Literal["complaint.registered"] = "complaint.registered"
    channel: Channel
    regulation: str
    regulation_version: str
    calendar_edition: int | None = None
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
    evidence: int = 0
    settlement: Settlement | None = None


class ComplaintAccepted(Event):
    """The complaint is admissible and will be handled."""

    type: Literal["complaint.accepted"] = "complaint.accepted"
    by: str
    reason: str = ""


class ComplaintDeclined(Event):
    """The complaint is not admissible; the complainant is told why."""

    type: Literal["complaint.declined"] = "complaint.declined"
    by: str
    reason: str


class ComplaintSupplemented(Event):
    """The complainant or staff added something."""

    type: Literal["complaint.supplemented"] = "complaint.supplemented"
    what: Sealed
    by: str


class ComplaintWithdrawn(Event):
    """The complainant does not pursue the matter."""

    type: Literal["complaint.withdrawn"] = "complaint.withdrawn"
    reason: str = ""
    by: str = ""


class RegulationMoved(Event):
    """The complaint is handled under another version of its regulation from now on."""

    type: Literal["complaint.regulation-moved"] = "complaint.regulation-moved"
    regulation: str
    origin: str = Field(alias="from")
    to: str
    reason: str
    by: str


class ComplaintLinked(Event):
    """The same matter as an earlier complaint."""

    type: Literal["complaint.linked"] = "complaint.linked"
    to: str
    likeness: float
