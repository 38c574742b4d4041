"""The Chinese statutory days: which days are off, under which name, and which weekends are worked instead.

Source: the State Council's yearly notices on holiday arrangements (国务院办公厅关于部分节假日安排的通知), as the
`holidays` package carries them. A year without a published notice has its statutory holidays and no make-up workdays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from shared.contracts.values import Language
from shared.worktime.edition import FIRST_YEAR, LAST_YEAR, Arrangement

if TYPE_CHECKING:
    from holidays.countries.china import China

Names = Mapping[Language, tuple[str, ...]]
"""The holidays that fall on a day off; none where it was only moved there: the holiday beside it names it."""

_LOCALES: Mapping[Language, str] = {"zh-CN": "zh_CN", "en": "en_US"}
_MOVED = "Day off"
_OBSERVED: Mapping[Language, str] = {"zh-CN": "（补假）", "en": " (observed)"}


@dataclass(frozen=True)
class StatutoryDays:
    """The days off by the law, the weekends worked in exchange (调休), and the years whose arrangement is known."""

    off: Mapping[date, Names]
    makeup: frozenset[date]
    published: frozenset[int]

    def arranged(self, arrangements: Iterable[Arrangement]) -> "StatutoryDays":
        """These days, with years whose official arrangement was entered by hand in place of what was known of them."""
        entered = {arrangement.year: arrangement for arrangement in arrangements}
        off = {day: name for day, name in self.off.items() if day.year not in entered}
        makeup = {day for day in self.makeup if day.year not in entered}
        for arrangement in entered.values():
            off |= {day: _single(holiday.name) for holiday in arrangement.holidays for day in holiday.days}
            makeup.update(arrangement.makeup)
        return StatutoryDays(off, frozenset(makeup), self.published | set(entered))


@cache
def statutory_days() -> StatutoryDays:
    """What the package knows of every year from 1950 to 2100."""
    from holidays.countries.china import ChinaStaticHolidays  # takes half a second: only who counts days pays for it

    calendars = {language: _china(language) for language in _LOCALES}
    off = {day: _named(day, calendars) for day in calendars["en"]}
    published = frozenset(ChinaStaticHolidays.special_public_holidays)
    return StatutoryDays(off, frozenset(calendars["en"].weekend_workdays), published)


def _china(language: Language) -> "China":
    from holidays.countries.china import China

    years = range(FIRST_YEAR, LAST_YEAR + 1)
    return China(years=years, expand=False, language=_LOCALES[language])  # type: ignore[no-untyped-call]  # package has none


def _named(day: date, calendars: Mapping[Language, "China"]) -> Names:
    if calendars["en"][day].startswith(_MOVED):
        return dict.fromkeys(_LOCALES, ())
    return {language: _plain(calendars[language][day], language) for language in _LOCALES}


def _plain(names: str, language: Language) -> tuple[str, ...]:
    return tuple(name.removesuffix(_OBSERVED[language]) for name in names.split("; "))


def _single(name: Mapping[Language, str]) -> Names:
    return {language: (text,) for language, text in name.items()}
