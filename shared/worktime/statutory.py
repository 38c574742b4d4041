"""The Chinese statutory calendar: which days of a year are worked, and the names of those that are not.

Source: the State Council's yearly notices on holiday arrangements (国务院办公厅关于部分节假日安排的通知), as the
`holidays` package carries them. A year without a published notice has its statutory holidays and no make-up workdays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from holidays.countries.china import China, ChinaStaticHolidays

from shared.contracts.values import Language

PUBLISHED = frozenset(ChinaStaticHolidays.special_public_holidays)
"""The years whose official arrangement is known."""

_LOCALES: Mapping[Language, str] = {"zh-CN": "zh_CN", "en": "en_US"}
_MOVED: Mapping[Language, str] = {"zh-CN": "休息日", "en": "Day off"}
_OBSERVED: Mapping[Language, str] = {"zh-CN": "（补假）", "en": " (observed)"}


@dataclass(frozen=True)
class Year:
    """The working days of one year as proleptic ordinals in order, its make-up workdays, and its holidays by name.

    A day off that was only moved there has no name of its own: the holiday beside it names it.
    """

    working: tuple[int, ...]
    makeup: frozenset[date]
    holidays: Mapping[Language, Mapping[date, str]]


@cache
def statutory_year(year: int) -> Year:
    """The statutory calendar of a year; ValueError outside 1 to 9999."""
    china = _china(year, "en")
    days = _days_of(year)
    working = tuple(day.toordinal() for day in days if china.is_working_day(day))
    makeup = frozenset(day for day in days if day in china.weekend_workdays)
    return Year(working, makeup, {language: _names(year, language) for language in _LOCALES})


def _china(year: int, language: Language) -> China:
    """The package's calendar; next year's arrangement may move working days into this December."""
    locale = _LOCALES[language]
    return China(years=(year, year + 1), expand=False, language=locale)  # type: ignore[no-untyped-call]  # package has none


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=nth) for nth in range((date(year, 12, 31) - first).days + 1)]


def _names(year: int, language: Language) -> Mapping[date, str]:
    return {
        day: name.removesuffix(_OBSERVED[language])
        for day, name in sorted(_china(year, language).items())
        if day.year == year and not name.startswith(_MOVED[language])
    }
