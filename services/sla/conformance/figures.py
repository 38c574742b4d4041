"""The on-time rate (按时办结率) of a month, by milestone and department."""

from collections import defaultdict
from collections.abc import AsyncIterable, Iterable
from datetime import datetime, timedelta
from typing import get_args

from pydantic import BaseModel

from services.sla.conformance.month import Month
from services.sla.conformance.tally import Tally
from services.sla.conformance.verdicts import Verdict, findings
from services.sla.model import Clock
from shared.contracts.values import Department, Instant, Milestone

MILESTONES: tuple[Milestone, ...] = get_args(Milestone)

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

Key = tuple[Milestone, Department | None]


class MilestoneFigures(BaseModel):
    """What became of the promises of one kind that were first due in the month.

    Each counts once, by its first deadline: `met` by it, `moved` where it was met by no more than a deadline that was
    moved, or may still be, `missed`, `pending` until it is due, `void` where the matter had ended before. `on_time` is
    the share of the met among the met, moved and missed; lateness in seconds, of the moved and missed, from the first
    deadline; `paused` is how many had to wait for somebody, `paused_seconds` the working time that they waited.
    """

    milestone: Milestone
    met: int
    moved: int
    missed: int
    pending: int
    void: int
    on_time: float | None
    mean_lateness: float | None
    p90_lateness: float | None
    paused: int
    paused_seconds: float


class DepartmentFigures(MilestoneFigures):
    """The same of those that one department was answerable for; null where none had the complaint yet."""

    department: Department | None


class Figures(BaseModel):
    """The on-time figures of a month."""

    month: str
    as_of: Instant
    milestones: list[MilestoneFigures]
    departments: list[DepartmentFigures]


async def count_promises(clocks: AsyncIterable[Clock], month: Month, now: datetime) -> Figures:
    """Count the promises that were first due in a month, by now."""
    overall: dict[Milestone, Tally] = defaultdict(Tally)
    departments: dict[Key, Tally] = defaultdict(Tally)
    async for clock in clocks:
        for finding in findings(clock, month.since, month.until, now):
            overall[finding.promise.milestone].add(finding)
            departments[finding.promise.milestone, finding.department].add(finding)
    return Figures(
        month=str(month),
        as_of=now,
        milestones=[
            MilestoneFigures(milestone=name, **_counted(overall[name])) for name in MILESTONES if name in overall
        ],
        departments=[
            DepartmentFigures(
                milestone=milestone, department=department, **_counted(departments[milestone, department])
            )
            for milestone, department in _in_order(departments)
        ],
    )


def _in_order(keys: Iterable[Key]) -> list[Key]:
    return sorted(keys, key=lambda key: (MILESTONES.index(key[0]), key[1] or ""))


def _counted(tally: Tally) -> dict[str, float | None]:
    verdicts: dict[str, float | None] = {verdict: tally.verdicts[verdict] for verdict in VERDICTS}
    return verdicts | {
        "on_time": tally.on_time,
        "mean_lateness": _seconds(tally.mean_lateness),
        "p90_lateness": _seconds(tally.p90_lateness),
        "paused": tally.paused,
        "paused_seconds": tally.waited.total_seconds(),
    }


def _seconds(time: timedelta | None) -> float | None:
    return time.total_seconds() if time is not None else None
