"""A service with a crash planted in it: `python -m shared.testing.crash SERVICE --at POINT --marker FILE`.

The process kills itself (SIGKILL: nothing is flushed, nobody is told) the first time it comes to the point; the marker
file it leaves says that it did, and while the file is there, the service runs as usual.
"""

import os
import signal
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from shared.bus.publisher import Publisher
from shared.cli import SERVICES
from shared.processor import Processor
from shared.repository import Repository


class Crash:
    """Kills this process once; `marker` remembers that it has happened."""

    def __init__(self, marker: Path) -> None:
        self._marker = marker

    def now(self) -> None:
        """Die, unless that has been done already."""
        if not self._marker.exists():
            self._marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)


def before_commit(crash: Crash) -> None:
    """Die when there is something to write, before it is written."""
    commit = Repository.commit

    @wraps(commit)
    async def commit_or_die(self: Repository[Any], documents: Sequence[Any]) -> Any:
        if any(document.changed for document in documents):
            crash.now()
        return await commit(self, documents)

    Repository.commit = commit_or_die  # type: ignore[method-assign]


def after_commit(crash: Crash) -> None:
    """Die when the messages that were written with the state are about to be published."""
    offer = Publisher.offer

    @wraps(offer)
    def offer_or_die(self: Publisher, entries: Sequence[Any]) -> int:
        if entries:
            crash.now()
        return offer(self, entries)

    Publisher.offer = offer_or_die  # type: ignore[method-assign]


def after_publish(crash: Crash) -> None:
    """Die when the broker has confirmed messages that are about to be taken out of their outboxes."""
    settle = Repository.settle

    @wraps(settle)
    async def settle_or_die(self: Repository[Any], published: Mapping[str, Sequence[str]]) -> None:
        crash.now()
        await settle(self, published)

    Repository.settle = settle_or_die  # type: ignore[method-assign]


def before_ack(crash: Crash) -> None:
    """Die when a batch has been handled and committed, and is about to be acknowledged."""
    handle = Processor.handle

    @wraps(handle)
    async def handle_and_die(self: Processor, messages: Sequence[Any]) -> Any:
        verdicts = await handle(self, messages)
        if any(verdict.answer == "done" for verdict in verdicts):
            crash.now()
        return verdicts

    Processor.handle = handle_and_die  # type: ignore[method-assign]


POINTS: dict[str, Callable[[Crash], None]] = {
    "before-commit": before_commit,
    "after-commit": after_commit,
    "after-publish": after_publish,
    "before-ack": before_ack,
}
"""The rows of the crash table in `architecture.md`."""


@click.command()
@click.argument("service", type=click.Choice(SERVICES))
@click.option("--at", "point", type=click.Choice(list(POINTS)), required=True, help="Where to die.")
@click.option("--marker", type=click.Path(path_type=Path), required=True, help="The file that says it has happened.")
def main(service: str, point: str, marker: Path) -> None:
    """Run a service that dies once at a chosen point."""
    from shared.hosting import run

    POINTS[point](Crash(marker))
    run(import_module(f"services.{service}.app").SERVICE)


if __name__ == "__main__":
    main()
