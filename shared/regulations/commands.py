"""The commands about regulations: `redress deadline`, `redress regulations list`, `redress regulations check`."""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, get_args

import click

from shared.contracts.values import Channel, Language, Severity, Tier, rfc3339
from shared.regulations.loader import RegulationError, load_regulation, load_regulations
from shared.regulations.model import Regulation
from shared.regulations.parts import Target
from shared.regulations.registry import Regulations, UnknownRegulation

COUNTED_LATER: dict[Language, str] = {
    "en": "counts from {starts}, limit {limit}",
    "zh-CN": "自{starts}起算，时限：{limit}",
}
STARTS: dict[Language, dict[str, str]] = {
    "en": {"acceptance": "acceptance", "agreement": "agreement"},
    "zh-CN": {"acceptance": "受理之日", "agreement": "达成一致之日"},
}


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


@click.command()
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


def _regulation(name: str, folders: tuple[Path, ...]) -> Regulation:
    try:
        return _load(folders).get(name)
    except UnknownRegulation as fault:
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
        yield {
            "milestone": milestone,
            "clause": target.clause,
            "within": str(target.within),
            "starts": target.starts,
            "due_at": due and rfc3339(due.due_at),
            "provisional": due is not None and due.provisional,
            "derivation": due.derivation(language) if due else [_later(target, language)],
        }


def _later(target: Target, language: Language) -> str:
    return COUNTED_LATER[language].format(starts=STARTS[language][target.starts], limit=target.within)


def _paragraph(target: dict[str, Any]) -> str:
    head = f"{target['milestone']} ({target['clause']})"
    return "\n  ".join([head, *target["derivation"]])


def _print_json(answer: Any) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


@click.group()
def regulations() -> None:
    """Show and check regulation packs."""


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
    for pack in packs if not as_json else ():
        click.echo(f"{pack['name']:<20} {pack['version']:<12} {pack['prefix']:<6} {pack['title']}")


@regulations.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@in_json
def check(file: Path, as_json: bool) -> None:
    """Say whether FILE is a right pack; each mistake is named, and the exit code is 1 when there is one."""
    mistakes = _mistakes_in(file)
    if as_json:
        _print_json({"file": str(file), "right": not mistakes, "mistakes": mistakes})
    elif not mistakes:
        click.echo(f"{file.name}: right")
    for mistake in mistakes if not as_json else ():
        click.echo(mistake, err=True)
    if mistakes:
        raise click.exceptions.Exit(1)


def _mistakes_in(file: Path) -> list[str]:
    try:
        load_regulation(file)
    except RegulationError as error:
        return list(error.mistakes)
    return []
