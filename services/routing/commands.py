"""The command `redress classify`: one text a line in, one JSON object a line out, without any server."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import click
import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from services.routing.classifier import Classification, Classifier, gravest, load_lexicon
from shared.contracts.values import Category, Channel, Tier
from shared.regulations import Regulation, RegulationError, UnknownRegulation, load_regulations
from shared.regulations.commands import with_packs


class Letter(BaseModel):
    """One line of input: a text, and what else is known of it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    text: str
    subject_line: str = ""
    claim: str = ""
    respondent: str = ""
    category: Category | None = None
    channel: Channel | None = None
    tier: Tier = "standard"


@click.command()
@click.option("--pack", help="Count the severity criteria of this regulation as well.")
@click.option("--json", "_", is_flag=True, expose_value=False, help="Print JSON, which is done anyway.")
@with_packs
def classify(pack: str | None, folders: tuple[Path, ...]) -> None:
    """Read one text a line, or JSON Lines with `text`, and print one JSON object a line.

    A line that begins with { is JSON: `text`, and where known `subject_line`, `claim`, `respondent`, `category`,
    `channel` and `tier`. Line N of the output answers line N of the input, an empty one too.
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
    text = f"{letter.subject_line}\n{letter.claim}\n{letter.text}"
    grading = regulation.severity_of(text, letter.channel, letter.tier)
    severity = gravest([found.severity, grading.severity])
    return replace(found, severity=severity, because=[*found.because, *grading.because])
