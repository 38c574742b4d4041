"""The `redress` command: run services, and what operators need beside them.

Exit codes: 0 done, 1 for "no" (nothing found, not valid), 2 for misuse. Every command but `serve` is loaded by name
when it is called: none waits for what another one needs, and nothing in `shared` imports a service.
"""

from collections.abc import Sequence
from importlib import import_module

import click

SERVICES = ("intake", "routing", "sla", "feedback", "archive")

COMMANDS = {
    "channels": "shared.operators:channels",
    "classifier": "services.routing.learning.commands:classifier",
    "classify": "services.routing.commands:classify",
    "conformance": "services.sla.commands:conformance_command",
    "dead": "shared.operators:dead",
    "deadline": "shared.regulations.commands:deadline",
    "demo": "deploy.local.demo:demo",
    "numbers": "shared.operators:numbers",
    "regulations": "shared.regulations.commands:regulations",
    "run": "deploy.local.run:run",
    "token": "shared.operators:token",
}
"""Where each command lives."""


class Lazy(click.Group):
    """A group whose commands are loaded when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in alphabetical order."""
        return sorted([*super().list_commands(ctx), *COMMANDS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, loaded now if it lives elsewhere."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Redress runs complaint regulations."""


@main.command()
@click.argument("names", nargs=-1, type=click.Choice([*SERVICES, "all"]), required=True)
def serve(names: Sequence[str]) -> None:
    """Run one service, several, or all of them in one process, until SIGTERM."""
    from shared.hosting import run  # here, because the other commands need not wait for uvloop and aiohttp
    from shared.settings import NotRight

    services = {name: import_module(f"services.{name}.app").SERVICE for name in SERVICES}
    try:
        run(*(services[name] for name in (SERVICES if "all" in names else names)), neighbours=list(services.values()))
    except NotRight as error:
        raise click.UsageError(str(error)) from error
