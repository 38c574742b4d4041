"""What a regulation pack is made of."""

from datetime import timedelta
from difflib import get_close_matches
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from shared.contracts.values import Channel, Department, Language, Milestone, Role, Rung, Severity, Tier
from shared.worktime import Duration

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Share = Annotated[float, Field(gt=0, lt=1)]

Within = Annotated[
    Duration,
    BeforeValidator(Duration.parse),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["5 working days", "24 hours", "same day"]}),
]
"""A time limit, written as `5 working days`."""


def in_both_languages(title: dict[Language, str]) -> dict[Language, str]:
    """Refuse a title that lacks a language (ValueError)."""
    missing = [language for language in ("zh-CN", "en") if language not in title]
    if missing:
        raise ValueError(f"say it in {' and in '.join(missing)} too")
    return title


Title = Annotated[dict[Language, Text], AfterValidator(in_both_languages)]
"""A name or sentence in every language that Redress speaks."""

RegisterField = Literal[
    "subject_line", "occurred_at", "place", "respondent", "claim", "received_by", "product.name", "product.batch",
    "product.expires_on", "complainant.name", "complainant.phone", "complainant.email", "complainant.address",
]  # fmt: skip
"""A field of the registration that a pack may require, as a path into its body."""

AdmissibilityTest = Literal["direct-interest", "definite-respondent", "specific-claim", "within-scope"]
"""What makes a complaint admissible (S7.1)."""

Grave = Literal["major", "critical"]
"""The severities that need a criterion; what meets none is general."""

Start = Literal["receipt", "acceptance", "agreement", "closing"]
"""The moment a target counts from: registered, accepted for handling, the answer agreed, the complaint closed."""


AFTER_AGREEMENT: tuple[Milestone, ...] = ("measures", "survey", "filing")
"""What is still to be done when the answer is agreed and the complaint closed; all else is done by then."""


def mistake_at(path: list[str | int], reason: str) -> PydanticCustomError:
    """A mistake further inside a part than pydantic can see: the keys that lead there, and the reason."""
    return PydanticCustomError("mistake", "{reason}", {"path": path, "reason": reason})


class Part(BaseModel):
    """A frozen piece of a pack that refuses keys it does not know and says which ones it does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, data: Any) -> Any:
        unknown = [key for key in data if key not in cls.model_fields] if isinstance(data, dict) else []
        if unknown:
            raise mistake_at([unknown[0]], cls._hint(str(unknown[0])))
        return data

    @classmethod
    def _hint(cls, key: str) -> str:
        close = get_close_matches(key, cls.model_fields, n=1)
        meant = f"did you mean {close[0]!r}? " if close else ""
        return f"is not a key here; {meant}The keys are {', '.join(cls.model_fields)}"


class Target(Part):
    """A promise: one milestone within a time limit, under conditions; a condition left out always holds."""

    milestone: Milestone
    within: Within
    clause: Text
    starts: Start = "receipt"
    severity: tuple[Severity, ...] | None = None
    written: bool | None = None
    tier: tuple[Tier, ...] | None = None
    channel: tuple[Channel, ...] | None = None

    @model_validator(mode="after")
    def _starts_before_it_is_done(self) -> Self:
        if self.starts in ("agreement", "closing") and self.milestone not in AFTER_AGREEMENT:
            reason = f"{self.milestone} is done before the {self.starts}; what counts from it is "
            raise mistake_at(["starts"], reason + ", ".join(AFTER_AGREEMENT))
        return self

    @property
    def conditions(self) -> tuple[object, ...]:
        """What has to hold, None where nothing has to."""
        return (self.severity, self.written, self.tier, self.channel)

    @property
    def specificity(self) -> int:
        """How many conditions the row has; of the rows that apply to a milestone, the most specific one counts."""
        return sum(condition is not None for condition in self.conditions)

    def applies(self, severity: Severity, written: bool, tier: Tier, channel: Channel | None) -> bool:
        """Whether every condition of the row holds."""
        return (
            (self.severity is None or severity in self.severity)
            and (self.written is None or written == self.written)
            and (self.tier is None or tier in self.tier)
            and (self.channel is None or channel in self.channel)
        )


class CategoryRule(Part):
    """Which department answers a category of complaints."""

    department: Department
    title: Title


class Alternate(Part):
    """The department that answers instead of one that the complaint is about."""

    department: Department
    clause: Text


class DepartmentEntry(Part):
    """A department as the complainant is told of it, its name and where it is found; and its alternate."""

    title: Title
    place: Title
    alternate: Alternate | None = None


class SeverityRule(Part):
    """What the regulation calls a severity, and what makes a complaint one; each criterion is enough by itself.

    Words of its text (danger, reactions, law), its channel, the customer's tier, an `amount` of money that it names or
    more, or so many `similar` complaints. The general one has a name only: it is what meets no criterion of the others.
    """

    title: Title
    clause: Text
    words: dict[Language, tuple[Text, ...]] = {}
    channels: tuple[Channel, ...] = ()
    tiers: tuple[Tier, ...] = ()
    amount: int | None = Field(default=None, ge=1)
    similar: int | None = Field(default=None, ge=2)

    @property
    def criteria(self) -> dict[str, object]:
        """What makes a complaint one, by the pack's keys; empty where nothing does."""
        said = self.model_dump(exclude={"title", "clause"})
        return {key: value for key, value in said.items() if value}


class Grading(NamedTuple):
    """A severity and the words and rules that decided it."""

    severity: Severity
    because: tuple[str, ...]


class Mass(Part):
    """When complaints are a mass complaint: so many in so many days about the same product, batch, place or party.

    `likeness` is how alike their texts have to be, from 0 to 1, where they share one of these; half of it is enough
    where they share two.
    """

    count: int = Field(default=3, ge=2, le=100)
    days: int = Field(default=30, ge=1, le=365)
    likeness: Share = 0.3
    clause: Text = "S9.5"


class Admissibility(Part):
    """The tests a complaint has to pass before it is handled (S7.1), and until when it is held against them.

    By when the complainant is told is a target, the milestone `decision`.
    """

    tests: tuple[AdmissibilityTest, ...] = Field(min_length=1)
    review: Within
    clause: Text


class Rise(Part):
    """A rung of the ladder of supervision: how long after a breach it is climbed, and whose turn it is.

    A row without `severity` counts for every severity that has no row of its own on this rung. The top rung is climbed
    `again` and again until someone acts; where the row does not say how soon, after as long as it took to get there.
    """

    rung: Rung
    after: Within
    role: Role
    clause: Text
    again: Within | None = None
    severity: tuple[Severity, ...] | None = Field(default=None, min_length=1)

    @property
    def interval(self) -> Duration:
        """How long it stands before it is climbed again."""
        return self.again or self.after

    @model_validator(mode="after")
    def _takes_time(self) -> Self:
        if self.interval.elapsed == timedelta():
            raise mistake_at(["again"], "no time at all is no interval: write how soon it is climbed, again: 1 hour")
        return self


class Alert(Part):
    """Who is told at once that a grave complaint has come in (S2.7, S20.5), day and night: in minutes, not in days."""

    severity: tuple[Grave, ...] = Field(min_length=1)
    role: Role
    within: Within
    clause: Text

    @field_validator("within")
    @classmethod
    def _never_stops(cls, within: Duration) -> Duration:
        if within.elapsed is None:
            raise ValueError('"at once" holds day and night: write minutes or hours, such as "15 minutes"')
        return within


class Pauses(Part):
    """How long a clock may stand still altogether while somebody is waited for; then it goes on."""

    most: Within
    clause: Text


class Consent(Part):
    """How agreement is found: silence this long counts as consent; after so many rounds the matter goes up."""

    silence: Within
    rounds: int = Field(ge=1, le=20)
    clause: Text


class Survey(Part):
    """How long the satisfaction survey is open, and when those who have not answered are reminded."""

    within: Within
    reminders: tuple[Within, ...] = ()
    clause: Text


class Retention(Part):
    """How many years a record is kept after the complaint is closed.

    With `after_expiry` it is kept so many years after the product's expiry instead (S19.4, S20.7), where that date is
    known, and never fewer than so many after closing.
    """

    years: int = Field(ge=1, le=100)
    after_expiry: int | None = Field(default=None, ge=1, le=100)
    clause: Text
