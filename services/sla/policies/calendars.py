"""One year of a working calendar, and the edition that comes of entering it otherwise. Pure."""

import re
from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from shared.contracts.values import Day
from shared.errors import NotFound
from shared.web.body import InvalidBody, pointers
from shared.worktime import CALENDARS, Arrangement, Calendar, CalendarEdition, Holiday, OwnDays
from shared.worktime.edition import STATUTORY, Name, OpeningHours, Weekday, Words

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""The years that are shown and entered; counting reaches further back."""

USUAL = ("title", "hours", "weekdays")
"""What an edition says of every year."""


class YearEntry(BaseModel):
    """What a company enters for one year: the official arrangement, its own days, and its hours (of all years).

    `holidays` and `makeup` are the State Council's arrangement; left out, what is known of it counts. `hours`,
    `weekdays` and `title` stay as they are where they are left out.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name = STATUTORY.name
    title: Words | None = None
    holidays: tuple[Holiday, ...] = ()
    makeup: tuple[Day, ...] = ()
    days: tuple[OwnDays, ...] = ()
    hours: OpeningHours | None = None
    weekdays: dict[Weekday, OpeningHours] | None = None

    @model_validator(mode="after")
    def _makeup_needs_holidays(self) -> "YearEntry":
        if self.makeup and not self.holidays:
            raise ValueError("make-up workdays belong to an arrangement: enter its holidays too")
        return self


def calendar_of(name: str, edition: int | None = None) -> Calendar:
    """The calendar of a name in an edition, or as it is in force. Raises `NotFound`."""
    try:
        return CALENDARS.get(name, edition)
    except ValueError as unknown:
        raise NotFound(f"Not found: {unknown}.") from unknown


def calendar_under(key: str) -> Calendar:
    """The calendar and edition of a revision, `name:edition`. Raises `NotFound`."""
    name, _, edition = key.partition(":")
    if not re.fullmatch(r"\d{1,9}", edition):
        raise NotFound(f"There is no revision {key}.")
    return calendar_of(name, int(edition))


def year_of(text: str) -> int:
    """The year in a path. Raises `NotFound` where there is no calendar for it."""
    year = int(text)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound(f"There is no calendar for {year}.")
    return year


def days_of(year: int) -> list[date]:
    """Every day of a year."""
    first = date(year, 1, 1)
    return [first + timedelta(days=place) for place in range((date(year + 1, 1, 1) - first).days)]


def revised(present: CalendarEdition, year: int, entry: YearEntry) -> CalendarEdition:
    """The next edition: the present one, with what was entered in place of that year's days. Raises `InvalidBody`.

    Days that begin in the year are the year's.
    """
    for place, span in enumerate(entry.days):
        if span.first.year != year:
            raise _wrong(f"/days/{place}/first", f"{span.first} is no day of {year}")
    usual = {key: value for key in USUAL if (value := getattr(entry, key)) is not None}
    days = [*(span for span in present.days if span.first.year != year), *entry.days]
    try:
        arranged = [Arrangement(year=year, holidays=entry.holidays, makeup=entry.makeup)] if entry.holidays else []
        arrangements = [*(one for one in present.arrangements if one.year != year), *arranged]
        return CalendarEdition(
            **dict(present)
            | usual
            | {
                "version": present.version + 1,
                "days": sorted(days, key=lambda span: span.first),
                "arrangements": sorted(arrangements, key=lambda arrangement: arrangement.year),
            }
        )
    except ValidationError as error:
        raise InvalidBody("The year is not what it can be.", errors=pointers(error)) from error


def _wrong(pointer: str, detail: str) -> InvalidBody:
    fault = {"pointer": f"#{pointer}", "detail": detail, "type": "value_error"}
    return InvalidBody("The year is not what it can be.", errors=[fault])
