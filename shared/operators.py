"""What operators do beside running services: staff tokens, channel keys, number gaps, dead letters."""

import asyncio
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module
from typing import Any, get_args

import click

from shared.bus import dead as dead_letters
from shared.cli import SERVICES
from shared.contracts.values import Role
from shared.database import opened
from shared.errors import Fault
from shared.identity import issue_staff_token
from shared.settings import NotRight, Settings
from shared.telemetry import log_aside

CHANNEL_NAME = re.compile(r"[\w.-]{1,64}")
"""What a channel may be called: one word, since it stands in lists and logs."""


@click.command()
@click.option(
    "--role", "roles", multiple=True, type=click.Choice(get_args(Role)), required=True, help="May be repeated."
)
@click.option("--department", "departments", multiple=True, help="May be repeated.")
@click.option("--name", default="local", show_default=True, help="Who the token stands for.")
def token(roles: Sequence[str], departments: Sequence[str], name: str) -> None:
    """Print a staff token, good for twelve hours, where no identity provider issues them."""
    settings = given_settings()
    if settings.jwt_secret is None:
        raise click.UsageError("REDRESS_JWT_SECRET is not set.")
    secret = settings.jwt_secret.get_secret_value()
    click.echo(issue_staff_token(secret, name, list(roles), list(departments), settings.jwt_audience))


@click.group()
def channels() -> None:
    """The channels that may register complaints, and their keys."""


@channels.command("add")
@click.argument("name")
def add_channel(name: str) -> None:
    """Give a channel a key, printed this once."""
    if not CHANNEL_NAME.fullmatch(name):
        raise click.UsageError("A channel is called by one word: letters, digits, dots and hyphens, 64 at most.")
    store = import_module("services.intake.store")
    click.echo(answer(with_database("intake", lambda database: store.add_channel(database, name))))


@channels.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_channels(as_json: bool) -> None:
    """Name every channel that has a key."""
    found = with_database("intake", lambda database: database["channels"].find().sort("_id", 1).to_list(None))
    names = [raw["_id"] for raw in answer(found)]
    click.echo(json.dumps(names) if as_json else "\n".join(names))


@channels.command("remove")
@click.argument("name")
def remove_channel(name: str) -> None:
    """Take a channel's key away; it stops working within seconds."""
    gone = answer(with_database("intake", lambda database: database["channels"].delete_one({"_id": name})))
    if not gone.deleted_count:
        _no(f"There is no channel {name}.")


@click.group()
def numbers() -> None:
    """Complaint numbers."""


@numbers.command("gaps")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def number_gaps(as_json: bool) -> None:
    """List numbers that were leased and never used: by a crash, or not yet."""
    store = import_module("services.intake.store")

    async def collect(database: Any) -> list[tuple[str, int, int]]:
        return [gap async for gap in store.number_gaps(database)]

    found = answer(with_database("intake", collect))
    if as_json:
        click.echo(json.dumps([{"series": series, "first": first, "last": last} for series, first, last in found]))
        return
    for series, first, last in found:
        click.echo(f"{series}: {first} to {last} ({last - first + 1})")


@click.group()
def dead() -> None:
    """Dead letters: messages that could not be handled."""


_service = click.argument("service", type=click.Choice(SERVICES))
_ids = click.argument("ids", nargs=-1)
_all = click.option("--all", "everything", is_flag=True, help="All of them.")


@dead.command("list")
@_service
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_dead(service: str, as_json: bool) -> None:
    """One line for each dead letter of a service."""
    found = answer(dead_letters.letters(_amqp_url(), service))
    if as_json:
        click.echo(json.dumps([asdict(letter) for letter in found], ensure_ascii=False))
        return
    for letter in found:
        click.echo(f"{letter.id}  {letter.type or '-'}  {letter.number or '-'}  {letter.reason}")


@dead.command("show")
@_service
@click.argument("id")
def show_dead(service: str, id: str) -> None:
    """Everything about one dead letter."""
    found = [letter for letter in answer(dead_letters.letters(_amqp_url(), service)) if letter.id == id]
    if not found:
        _no(f"{service} has no dead letter {id}.")
    click.echo(json.dumps(asdict(found[0]), indent=2, ensure_ascii=False))


@dead.command("replay")
@_service
@_ids
@_all
def replay_dead(service: str, ids: Sequence[str], everything: bool) -> None:
    """Put dead letters back into the service's queue, after the cause is mended."""
    _settle(dead_letters.replay, service, ids, everything, "put back")


@dead.command("drop")
@_service
@_ids
@_all
def drop_dead(service: str, ids: Sequence[str], everything: bool) -> None:
    """Throw dead letters away."""
    _settle(dead_letters.drop, service, ids, everything, "dropped")


def _settle(act: Any, service: str, ids: Sequence[str], everything: bool, done: str) -> None:
    if bool(ids) == everything:
        raise click.UsageError("Say which by their ids, or --all.")
    settled = answer(act(_amqp_url(), service, lambda letter: everything or letter.id in ids))
    click.echo(f"{len(settled)} {done}")
    if missing := set(ids) - {letter.id for letter in settled}:
        _no(f"{service} has no dead letter {', '.join(sorted(missing))}.")


def given_settings() -> Settings:
    """The settings that the environment gives. Raises click.UsageError where they are not right."""
    try:
        return Settings.given()
    except NotRight as error:
        raise click.UsageError(str(error)) from error


def _amqp_url() -> str:
    return given_settings().amqp_url.get_secret_value()


async def with_database(service: str, ask: Any) -> Any:
    """What `ask` answers about the database of a service."""
    async with opened(given_settings(), service) as database:
        return await ask(database)


def answer(question: Any) -> Any:
    """What a question comes to; where that is a fault, the command ends with it and exit code 1."""
    log_aside()
    try:
        return asyncio.run(question)
    except Fault as fault:
        _no(str(fault))


def _no(words: str) -> None:
    click.echo(words, err=True)
    sys.exit(1)
