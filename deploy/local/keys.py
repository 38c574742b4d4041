"""The secrets of this machine's installation: made once, kept in a file that only its owner reads."""

import base64
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from shlex import quote
from typing import Any

from motor.motor_asyncio import AsyncIOMotorDatabase

from deploy.local.process import ServerFailed
from services.intake.store import add_channel
from shared.privacy import hashed

MASTER_KEY = "REDRESS_MASTER_KEY"
JWT_SECRET = "REDRESS_JWT_SECRET"  # noqa: S105  # the variable's name

MADE: Mapping[str, Callable[[], str]] = {
    MASTER_KEY: lambda: base64.b64encode(secrets.token_bytes(32)).decode(),
    JWT_SECRET: lambda: secrets.token_hex(32),
}
"""How each secret is made where neither the environment nor the file has it."""


class LocalKeys:
    """The secrets in `secrets.env`; what the environment says comes first and is not written down."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._kept = _read(file)
        for name, make in MADE.items():
            if name not in self._kept and name not in os.environ:
                self._keep(name, make())

    def __getitem__(self, name: str) -> str:
        return os.environ.get(name) or self._kept[name]

    async def of_channel(self, channel: str, database: AsyncIOMotorDatabase[Any]) -> str:
        """The key of a channel, given to it now if it has none. Raises `ServerFailed` where another file has it."""
        name = channel_variable(channel)
        known = await database["channels"].find_one({"_id": channel})
        if known is None:
            self._keep(name, await add_channel(database, channel))
        elif name not in self._kept or known["hash"] != hashed(self._kept[name]):
            raise ServerFailed(
                f"The channel {channel} has a key that is not in {self._file}.\n"
                f"Ways out:\n  - take it away: redress channels remove {channel}\n  - run without samples: --no-samples"
            )
        return self._kept[name]

    def export(self, file: Path, more: Mapping[str, str]) -> None:
        """Write everything as shell exports, so that `. FILE` gives other commands what this one knows."""
        secret = {name: self[name] for name in MADE}
        write_private(file, "".join(f"export {k}={quote(v)}\n" for k, v in (self._kept | secret | dict(more)).items()))

    def _keep(self, name: str, value: str) -> None:
        self._kept[name] = value
        write_private(self._file, "".join(f"{kept}={quote(word)}\n" for kept, word in self._kept.items()))


def channel_variable(channel: str) -> str:
    """The name a channel's key goes by in the files: `HOTLINE_KEY`."""
    return f"{channel.upper().replace('-', '_')}_KEY"


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner reads, all of it or nothing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:  # noqa: PTH123
        out.write(text)
    draft.replace(file)


def _read(file: Path) -> dict[str, str]:
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    pairs = (line.partition("=") for line in lines if "=" in line)
    return {name: value.strip("'") for name, _, value in pairs}
