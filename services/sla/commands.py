"""The command for auditors: `redress conformance`."""

from pathlib import Path

import click

from services.sla.app import SERVICE
from services.sla.conformance import Report, conformance
from services.sla.month import Month
from services.sla.paper import markdown
from services.sla.store import promised
from shared.cli import answer, given_settings, with_database
from shared.clock import now
from shared.contracts.values import Language
from shared.database import Database
from shared.regulations import RegulationError, Regulations, UnknownRegulation, load_regulations
from shared.regulations.commands import in_language, with_packs


@click.command("conformance")
@click.option("--month", "text", required=True, help="Whose deadlines: 2026-11.")
@click.option("--pack", default="", help="This regulation only, in all its versions.")
@click.option("--format", "form", type=click.Choice(["md", "json"]), default="md", show_default=True)
@click.option("--strict", is_flag=True, help="Exit with code 1 where anything was missed.")
@with_packs
@in_language
def conformance_command(
    text: str, pack: str, form: str, strict: bool, folders: tuple[Path, ...], language: Language
) -> None:
    """Report how every clause was kept in a month.

    For each regulation and clause: how many complaints it applied to, how many met it, and the numbers of those that
    did not. What was paused, and what was met by no more than a moved deadline, is shown apart.
    """
    month, regulations = _month(text), _regulations(pack, folders)

    async def ask(database: Database) -> Report:
        clocks = promised(database[SERVICE.collection], month.since, month.until, pack)
        return await conformance(clocks, month, regulations, now(), language, [pack] if pack else [])

    report: Report = answer(with_database(SERVICE.name, ask))
    click.echo(report.model_dump_json(indent=2) if form == "json" else markdown(report, language))
    if strict and not report.is_clean:
        raise click.exceptions.Exit(1)


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise click.UsageError(f"--month: {error}") from error


def _regulations(pack: str, folders: tuple[Path, ...]) -> Regulations:
    """Those that are shipped, the operator's own, and those in the folders named; `pack` has to be among them."""
    own = given_settings().regulations
    try:
        known = load_regulations(*([own] if own else []), *folders)
        if pack:
            known.get(pack)
    except (RegulationError, UnknownRegulation) as error:
        raise click.UsageError(str(error)) from error
    return known
