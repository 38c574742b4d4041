"""A company's working calendar as plain values: where it departs from the statutory one, and why."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Annotated, Literal, Self, get_args
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from shared.contracts.values import Day, Language
from shared.worktime.hours import Hours

FIRST_YEAR, LAST_YEAR = 1950, 2100
"""The years that the statutory calendar has days for."""

FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)

SATURDAY = 5

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)

Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
KnownDay = Annotated[Day, Field(ge=FIRST_DAY, le=LAST_DAY)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
]
Zone = Annotated[ZoneInfo, PlainSerializer(str, return_type=str)]

OpeningHours = Annotated[
    Hours,
    BeforeValidator(Hours.parse),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "examples": [str(Hours())]}),
]
"""Business hours, written as `09:00-12:00, 13:30-18:00`."""


def in_every_language(words: dict[Language, Text]) -> dict[Language, Text]:
    """A language that is left out is told in the words of another."""
    spare = next(iter(words.values()))
    return {language: words.get(language, spare) for language in get_args(Language)}


def _by_language(words: object) -> object:
    return {"zh-CN": words} if isinstance(words, str) else words


Words = Annotated[
    dict[Language, Text], Field(min_length=1), BeforeValidator(_by_language), AfterValidator(in_every_language)
]
"""A name or reason by language; a single text stands for all of them."""


class Entry(BaseModel):
    """A frozen piece of an edition that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Entry):
    """One day, or all days from the first to the last."""

    first: KnownDay
    last: KnownDay | None = None

    @property
    def days(self) -> Iterator[date]:
        """Every day from the first to the last."""
        length = ((self.last or self.first) - self.first).days + 1
        return (self.first + timedelta(days=nth) for nth in range(length))

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if self.last and self.last < self.first:
            raise ValueError(f"the last day, {self.last}, lies before the first, {self.first}")
        return self


class Holiday(Span):
    """The days off of one holiday in an official arrangement, the weekend in them included."""

    name: Words


class OwnDays(Span):
    """Days on which a company works, or does not, by its own decision; hours left out are the usual ones."""

    worked: bool
    hours: OpeningHours | None = None
    reason: Words

    @model_validator(mode="after")
    def _open_only_when_worked(self) -> Self:
        if self.hours and not self.worked:
            raise ValueError(f"{self.first} is not worked, so it has no hours")
        return self


class Arrangement(Entry):
    """The State Council's arrangement of one year's days off, as entered by hand from its notice."""

    year: Year
    holidays: tuple[Holiday, ...] = Field(min_length=1)
    makeup: tuple[KnownDay, ...] = ()

    @model_validator(mode="after")
    def _plausible(self) -> Self:
        days = [*(day for holiday in self.holidays for day in holiday.days), *self.makeup]
        refuse_repeats(days)
        for day in days:
            if day.year != self.year and (day.year, day.month) != (self.year - 1, 12):
                raise ValueError(f"{day} belongs neither to {self.year} nor to the December before")
        for day in self.makeup:
            if day.weekday() < SATURDAY:
                raise ValueError(f"{day} is no Saturday or Sunday, so it cannot be a make-up workday")
        return self


class CalendarEdition(Entry):
    """One edition of a working calendar: the statutory calendar, and what one company or region has otherwise.

    Its dump is plain (texts, numbers, lists), so that JSON and MongoDB keep it as it is.
    """

    name: Name
    version: int = Field(ge=0)
    title: Words
    zone: Zone = ZoneInfo("Asia/Shanghai")
    hours: OpeningHours = Hours()
    weekdays: dict[Weekday, OpeningHours] = {}
    """Weekdays that have other hours whenever they are worked."""
    days: tuple[OwnDays, ...] = ()
    arrangements: tuple[Arrangement, ...] = ()
    """Years whose official arrangement was entered by hand; it counts instead of what the statutory calendar has."""

    @model_validator(mode="after")
    def _says_everything_once(self) -> Self:
        refuse_repeats(day for entry in self.days for day in entry.days)
        refuse_repeats(arrangement.year for arrangement in self.arrangements)
        return self

    def usual_hours(self, weekday: int) -> Hours:
        """The hours of a weekday (Monday is 0) whenever it is worked."""
        return self.weekdays.get(WEEKDAYS[weekday], self.hours)

    def __hash__(self) -> int:
        return hash((self.name, self.version))


def refuse_repeats(entries: Iterable[object]) -> None:
    """Raise ValueError for the first entry that stands there twice."""
    seen: set[object] = set()
    for entry in entries:
        if entry in seen:
            raise ValueError(f"{entry} stands there twice")
        seen.add(entry)


STATUTORY = CalendarEdition(name="cn", version=0, title={"zh-CN": "中国法定工作日", "en": "Chinese statutory days"})
"""The statutory calendar as it is; every edition builds on its days."""
