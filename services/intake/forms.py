"""What channels and complainants hand in, and what they get back."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from services.intake.model import What
from shared.contracts.values import (
    Category,
    Channel,
    Day,
    Department,
    Instant,
    Language,
    Milestone,
    Severity,
    Status,
    Tier,
)
from shared.web import Body, Line, Text


class Person(Body):
    """Who complains, and how to answer them."""

    name: Line = ""
    phone: Line = ""
    email: Line = ""
    address: Line = ""
    tier: Tier = "standard"
    anonymous: bool = False

    @model_validator(mode="after")
    def _can_be_answered(self) -> Self:
        if not (self.anonymous or self.phone or self.email or self.address):
            raise PydanticCustomError(
                "no_way_to_answer", "give a phone, email or address to answer to, or say anonymous"
            )
        return self


class ProductForm(Body):
    """The thing complained of."""

    name: Line = ""
    batch: Line = ""
    expires_on: Day | None = None


class SettlementForm(Body):
    """How the receiver settled it on the spot, and what they said."""

    outcome: Literal["upheld", "partly-upheld", "not-upheld", "explained"]
    answer: Annotated[Text, Field(min_length=1, max_length=20_000)]


class Registration(Body):
    """A complaint as a channel hands it in; only channel, narrative and a way to answer are always required.

    With a `settlement` whoever received it has answered it in the same breath (S2.3).
    """

    channel: Channel
    regulation: Line = "service-quality"
    subject_line: Line = ""
    narrative: Text = Field(min_length=1, max_length=100_000)
    occurred_at: Instant | None = None
    place: Line = ""
    complainant: Person
    respondent: Line = ""
    claim: Line = ""
    product: ProductForm | None = None
    category: Category | None = None
    severity: Severity | None = None
    received_by: Line = ""
    written: bool = False
    settlement: SettlementForm | None = None

    @model_validator(mode="after")
    def _somebody_has_settled_it(self) -> Self:
        if self.settlement and not self.received_by:
            raise PydanticCustomError("receiver_missing", "what is settled on the spot says by whom: give received_by")
        return self


class Decision(Body):
    """The decision on admissibility; declining needs a reason (S7.2)."""

    decision: str = Field(pattern="^(accept|decline)$")
    reason: Line = ""

    @model_validator(mode="after")
    def _declining_has_a_reason(self) -> Self:
        if self.decision == "decline" and not self.reason:
            raise PydanticCustomError(
                "reason_missing", "a complaint is declined with a reason, which the complainant is told"
            )
        return self


class RegulationMove(Body):
    """The version of its regulation that a complaint is handled under from now on, and why."""

    version: Annotated[Line, Field(min_length=1)]
    reason: Annotated[Line, Field(min_length=1)]


class MoveOrder(Body):
    """Why all open complaints go over to a version, and from which; from all older ones where none is named."""

    origin: Line = Field("", alias="from")
    reason: Annotated[Line, Field(min_length=1)]


class Supplement(Body):
    """Further facts."""

    narrative: Annotated[Text, Field(min_length=1, max_length=20_000)]


class Withdrawal(Body):
    """The complainant does not pursue the matter."""

    reason: Line = ""


class Contact(BaseModel):
    """Where the complaint lies: the department's name and place, in the reader's language."""

    department: str
    place: str


class Receipt(BaseModel):
    """The acknowledgement (回执): number, promises, the steps to come, and where to look (S12.1, S16.2).

    `derivation` says in words, line by line, how each promise was counted.
    """

    number: str
    tracking_token: str
    tracking_url: str
    received_at: Instant
    regulation: str
    status: Status
    promises: dict[Milestone, Instant]
    derivation: dict[Milestone, list[str]]
    process: list[str]
    contact: Contact


class TimelineEntry(BaseModel):
    """One thing that happened, in the reader's language."""

    at: Instant
    what: What
    text: str


class ComplaintView(BaseModel):
    """What the complainant sees when tracking (S3.4)."""

    number: str
    regulation: str
    status: Status
    status_text: str
    language: Language
    received_at: Instant
    subject_line: str
    department: Department | None
    promises: dict[Milestone, Instant]
    derivation: dict[Milestone, list[str]]
    timeline: list[TimelineEntry]
    next_step: str


class RegisterLine(BaseModel):
    """One line of the register (台账)."""

    number: str
    received_at: Instant
    channel: Channel
    regulation: str
    subject_line: str
    status: Status
    department: Department | None
    promises: dict[Milestone, Instant]
