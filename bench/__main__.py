"""`python -m bench`: measure Redress and the plain program on private servers; a table, and last one JSON line."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import orjson
from rich.console import Console
from rich.progress import Progress

from bench import (
    alarms,
    board,
    consumer,
    deadlines,
    growth,
    latency,
    peers,
    pipeline,
    recount,
    registrations,
    supervision,
    worklist,
)
from bench.ground import ROOT, Ground
from bench.measure import Figures, Measure, Plan
from bench.report import comparison, promises, write

MEASURES: dict[str, Measure] = {
    "registrations": registrations.measure,
    "pipeline": pipeline.measure,
    "consumer": consumer.measure,
    "latency": latency.measure,
    "alarms": alarms.measure,
    "supervision": supervision.measure,
    "recount": recount.measure,
    "peers": peers.measure,
    "deadlines": deadlines.measure,
    "board": board.measure,
    "worklist": worklist.measure,
    "growth": growth.measure,
}


@click.command()
@click.option("--rounds", default=5, show_default=True, help="Rounds of each side; the median counts.")
@click.option("--seconds", default=5.0, show_default=True, help="How long a round should take.")
@click.option("--only", multiple=True, type=click.Choice(list(MEASURES)), help="May be repeated.")
@click.option("--few", default=10_000, show_default=True, help="Complaints stored before it grows.")
@click.option("--many", default=200_000, show_default=True, help="Complaints stored after it has grown.")
@click.option("--armed", default=200_000, show_default=True, help="Clocks that are armed when some fall due.")
@click.option("--due", default=10_000, show_default=True, help="Clocks that fall due within one second.")
@click.option("--clocks", default=1_000_000, show_default=True, help="Clocks on the board, cases in the worklist.")
@click.option("--supervised", default=1_000_000, show_default=True, help="Clocks that are armed under supervision.")
@click.option("--burst", default=100_000, show_default=True, help="Clocks that fall due at one instant.")
@click.option("--recounted", default=100_000, show_default=True, help="Open clocks under which a calendar changes.")
@click.option("--timers", default=5_000, show_default=True, help="Timers that ours and its peers fire at one instant.")
@click.option("--page", type=click.Path(exists=True, path_type=Path), help="Put the tables into this page.")
def main(only: Sequence[str], page: Path | None, **amounts: Any) -> None:
    """Measure Redress against the plain program, by turns, on private servers."""
    chosen = {name: measure for name, measure in MEASURES.items() if name in (only or MEASURES)}
    with Progress(console=Console(stderr=True), disable=not Console(stderr=True).is_terminal) as progress:
        task = progress.add_task("starting", total=None)
        plan = Plan(**amounts, told=lambda what: progress.update(task, description=what))
        figures, failed = asyncio.run(_measured(chosen, plan))
    for shown in (comparison(figures), promises(figures)):
        if shown.row_count:
            Console().print(shown)
    if page:
        only_these = "".join(f" --only {name}" for name in only)
        write(figures, f"python -m bench --rounds {plan.rounds} --seconds {plan.seconds:g}{only_these}", page)
    click.echo(orjson.dumps({name: round(value, 3) for name, value in figures.items()}).decode())
    if failed:
        raise click.exceptions.Exit(1)


async def _measured(measures: dict[str, Measure], plan: Plan) -> tuple[Figures, list[str]]:
    """What was measured, and the names of the measures that failed; each is told as soon as it is there."""
    folder = ROOT / ".local"
    folder.mkdir(exist_ok=True)
    figures: Figures = {}
    failed: list[str] = []
    console = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=folder, ignore_cleanup_errors=True) as directory:
        ground = Ground(Path(directory))
        try:
            for name, measure in measures.items():
                try:
                    found = await measure(ground, plan)
                except Exception:
                    console.print_exception()
                    failed.append(name)
                    continue
                console.print(comparison(found), promises(found))
                figures |= found
        finally:
            ground.close()
    return figures, failed


if __name__ == "__main__":
    main()
