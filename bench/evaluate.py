"""How well the classifier does on labelled complaints that it has not seen: `make evaluate`.

Reads JSON Lines with `text`, `category` and `source` from a folder of complaints and prints, for each source, the
macro-F1 over the categories it knows and a table of what was taken for what. `category_strict`, where a file has it,
is the label by our own definition of the categories.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import get_args

import click

from services.routing.classifier import Classifier, load_lexicon
from shared.contracts.values import Category

BESIDE_THE_PROJECT = Path(__file__).resolve().parents[2] / "shared" / "data" / "complaints"
LABELS = ("category", "category_strict")
CATEGORIES: tuple[Category, ...] = get_args(Category)

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


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _report(classifier: Classifier, rows: list[dict[str, str]]) -> Iterator[str]:
    started = perf_counter()
    found = [classifier.classify(row["text"]).category for row in rows]
    yield f"  {len(rows)} texts, {1000 * (perf_counter() - started) / max(len(rows), 1):.2f} ms each"
    for label in LABELS:
        for source, confusion in _confusions(rows, found, label).items():
            yield f"  {source} by {label}: macro-F1 {macro_f1(confusion):.3f} of {confusion.total()}"
            yield from _table(confusion)


def _confusions(rows: list[dict[str, str]], found: list[Category], label: str) -> dict[str, Confusion]:
    confusions: dict[str, Confusion] = {}
    for row, category in zip(rows, found, strict=True):
        if row.get(label):
            for source in (row.get("source", "").partition(" via ")[0], "whole file"):
                confusions.setdefault(source, Counter())[row[label], category] += 1
    return confusions


def macro_f1(confusion: Confusion) -> float:
    """The mean F1 of the categories that truly occur in a source."""
    occurring = [category for category in CATEGORIES if any(true == category for true, _ in confusion)]
    return sum(_f1(confusion, category) for category in occurring) / len(occurring)


def _f1(confusion: Confusion, category: str) -> float:
    right = confusion[category, category]
    named = sum(count for (_, found), count in confusion.items() if found == category)
    true = sum(count for (true, _), count in confusion.items() if true == category)
    return 2 * right / (named + true) if named + true else 0.0


def _table(confusion: Confusion) -> Iterator[str]:
    yield "    true \\ found " + "".join(f"{category:>9}" for category in CATEGORIES)
    for true in CATEGORIES:
        yield f"    {true:<13}" + "".join(f"{confusion[true, found]:>9}" for found in CATEGORIES)


if __name__ == "__main__":
    main()
