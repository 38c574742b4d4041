"""The commands about categories: `redress classify`, and `redress classifier` about what it has learnt."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TypeVar

import click
import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from services.routing.classifier import Classification, Classifier, gravest, load_lexicon
from services.routing.learning.versions import Version, Versions
from shared.contracts.values import Category, Channel, rfc3339
from shared.database import opened
from shared.errors import Fault
from shared.regulations import Regulation, RegulationError, UnknownRegulation, load_regulations
from shared.regulations.commands import with_packs
from shared.settings import Settings

T = TypeVar("T")


class Letter(BaseModel):
    """One line of input: a text, and what else is known of it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    text: str
    subject_line: str = ""
    claim: str = ""
    respondent: str = ""
    category: Category | None = None
    channel: Channel | None = None


@click.command()
@click.option("--pack", help="Count the severity criteria of this regulation as well.")
@with_packs
def classify(pack: str | None, folders: tuple[Path, ...]) -> None:
    """Read one text a line, or JSON Lines with `text`, and print one JSON object a line.

    A line that begins with { is JSON: `text`, and where known `subject_line`, `claim`, `respondent`, `category` and
    `channel`. Line N of the output answers line N of the input, an empty one too.
    """
    regulation = _regulation(pack, folders) if pack else None
    for answer in _answers(sys.stdin.buffer, regulation):
        click.echo(orjson.dumps(asdict(answer)))


def _regulation(name: str, folders: tuple[Path, ...]) -> Regulation:
    try:
        return load_regulations(*folders).get(name)
    except (RegulationError, UnknownRegulation) as error:
        raise click.UsageError(str(error)) from error


def _answers(lines: Iterable[bytes], regulation: Regulation | None) -> Iterator[Classification]:
    classifier = Classifier(load_lexicon())
    for number, line in enumerate(lines, start=1):
        letter = _letter(line, number)
        yield _graded(_classified(classifier, letter), letter, regulation)


def _letter(line: bytes, number: int) -> Letter:
    text = line.decode("utf-8", "replace").removeprefix("\ufeff").strip()
    if not text.startswith("{"):
        return Letter(text=text)
    try:
        return Letter.model_validate_json(text)
    except ValidationError as error:
        faults = "; ".join(_fault(found["loc"], found["msg"]) for found in error.errors())
        raise click.UsageError(f"line {number}: {faults}") from error


def _fault(place: tuple[int | str, ...], message: str) -> str:
    return f"{'.'.join(map(str, place))}: {message}" if place else message


def _classified(classifier: Classifier, letter: Letter) -> Classification:
    return classifier.classify(
        letter.text,
        subject_line=letter.subject_line,
        claim=letter.claim,
        respondent=letter.respondent,
        hint=letter.category,
    )


def _graded(found: Classification, letter: Letter, regulation: Regulation | None) -> Classification:
    """The same classification, made graver where the regulation says so."""
    if regulation is None:
        return found
    grading = regulation.severity_of(f"{letter.subject_line}\n{letter.claim}\n{letter.text}", letter.channel)
    severity = gravest([found.severity, grading.severity])
    return replace(found, severity=severity, because=[*found.because, *grading.because])


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

    async def ask() -> T:
        async with opened(_settings(), "routing") as database:
            return await question(Versions(database))

    try:
        return asyncio.run(ask())
    except Fault as fault:
        click.echo(str(fault), err=True)
        raise SystemExit(1) from fault


def _settings() -> Settings:
    try:
        return Settings()
    except ValueError as error:
        raise click.UsageError(f"The settings are not complete: {error}") from error
