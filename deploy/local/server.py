"""What the private MongoDB and RabbitMQ have in common: started once per folder, shared while alive."""

import fcntl
import json
import os
import signal
import time
from abc import ABC, abstractmethod
from io import TextIOWrapper
from pathlib import Path
from typing import ClassVar

from deploy.local import ports
from deploy.local.process import Process, ServerFailed, wait_until

START_SECONDS = 90.0
STOP_SECONDS = 5.0


class Server(ABC):
    """One private server in one folder; the command that holds the folder's lock runs it, others share it."""

    title: ClassVar[str]
    default_ports: ClassVar[dict[str, int]]

    def __init__(self, directory: Path, *, prefer_defaults: bool = True) -> None:
        self.directory = directory.resolve()
        self.ports: dict[str, int] = {}
        self.ready_after = 0.0
        self._prefer_defaults = prefer_defaults
        self._begun = time.monotonic()
        self._lock: TextIOWrapper | None = None
        self._process: Process | None = None

    @abstractmethod
    def prepare(self) -> Process:
        """Write the configuration for the chosen ports and return the process to start."""

    @abstractmethod
    def ready(self) -> bool:
        """Say whether clients can work with the server now."""

    @property
    def owned(self) -> bool:
        """Whether this command runs the server (and will stop it)."""
        return self._process is not None

    @property
    def pid(self) -> int:
        """Its process id, whichever command started it."""
        return int(json.loads(self._state_file.read_text())["pid"])

    def open(self) -> None:
        """Start the server, or find that another command runs it already."""
        self._begun = time.monotonic()
        self.directory.mkdir(parents=True, exist_ok=True)
        if self._take_lock():
            self._outlive_predecessor()
            self._spawn()

    def await_ready(self) -> None:
        """Return when the server is ready; raise `ServerFailed` when it ends or takes too long.

        Where somebody else took one of its ports before it did, it is started once more, on others.
        """
        try:
            self._await()
        except ServerFailed:
            self.clear_away()
            if all(map(ports.is_free, self.ports.values())) or not self.owned:
                raise
            self._spawn()
            self._await()

    def clear_away(self) -> None:
        """End at once what this command has started."""
        if self._process:
            self._process.kill()

    def kill(self) -> None:
        """End the server as a power cut would."""
        self._own_process().kill()

    def restart(self) -> None:
        """Start a killed server again on the same ports and data, and wait until it is ready."""
        self._own_process().spawn()
        self._await()

    def ask_to_stop(self) -> None:
        """Send SIGTERM if this command runs the server."""
        if self._process:
            self._process.signal(signal.SIGTERM)

    def close(self, *, gently: bool = True) -> None:
        """Wait for the orderly end that was asked for, or kill; then let others have the folder."""
        if self._process:
            self._process.finish(within=STOP_SECONDS if gently else 0)
            self._state_file.unlink(missing_ok=True)
        if self._lock:
            self._lock.close()
        self._process = self._lock = None

    @property
    def _state_file(self) -> Path:
        return self.directory / "server.json"

    def _take_lock(self) -> bool:
        lock = (self.directory / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _spawn(self) -> None:
        self.ports = self._choose_ports()
        self._process = self.prepare()
        self._process.spawn()

    def _await(self) -> None:
        ready = self._own_ready if self.owned else self._shared_ready
        done = wait_until(lambda: ready() or self._ended(), within=START_SECONDS)
        if not done or self._ended():
            raise ServerFailed(f"{self.title} did not start.\n{self._why()}")
        if self.owned:
            self._write_state()
        self.ready_after = time.monotonic() - self._begun

    def _choose_ports(self) -> dict[str, int]:
        chosen: dict[str, int] = {}
        for name, default in self.default_ports.items():
            port = ports.choose(default if self._prefer_defaults else None)
            while port in chosen.values():
                port = ports.choose()
            chosen[name] = port
        return chosen

    def _own_process(self) -> Process:
        if not self._process:
            raise ServerFailed(f"{self.title} is run by another command or given by URL; this one must not stop it.")
        return self._process

    def _ended(self) -> bool:
        return self._process is not None and not self._process.alive()

    def _own_ready(self) -> bool:
        return self._own_process().alive() and self.ready()

    def _shared_ready(self) -> bool:
        if not self._state_file.exists():
            return False
        self.ports = json.loads(self._state_file.read_text())["ports"]
        return self.ready()

    def _why(self) -> str:
        if self._process:
            return self._process.last_words()
        return f"Another command holds {self.directory / 'lock'}, but its server does not answer."

    def _write_state(self) -> None:
        state = {"pid": self._own_process().pid, "ports": self.ports}
        draft = self._state_file.with_suffix(".draft")
        draft.write_text(json.dumps(state))
        draft.replace(self._state_file)

    def _outlive_predecessor(self) -> None:
        """Wait for the server of a command that was killed: it is dying too, but may still hold its data files."""
        if self._state_file.exists():
            pid = self.pid
            wait_until(lambda: not _exists(pid), within=STOP_SECONDS)
            self._state_file.unlink()


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
