"""Whether the clauses of the regulations were kept: how many complaints each applied to in a month, and how it went."""

from collections import defaultdict
from collections.abc import AsyncIterable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic import BaseModel

from services.sla.conformance.month import Month
from services.sla.conformance.tally import Tally
from services.sla.conformance.verdicts import Finding, Verdict, findings
from services.sla.model import Clock, Promise
from shared.contracts.values import Instant, Language, Milestone
from shared.regulations import Regulation, Regulations
from shared.regulations.statements import statements
from shared.worktime import Deadline, Duration

GRAVEST_FIRST: tuple[Verdict, ...] = ("missed", "moved", "pending", "met", "void")
"""A complaint that a clause promised something more than once is judged by the worst of it."""
IN_SO_MANY_WORDS = "; "


class Row(NamedTuple):
    """What a clause promises: one milestone within one limit."""

    clause: str
    milestone: Milestone
    within: str


class ClauseReport(BaseModel):
    """How one promise of a regulation was kept.

    `applied` is to how many complaints, those not counted that ended before it was due (`void`); `met` how many met it
    by the first deadline, `moved` by no more than a moved one, `missed` did not, `pending` may still. `on_time` is the
    share of the met among the met, moved and missed. The complaints that were moved or missed are named.
    """

    clause: str
    milestone: Milestone
    promise: str
    applied: int
    met: int
    moved: int
    missed: int
    pending: int
    void: int
    on_time: float | None
    paused: int
    paused_hours: float
    missed_numbers: list[str]
    moved_numbers: list[str]


class PackReport(BaseModel):
    """How one version of a regulation was kept; in the `provisional` years its deadlines may still move."""

    name: str
    version: str
    title: str
    provisional: list[int]
    clauses: list[ClauseReport]


class Report(BaseModel):
    """How the regulations were kept in a month, as of a moment."""

    month: str
    since: Instant
    until: Instant
    as_of: Instant
    packs: list[PackReport]

    @property
    def is_clean(self) -> bool:
        """Whether nothing was missed."""
        return not any(clause.missed for pack in self.packs for clause in pack.clauses)


@dataclass
class Kept:
    """How the complaints that a clause applied to kept it."""

    tally: Tally = field(default_factory=Tally)
    numbers: dict[Verdict, list[str]] = field(default_factory=lambda: {"missed": [], "moved": []})

    def add(self, number: str, found: Sequence[Finding]) -> None:
        """Count one complaint by the worst that became of what it was promised."""
        worst = min(found, key=lambda finding: GRAVEST_FIRST.index(finding.verdict))
        self.tally.add(worst._replace(waited=sum((finding.waited for finding in found), timedelta())))
        if worst.verdict in self.numbers:
            self.numbers[worst.verdict].append(number)


class Ledger:
    """What was found about one version of a regulation in a month."""

    def __init__(self, regulation: Regulation) -> None:
        self.regulation = regulation
        self._rows: dict[Row, Kept] = defaultdict(Kept)
        self._years: set[int] = set()

    def add(self, clock: Clock, month: Month, now: datetime) -> None:
        """Count one complaint under every clause that promised it something for the month."""
        rows: dict[Row, list[Finding]] = defaultdict(list)
        for finding in findings(clock, month.since, month.until, now):
            promise = finding.promise
            rows[Row(promise.clause, promise.milestone, promise.within)].append(finding)
            self._years.update(_deadline(promise).provisional_years)
        for row, found in rows.items():
            self._rows[row].add(clock.number, found)

    def report(self, language: Language) -> PackReport:
        """What was found, every clause that promises anything in the order of the regulation."""
        wording = _wording(self.regulation, language)
        rows = dict.fromkeys([*wording, *self._rows])
        return PackReport(
            name=self.regulation.name,
            version=self.regulation.version,
            title=self.regulation.title[language],
            provisional=sorted(self._years),
            clauses=[_clause(row, wording.get(row, row.within), self._rows[row]) for row in rows],
        )


async def conformance(
    clocks: AsyncIterable[Clock],
    month: Month,
    regulations: Regulations,
    now: datetime,
    language: Language,
    packs: Iterable[str] = (),
) -> Report:
    """Count the complaints that were promised anything for a month, one after the other; none is kept in memory.

    The newest versions of `packs` are reported even where they applied to nothing. Raises `UnknownRegulation`.
    """
    ledgers = {(pack.name, pack.version): Ledger(pack) for pack in map(regulations.get, packs)}
    async for clock in clocks:
        edition = clock.regulation, clock.regulation_version
        if edition not in ledgers:
            ledgers[edition] = Ledger(regulations.get(*edition))
        ledgers[edition].add(clock, month, now)
    told = [ledgers[edition].report(language) for edition in sorted(ledgers)]
    return Report(month=str(month), since=month.since, until=month.until, as_of=now, packs=told)


def _wording(pack: Regulation, language: Language) -> dict[Row, str]:
    """What each clause promises, in words; rows that differ in nothing but their conditions together."""
    wording: dict[Row, str] = {}
    for target, said in zip(pack.targets, statements(pack, language)["targets"], strict=True):
        row = Row(target.clause, target.milestone, str(target.within))
        words = f"{said.subject}: {said.says[0]}"
        wording[row] = IN_SO_MANY_WORDS.join(filter(None, [wording.get(row), words]))
    return wording


def _deadline(promise: Promise) -> Deadline:
    within = Duration.parse(promise.within)
    return Deadline(promise.started_at, within, promise.due_at, promise.counted_by.known)


def _clause(row: Row, promise: str, kept: Kept) -> ClauseReport:
    verdicts = kept.tally.verdicts
    return ClauseReport(
        clause=row.clause,
        milestone=row.milestone,
        promise=promise,
        applied=verdicts.total() - verdicts["void"],
        met=verdicts["met"],
        moved=verdicts["moved"],
        missed=verdicts["missed"],
        pending=verdicts["pending"],
        void=verdicts["void"],
        on_time=kept.tally.on_time,
        paused=kept.tally.paused,
        paused_hours=round(kept.tally.waited / timedelta(hours=1), 2),
        missed_numbers=sorted(kept.numbers["missed"]),
        moved_numbers=sorted(kept.numbers["moved"]),
    )
