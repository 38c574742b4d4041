"""How well the classifier does on labelled complaints that it has not seen: `make evaluate`.

Reads JSON Lines with `text`, `category` and `source` from a folder of complaints and prints, for each source, the
macro-F1 over the categories it knows and a table of what was taken for what: by the lexicon alone, and for the later
half of every source after the earlier halves were learnt, in the order of their `date` where rows have one.
`category_strict`, where a file has it, is the label by our own definition of the categories.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, get_args

import click

from services.routing.classifier import Classifier, load_lexicon
from services.routing.learning.experience import Experience
from services.routing.learning.trial import macro_f1
from shared.contracts.values import Category

BESIDE_THE_PROJECT = Path(__file__).resolve().parents[2] / "shared" / "data" / "complaints"
LABELS = ("category", "category_strict")
CATEGORIES: tuple[Category, ...] = get_args(Category)

Row = dict[str, Any]
Confusion = Counter[tuple[str, str]]
"""How often each pair of true and found category occurred."""


@click.command()
@click.option("--data", type=click.Path(path_type=Path), help="The folder of *.jsonl files.")
def main(data: Path | None) -> None:
    """Print macro-F1 and confusion for every source of every file."""
    folder = data or Path(os.environ.get("REDRESS_DATA") or BESIDE_THE_PROJECT)
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        click.echo(f"No labelled complaints in {folder}: nothing was evaluated. Name a folder with --data.")
    classifier = Classifier(load_lexicon())
    for file in files:
        click.echo(f"\n{file.name}")
        for line in _report(classifier, _rows(file)):
            click.echo(line)


def _rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _report(classifier: Classifier, rows: Sequence[Row]) -> Iterator[str]:
    yield from _scores("by the lexicon", classifier, rows)
    earlier, later = _halves(rows)
    experience = Experience()
    for row in earlier:
        experience.learn(classifier.evidence(row["text"]), row["category"])
    yield from _scores("later half, by the lexicon", classifier, later)
    yield from _scores(f"later half, {len(earlier)} cases learnt", classifier.taught(experience), later)


def _scores(title: str, classifier: Classifier, rows: Sequence[Row]) -> Iterator[str]:
    started = perf_counter()
    found = [classifier.classify(row["text"]).category for row in rows]
    yield f"  {title}: {len(rows)} texts, {1000 * (perf_counter() - started) / max(len(rows), 1):.2f} ms each"
    for label in LABELS:
        for source, confusion in _confusions(rows, found, label).items():
            yield f"  {source} by {label}: macro-F1 {macro_f1(confusion):.3f} of {confusion.total()}"
            yield from _table(confusion)


def _halves(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """The earlier and the later half of every source; the earlier ones as they would come in side by side."""
    sources: dict[str, list[Row]] = {}
    for row in rows:
        sources.setdefault(_source(row), []).append(row)
    earlier: list[tuple[float, Row]] = []
    later: list[Row] = []
    for found in sources.values():
        ordered, middle = sorted(found, key=_day), (len(found) + 1) // 2
        earlier += [(place / len(found), row) for place, row in enumerate(ordered[:middle])]
        later += ordered[middle:]
    return [row for _, row in sorted(earlier, key=lambda one: one[0])], later


def _day(row: Row) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall("[0-9]+", row.get("date") or ""))


def _source(row: Row) -> str:
    return str(row.get("source", "")).partition(" via ")[0]


def _confusions(rows: Sequence[Row], found: Sequence[Category], label: str) -> dict[str, Confusion]:
    confusions: dict[str, Confusion] = {}
    for row, category in zip(rows, found, strict=True):
        if row.get(label):
            for source in (_source(row), "whole file"):
                confusions.setdefault(source, Counter())[row[label], category] += 1
    return confusions


def _table(confusion: Confusion) -> Iterator[str]:
    yield "    true \\ found " + "".join(f"{category:>9}" for category in CATEGORIES)
    for true in CATEGORIES:
        yield f"    {true:<13}" + "".join(f"{confusion[true, found]:>9}" for found in CATEGORIES)


if __name__ == "__main__":
    main()
