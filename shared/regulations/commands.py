"""The commands about regulations: `redress deadline`, `redress regulations list|check|explain|diff`."""

import json
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import click

from shared.contracts.values import Channel, Language, Severity, Tier, rfc3339
from shared.regulations import words
from shared.regulations.differences import Difference, differences
from shared.regulations.loader import load_regulation, load_regulations
from shared.regulations.model import Regulation
from shared.regulations.registry import Regulations, UnknownRegulation
from shared.regulations.sources import RegulationError
from shared.regulations.statements import Statement, statements

PACK = 'PACK is a name (its newest version counts), a name and version in quotes ("property 1"), or a pack\'s file.'


def language_of_the_shell() -> Language:
    """The language that LANG asks for: Chinese where it begins with zh, else English."""
    return "zh-CN" if os.environ.get("LANG", "").lower().startswith("zh") else "en"


def one_of(values: Any) -> click.Choice[str]:
    """A choice among the values of a literal."""
    return click.Choice(get_args(values))


in_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
in_language = click.option(
    "--lang", "language", type=one_of(Language), default=language_of_the_shell, help="Default: what LANG says."
)
with_packs = click.option(
    "--packs",
    "folders",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    help="A folder with more packs; may be given several times.",
)


@click.command(epilog=PACK)
@click.argument("pack")
@click.option("--received", required=True, help="When it was received: 2026-09-30T17:40+08:00, or local time.")
@click.option("--severity", type=one_of(Severity), default="general", show_default=True)
@click.option("--written", is_flag=True, help="The complaint came in writing.")
@click.option("--channel", type=one_of(Channel))
@click.option("--tier", type=one_of(Tier), default="standard", show_default=True, help="The customer's tier.")
@with_packs
@in_language
@in_json
def deadline(
    pack: str, received: str, folders: tuple[Path, ...], language: Language, as_json: bool, **conditions: Any
) -> None:
    """Print when each target of PACK is due, and how that was counted."""
    regulation = _regulation(pack, folders)
    received_at = _moment(received, regulation)
    try:
        targets = list(_targets(regulation, received_at, conditions, language))
    except (ValueError, OverflowError) as error:
        raise click.UsageError(f"--received: {received} is too far away: {error}") from error
    if as_json:
        answer = {"regulation": regulation.name, "version": regulation.version, "received_at": rfc3339(received_at)}
        _print_json(answer | {"targets": targets})
    else:
        click.echo("\n\n".join(_paragraph(target) for target in targets))


def _regulation(named: str, folders: tuple[Path, ...]) -> Regulation:
    try:
        if named.endswith((".yaml", ".yml")):
            return load_regulation(Path(named), *folders)
        name, _, version = named.partition(" ")
        return load_regulations(*folders).get(name, version or None)
    except (RegulationError, UnknownRegulation) as fault:
        raise click.UsageError(str(fault)) from fault


def _load(folders: tuple[Path, ...]) -> Regulations:
    try:
        return load_regulations(*folders)
    except RegulationError as error:
        raise click.UsageError(str(error)) from error


def _moment(text: str, regulation: Regulation) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(f"--received: {text!r} is not a time; write 2026-09-30T17:40+08:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=regulation.working_calendar.zone)


def _targets(
    regulation: Regulation, received_at: datetime, conditions: dict[str, Any], language: Language
) -> Iterator[dict[str, Any]]:
    deadlines = regulation.deadlines(received_at, **conditions)
    for milestone, target in regulation.targets_for(**conditions).items():
        due = deadlines.get(milestone)
        later = words.counted(target.within, target.starts, language)
        yield {
            "milestone": milestone,
            "clause": target.clause,
            "within": str(target.within),
            "starts": target.starts,
            "due_at": due and rfc3339(due.due_at),
            "provisional": due is not None and due.provisional,
            "derivation": due.derivation(language) if due else [later],
        }


def _paragraph(target: dict[str, Any]) -> str:
    head = f"{target['milestone']} ({target['clause']})"
    return "\n  ".join([head, *target["derivation"]])


def _print_json(answer: Any) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


@click.group()
def regulations() -> None:
    """Show, check and compare regulation packs."""


@regulations.command("list")
@with_packs
@in_language
@in_json
def list_packs(folders: tuple[Path, ...], language: Language, as_json: bool) -> None:
    """Print every pack: name, version, number prefix, title."""
    packs = [
        {"name": pack.name, "version": pack.version, "prefix": pack.prefix, "title": pack.title[language]}
        for pack in _load(folders)
    ]
    if as_json:
        _print_json(packs)
        return
    for pack in packs:
        click.echo(f"{pack['name']:<20} {pack['version']:<12} {pack['prefix']:<6} {pack['title']}")


@regulations.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_packs
@in_json
def check(file: Path, folders: tuple[Path, ...], as_json: bool) -> None:
    """Say whether FILE is a right pack.

    Each mistake is named with its line, its key and what would be right. A pack may build on a shipped one, on one in
    the folders named, or on one beside it. The exit code is 1 when there is a mistake.
    """
    mistakes = _mistakes_in(file, folders)
    if as_json:
        _print_json({"file": str(file), "right": not mistakes, "mistakes": mistakes})
    else:
        click.echo("\n".join(mistakes) or f"{file.name}: right", err=bool(mistakes))
    if mistakes:
        raise click.exceptions.Exit(1)


def _mistakes_in(file: Path, folders: tuple[Path, ...]) -> list[str]:
    try:
        load_regulation(file, *folders)
    except RegulationError as error:
        return list(error.mistakes)
    return []


@regulations.command(epilog=PACK)
@click.argument("pack")
@with_packs
@in_language
@in_json
def explain(pack: str, folders: tuple[Path, ...], language: Language, as_json: bool) -> None:
    """Print everything that PACK promises and asks for, in words, each with its clause.

    Channels, departments, severities, deadlines with their conditions, supervision, pauses, consent, survey, retention.
    """
    regulation = _regulation(pack, folders)
    told = statements(regulation, language)
    if as_json:
        parts = {part: [statement._asdict() for statement in said] for part, said in told.items()}
        _print_json({"name": regulation.name, "version": regulation.version, "parts": parts})
    else:
        sections = (_section(part, said, language) for part, said in told.items() if said)
        click.echo("\n\n".join([regulation.edition, *sections]))


def _section(part: str, said: Iterable[Statement], language: Language) -> str:
    return "\n  ".join([words.HEADINGS[part][language], *(_line(statement, language) for statement in said)])


def _line(statement: Statement, language: Language) -> str:
    items = words.COMMA[language].join(statement.says)
    line = words.COLON[language].join(filter(None, [statement.subject, items]))
    return line + (words.CLAUSE[language].format(clause=statement.clause) if statement.clause else "")


@regulations.command(epilog=PACK.replace("PACK is", "A and B are each"))
@click.argument("a")
@click.argument("b")
@with_packs
@in_language
@in_json
def diff(a: str, b: str, folders: tuple[Path, ...], language: Language, as_json: bool) -> None:
    """Print what A and B say differently: promises, rungs, departments, words.

    Lines with - stand in A only, lines with + in B only. The exit code is 1 when there is a difference.
    """
    one, other = _regulation(a, folders), _regulation(b, folders)
    found = differences(one, other, language)
    if as_json:
        _print_json({"a": one.edition, "b": other.edition, "differences": [each._asdict() for each in found]})
    else:
        click.echo("\n".join([f"{one.edition} → {other.edition}", *_compared(found, language)]))
    if found:
        raise click.exceptions.Exit(1)


def _compared(found: Iterable[Difference], language: Language) -> Iterator[str]:
    part = ""
    for difference in found:
        if difference.part != part:
            part = difference.part
            yield words.HEADINGS[part][language]
        if difference.subject:
            yield f"  {difference.subject}"
        yield from (f"    - {fact}" for fact in difference.gone)
        yield from (f"    + {fact}" for fact in difference.new)
