"""The operators' folder of packs, looked at again and again: a pack that is put there comes into force by itself."""

import hashlib
from pathlib import Path

from shared.regulations.loader import load_regulations, packs_in
from shared.regulations.model import Regulation
from shared.worktime import CALENDARS

Contents = tuple[object, ...]
"""What tells one state of the folder from another."""


class PackFolder:
    """One folder with packs (REDRESS_REGULATIONS), or none."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._seen: Contents | None = None

    def changed(self) -> list[Regulation]:
        """The shipped packs and those of the folder where its contents have changed since it was last asked, else none.

        Raises RegulationError for a wrong pack, once for each change.
        """
        if self._path is None:
            return []
        before, self._seen = self._seen, self._contents(self._path)
        return list(load_regulations(self._path)) if self._seen != before else []

    def _contents(self, path: Path) -> Contents:
        """The files by name and content: a ConfigMap changes what its links lead to, and no time that could be asked.

        The calendars count too: a pack that names one which is not there yet is right as soon as it comes.
        """
        files = [(file.name, hashlib.sha256(file.read_bytes()).digest()) for file in packs_in(path)]
        return (*CALENDARS, *files)
