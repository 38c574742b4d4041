"""One server process: a process group of its own, gone when the command that started it is gone."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


class ServerFailed(Exception):
    """A server could not be had, started or reached; the text says why and what to do."""


# Linux delivers the death signal when the *thread* that spawned dies, so one thread that lives as long as the
# interpreter spawns everything.
_KEEPER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="keeper")


def _bound_to_this_process(argv: Sequence[str]) -> list[str]:
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", *argv] if setpriv else list(argv)


class Process:
    """A program, its log, and the process that runs it at the moment, if any."""

    def __init__(self, argv: Sequence[str], *, log: Path, env: Mapping[str, str]) -> None:
        self.argv = _bound_to_this_process(argv)
        self.log = log
        self.env = dict(env)
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id (and group id) while it runs."""
        return self._running.pid if self.alive() and self._running else None

    def alive(self) -> bool:
        """Say whether the process has been started and has not ended."""
        return self._running is not None and self._running.poll() is None

    def spawn(self) -> None:
        """Start the program with its output appended to the log."""
        with self.log.open("ab") as log:
            self._running = _KEEPER.submit(
                subprocess.Popen,
                self.argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.env,
                cwd=self.log.parent,
                start_new_session=True,
            ).result()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the whole group; a group that is gone is no error."""
        if self._running:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._running.pid, number)

    def kill(self) -> None:
        """End the whole group at once, as a power cut would."""
        self.signal(signal.SIGKILL)
        if self._running:
            self._running.wait()

    def finish(self, *, within: float) -> None:
        """Wait for an orderly end after SIGTERM, at most so many seconds, then kill."""
        if self._running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._running.wait(within)
        self.kill()

    def last_words(self) -> str:
        """Return the last lines of the log, for an error message."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-12:])


def wait_until(true: Callable[[], bool], *, within: float) -> bool:
    """Ask twenty times a second until the answer is yes or so many seconds have passed."""
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
