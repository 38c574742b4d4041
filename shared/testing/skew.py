"""A service whose clock is wrong: `python -m shared.testing.skew SERVICE --by FILE`.

The file says by how many seconds the clock is ahead of the true time; it is read whenever the service asks for the
time, so that rewriting the file makes the clock jump; an empty file says that it is right.
"""

from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

import click

from shared import clock
from shared.cli import SERVICES
from shared.hosting import run


class SkewedClock:
    """Answers the present moment, shifted by as many seconds as a file says."""

    def __init__(self, by: Path) -> None:
        self._by = by

    def __call__(self) -> datetime:
        """The present moment as this clock has it, in UTC."""
        return clock.now() + timedelta(seconds=float(self._by.read_text() or 0))


@click.command()
@click.argument("service", type=click.Choice(SERVICES))
@click.option("--by", type=click.Path(exists=True, path_type=Path), required=True, help="The file with the seconds.")
def main(service: str, by: Path) -> None:
    """Run a service by a clock that can be set wrong."""
    run(import_module(f"services.{service}.app").SERVICE, clock=SkewedClock(by))


if __name__ == "__main__":
    main()
