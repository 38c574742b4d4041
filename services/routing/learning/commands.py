"""The commands `redress classifier …`: what the classifier has learnt, version by version."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import click
import orjson

from services.routing.learning.versions import Version, Versions
from shared.contracts.values import rfc3339
from shared.operators import answer, with_database

T = TypeVar("T")


@click.group()
def classifier() -> None:
    """What the classifier has learnt from decided cases, version by version."""


@classifier.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_versions(as_json: bool) -> None:
    """One line for each version that took over, the oldest first; the one in force has a star.

    Its macro-F1 on the cases of its trial, and that of its predecessor on the same, stand beside it.
    """
    found = _asked(Versions.listed)
    if as_json:
        click.echo(orjson.dumps([version._asdict() for version in found]))
        return
    for version in found:
        click.echo(_line(version))
    if not any(version.serving for version in found):
        click.echo("* the lexicon alone")


@classifier.command("rollback")
@click.argument("version", required=False)
def roll_back(version: str | None) -> None:
    """Go back to a version, or to the one before the present; what was learnt since is forgotten.

    Every replica follows within seconds.
    """
    serving = _asked(lambda versions: versions.roll_back(version))
    click.echo(f"In force: {serving or 'the lexicon alone'}")


def _line(version: Version) -> str:
    figures = f"macro-F1 {version.macro_f1:.3f} after {version.predecessor_macro_f1:.3f}"
    star = "*" if version.serving else " "
    return f"{star} {version.id}  {rfc3339(version.at)}  {version.lessons} lessons  {figures}"


def _asked(question: Callable[[Versions], Awaitable[T]]) -> T:
    """What routing's database answers; exit code 1 with the reason where it does not."""
    found: T = answer(with_database("routing", lambda database: question(Versions(database))))
    return found
