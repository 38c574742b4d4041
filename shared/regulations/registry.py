"""All regulations that a service knows, by name and version."""

import re
from collections.abc import Iterable, Iterator, Mapping

from shared.contracts.values import Department, Language
from shared.errors import Fault, Invalid
from shared.regulations.model import Regulation


class UnknownRegulation(Fault):
    """No pack has this name, or none of its versions is this one."""

    code = "unknown-regulation"
    status = 422


class Regulations:
    """The packs in force; where no version is asked for, the newest one counts."""

    def __init__(self, packs: Iterable[Regulation]) -> None:
        self._packs = {(pack.name, pack.version): pack for pack in sorted(packs, key=_age)}
        self.newest: Mapping[str, Regulation] = {pack.name: pack for pack in self._packs.values()}
        """Each pack by its name, in its newest version."""
        self._departments = tuple(sorted({name for pack in self._packs.values() for name in pack.departments}))

    def get(self, name: str, version: str | None = None) -> Regulation:
        """The pack of a name, in one version or its newest; raises UnknownRegulation."""
        pack = self.newest.get(name) if version is None else self._packs.get((name, version))
        if pack is None:
            wanted = name if version is None else f"{name} {version}"
            known = [pack.edition for pack in self if pack.name == name] or sorted(self.newest)
            raise UnknownRegulation(f"There is no regulation {wanted}; there is {', '.join(known)}.")
        return pack

    def origins(self, to: Regulation, origin: str = "") -> list[str]:
        """The versions that complaints are moved from to this one: the one that is named, or all older ones.

        Raises UnknownRegulation for one that there is not, and `Invalid` where there is no other one to move from.
        """
        versions = [pack.version for pack in self if pack.name == to.name]
        origins = [self.get(to.name, origin).version] if origin else versions[: versions.index(to.version)]
        if not origins or to.version in origins:
            raise Invalid(f"There is no version of {to.name} from which complaints could be moved to {to.edition}.")
        return origins

    def departments(self) -> tuple[Department, ...]:
        """Every department that some pack names, in alphabetical order; the broker needs a queue for each."""
        return self._departments

    def titles(self, language: Language) -> dict[Department, str]:
        """What every department is called, by its name."""
        return {name: entry.title[language] for pack in self for name, entry in pack.departments.items()}

    def __iter__(self) -> Iterator[Regulation]:
        """Every pack in every version, by name, the oldest version first."""
        return iter(self._packs.values())

    def __len__(self) -> int:
        return len(self._packs)


def _age(pack: Regulation) -> tuple[str, list[tuple[int, str]]]:
    """Orders packs by name, then by version with its numbers compared as numbers: 2 before 10."""
    parts = re.findall(r"\d+|[A-Za-z]+", pack.version)
    return pack.name, [(int(part), "") if part.isdigit() else (-1, part) for part in parts]
