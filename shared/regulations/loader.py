"""Reads regulation packs from their folders; a wrong one is answered with file, line, key, reason and what is right."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from shared.regulations.model import Regulation
from shared.regulations.registry import Regulations
from shared.regulations.sources import RegulationError, Source, built, explained, mistake_in

SHIPPED = Path(__file__).parent
"""The folder of the packs that come with Redress."""


def load_regulations(*folders: Path) -> Regulations:
    """The shipped packs and those of more folders (`*.yaml`, `*.yml`).

    Raises RegulationError for a wrong pack, for a name and version or a number prefix that is taken, and for a folder
    that does not exist.
    """
    sources = _sources(SHIPPED, *folders)
    shelf = _shelf(sources)
    packs = [(lineage, _validated(lineage)) for lineage in (source.lineage(shelf) for source in sources)]
    _refuse_taken_editions(sources, shelf)
    _refuse_taken_prefixes(packs)
    return Regulations(pack for _, pack in packs)


def load_regulation(file: Path, *folders: Path) -> Regulation:
    """The pack in one file; it may build on a shipped pack, on one of more folders or on one beside it.

    Raises RegulationError.
    """
    source = Source.read(file)
    shelf = _shelf(_sources(SHIPPED, *folders)) if source.builds_on else {}
    if source.builds_on and source.builds_on not in shelf:
        shelf |= _shelf(_sources(file.parent))
    return _validated(source.lineage(shelf))


def _sources(*folders: Path) -> list[Source]:
    return [Source.read(file) for folder in folders for file in packs_in(folder)]


def packs_in(folder: Path) -> list[Path]:
    """The files of a folder that are packs, by name. Raises RegulationError where there is no such folder."""
    if not folder.is_dir():
        raise RegulationError(f"{folder}: is not a folder; name the one that holds the packs")
    return sorted(file for file in folder.iterdir() if file.suffix in {".yaml", ".yml"})


def _shelf(sources: list[Source]) -> dict[str, Source]:
    """Packs by name and version; of two with the same, the first."""
    return {source.edition: source for source in reversed(sources)}


def _validated(lineage: list[Source]) -> Regulation:
    try:
        return Regulation.model_validate(built(lineage))
    except ValidationError as error:
        raise RegulationError(*(explained(found, lineage) for found in error.errors())) from error


def _refuse_taken_editions(sources: Iterable[Source], shelf: Mapping[str, Source]) -> None:
    """A name and version belongs to one file."""
    for source in sources:
        owner = shelf[source.edition]
        if owner is not source:
            taken = f"{source.edition} is already in {owner.file.name}; give it a version of its own"
            raise RegulationError(source.mistake(["version"], taken))


def _refuse_taken_prefixes(packs: Iterable[tuple[list[Source], Regulation]]) -> None:
    """A number prefix belongs to one regulation, in all its versions."""
    owners: dict[str, str] = {}
    for lineage, pack in packs:
        owner = owners.setdefault(pack.prefix, pack.name)
        if owner != pack.name:
            taken = f"{pack.prefix} already belongs to {owner}; choose another one"
            raise RegulationError(mistake_in(lineage, ["prefix"], taken))
