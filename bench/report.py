"""The figures as a table: each measurement's own on a line, beside the baseline's, the ratio, and what was promised."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from rich.table import Table

from bench.measure import Figures
from shared.alarms import AT_ONCE


class Promise(NamedTuple):
    """A figure that was promised: at least, or at most, so much."""

    figure: str
    least: float = float("-inf")
    most: float = float("inf")

    def kept(self, figures: Figures) -> bool:
        """Whether the figure is within its bounds."""
        return self.least <= figures[self.figure] <= self.most

    def __str__(self) -> str:
        return f"≤ {self.most:g}" if self.most < float("inf") else f"≥ {self.least:g}"


PROMISES: Sequence[Promise] = (
    Promise("registrations_ratio", least=3),
    Promise("registrations_p99_ratio", most=1),
    Promise("pipeline_ratio", least=3),
    Promise("pipeline_per_s", least=800),
    Promise("consumer_ratio", least=5),
    Promise("queue_p99_ms", most=100),
    Promise("alarm_seconds", most=4),
    Promise("supervision_lateness_p99_s", most=2),
    Promise("supervision_burst_seconds", most=45),
    Promise("supervision_burst_overtaken", most=2 * AT_ONCE),
    Promise("supervision_tick_ratio", most=1.5),
    Promise("supervision_rss_growth_mb", most=16),
    Promise("recount_resumed_after_s", most=10),
    Promise("recount_by_halves", most=0),
    Promise("deadlines_per_s", least=100_000),
    Promise("board_p95_ms", most=50),
    Promise("counts_p95_ms", most=50),
    Promise("worklist_p95_ms", most=50),
    Promise("worklist_counts_p95_ms", most=50),
)
BASELINE = "_baseline_"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def promises(figures: Figures) -> Table:
    """What was promised and measured, and whether it was kept."""
    shown = _table("promised", "measured", "bound", "")
    for promise in PROMISES:
        if promise.figure in figures:
            kept = "[green]kept" if promise.kept(figures) else "[red]not kept"
            shown.add_row(promise.figure, _number(figures[promise.figure]), str(promise), kept)
    return shown


def comparison(figures: Figures) -> Table:
    """Every other figure, the baseline's beside it where it has one."""
    shown = _table("figure", "redress", "baseline")
    for name in _ours(figures):
        baseline = figures.get(_of_baseline(name))
        shown.add_row(name, _number(figures[name]), "" if baseline is None else _number(baseline))
    return shown


def write(figures: Figures, command: str, page: Path) -> None:
    """Put both tables into a Markdown page, between its two marks."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    tables = "\n".join(_markdown(table) for table in (promises(figures), comparison(figures)))
    where = f"Produced by `{command}`: {os.cpu_count()} processors, servers and load on the same machine."
    page.write_text(f"{before}{BEGIN}\n{where}\n\n{tables}{END}{after}", encoding="utf-8")


def _markdown(table: Table) -> str:
    columns = [[str(column.header), "---", *map(_plain, column.cells)] for column in table.columns]
    return "".join(f"| {' | '.join(row)} |\n" for row in zip(*columns, strict=True))


def _plain(cell: object) -> str:
    return str(cell).partition("]")[2] or str(cell)


def _ours(figures: Figures) -> Iterable[str]:
    promised = {promise.figure for promise in PROMISES} - {"pipeline_per_s", "queue_p99_ms", "deadlines_per_s"}
    paired = {_of_baseline(name) for name in figures}
    return [name for name in figures if name not in promised and name not in paired]


def _of_baseline(name: str) -> str:
    measure, _, figure = name.partition("_")
    return f"{measure}{BASELINE}{figure}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


def _table(first: str, *others: str) -> Table:
    shown = Table(first)
    for title in others:
        shown.add_column(title, justify="right")
    return shown
