"""A conformance report on paper: Markdown that an auditor reads as it stands. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from services.sla.conformance.month import ZONE
from services.sla.conformance.report import ClauseReport, PackReport, Report
from services.sla.conformance.words import COLUMNS, METHOD, REPORT
from shared.contracts.values import Language
from shared.regulations.words import COMMA


def markdown(report: Report, language: Language) -> str:
    """The whole report: period, how it was counted, and a table for each regulation."""
    return "\n".join([*_head(report, language), *_packs(report, language)])


def _head(report: Report, language: Language) -> Iterator[str]:
    last = report.until - timedelta(minutes=1)
    times = {"since": _moment(report.since), "until": _moment(last), "as_of": _moment(report.as_of)}
    yield "# " + _say("title", language, month=report.month)
    yield "\n" + _say("period", language, **times, zone=ZONE.key)
    yield "\n## " + _say("how", language) + "\n"
    yield from (f"- {rule}" for rule in METHOD[language])


def _packs(report: Report, language: Language) -> Iterator[str]:
    if not report.packs:
        yield "\n" + _say("nothing", language)
    for pack in report.packs:
        yield "\n## " + _say("pack", language, title=pack.title, name=pack.name, version=pack.version) + "\n"
        yield from _table(pack.clauses, language)
        yield from _exceptions(pack, language)


def _table(clauses: Sequence[ClauseReport], language: Language) -> Iterator[str]:
    yield _row(COLUMNS[language])
    yield _row(["---", "---", *["---:"] * (len(COLUMNS[language]) - 2)])
    for one in clauses:
        figures = (one.applied, one.met, one.moved, one.missed, one.pending, one.void)
        rate = "–" if one.on_time is None else f"{one.on_time:.1%}"
        paused = f"{one.paused} ({one.paused_hours:g} h)" if one.paused else "0"
        yield _row([one.clause, one.promise, *map(str, figures), rate, paused])


def _exceptions(pack: PackReport, language: Language) -> Iterator[str]:
    """Which complaints were not met, by clause, and which years may still change."""
    for one in pack.clauses:
        for key, numbers in (("missed", one.missed_numbers), ("moved", one.moved_numbers)):
            if numbers:
                head = _say(key, language, clause=one.clause, promise=one.promise)
                yield f"\n**{head}**\n\n{COMMA[language].join(numbers)}"
    if not any(one.missed for one in pack.clauses):
        yield "\n" + _say("all kept", language)
    if pack.provisional:
        yield "\n" + _say("provisional", language, years=COMMA[language].join(map(str, pack.provisional)))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}"


def _say(key: str, language: Language, **values: object) -> str:
    return REPORT[key][language].format(**values)
