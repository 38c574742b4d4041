"""The command for auditors: `redress conformance`."""

from functools import partial
from pathlib import Path

import click

from services.sla.app import SERVICE
from services.sla.conformance.month import Month
from services.sla.conformance.paper import markdown
from services.sla.conformance.report import Report, conformance
from services.sla.store import promised
from shared.clock import now
from shared.contracts.values import Language
from shared.database import opened
from shared.operators import answer, given_settings
from shared.policies import POLICIES, recalled
from shared.regulations import RegulationError, Regulations, load_regulations
from shared.regulations.commands import in_language, with_packs


@click.command("conformance")
@click.option("--month", "text", required=True, help="Whose deadlines: 2026-11.")
@click.option("--pack", default="", help="This regulation only, in all its versions.")
@click.option("--format", "form", type=click.Choice(["md", "json"]), default="md", show_default=True)
@click.option("--json", "form", flag_value="json", help="The same as --format json.")
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
    month, settings = _month(text), given_settings()

    async def ask() -> Report:
        async with opened(settings, POLICIES) as policies, opened(settings, SERVICE.name) as database:
            regulations = await recalled(policies, partial(_in_files, folders))
            _must_be_known(pack, regulations)
            clocks = promised(database[SERVICE.collection], month.since, month.until, pack)
            return await conformance(clocks, month, regulations, now(), language, [pack] if pack else [])

    report: Report = answer(ask())
    click.echo(report.model_dump_json(indent=2) if form == "json" else markdown(report, language))
    if strict and not report.is_clean:
        raise click.exceptions.Exit(1)


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise click.UsageError(f"--month: {error}") from error


def _must_be_known(pack: str, regulations: Regulations) -> None:
    if pack and pack not in {regulation.name for regulation in regulations}:
        raise click.UsageError(f"There is no regulation {pack}.")


def _in_files(folders: tuple[Path, ...]) -> Regulations:
    """The packs that are shipped, the operator's own, and those in the folders named."""
    own = given_settings().regulations
    try:
        return load_regulations(*([own] if own else []), *folders)
    except RegulationError as error:
        raise click.UsageError(str(error)) from error
