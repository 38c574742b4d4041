"""`redress run` as a stranger has it: a command of its own in a folder of its own, its output in a file."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.process import wait_until
from tests.harness import Site, free_port

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-c", "from shared.cli import main; main()"]


@dataclass(frozen=True)
class Instance:
    """One `redress run`."""

    process: subprocess.Popen[bytes]
    directory: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def output(self) -> str:
        """What it has printed so far."""
        return (self.directory / "output").read_text(encoding="utf-8")

    def prints(self, says: Callable[[str], object], *, within: float = 60) -> bool:
        """Whether what it prints becomes what is expected, in time."""
        return wait_until(lambda: bool(says(self.output())) or self.process.poll() is not None, within=within) and bool(
            says(self.output())
        )

    def interrupt(self, *, within: float = 20) -> int:
        """Press Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(within)


def environment(site: Site) -> dict[str, str]:
    """A stranger's environment, but for the servers."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("REDRESS_")}
    servers = {"REDRESS_MONGODB_URL": site.mongodb_url, "REDRESS_AMQP_URL": site.amqp_url}
    return own | servers | {"REDRESS_DATABASE_PREFIX": site.prefix, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


@contextmanager
def started(site: Site, directory: Path, *options: str) -> Iterator[Instance]:
    """`redress run` in this folder, once it is ready to be used; ended with the block."""
    port = free_port()
    with (directory / "output").open("wb") as output:
        process = subprocess.Popen(
            [*COMMAND, "run", "--port", str(port), *options],
            cwd=directory, env=environment(site), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )  # fmt: skip
    instance = Instance(process, directory, port)
    try:
        assert instance.prints(lambda text: "Redress is running" in text), instance.output()
        yield instance
    finally:
        process.kill()
        process.wait()
