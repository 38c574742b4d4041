"""Reads regulation packs; a wrong one is answered with file, line, key, reason and what would be right."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from shared.regulations.model import Regulation
from shared.regulations.registry import Regulations

SHIPPED = Path(__file__).parent
"""The folder of the packs that come with Redress."""


class RegulationError(Exception):
    """A pack is wrong; `mistakes`, and the lines of its text, say file, line, key and reason each."""

    def __init__(self, *mistakes: str) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


def load_regulations(*folders: Path) -> Regulations:
    """The shipped packs and those of more folders (`*.yaml`, `*.yml`).

    Raises RegulationError for a wrong pack, for a name and version or a number prefix that is taken, and for a folder
    that does not exist.
    """
    files = [file for folder in (SHIPPED, *folders) for file in _packs_in(folder)]
    packs = [(file, load_regulation(file)) for file in files]
    _refuse_clashes(packs)
    return Regulations(pack for _, pack in packs)


def load_regulation(file: Path) -> Regulation:
    """The pack in one file; raises RegulationError."""
    try:
        text = file.read_text(encoding="utf-8")
        node = yaml.compose(text, yaml.SafeLoader)
        data = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise RegulationError(f"{file.name}: cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise RegulationError(f"{file.name}: is not YAML: {error}") from error
    _refuse_doubled_keys(file, node)
    try:
        return Regulation.model_validate(data)
    except ValidationError as error:
        raise RegulationError(*(_mistake(file, node, found) for found in error.errors())) from error


def _packs_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise RegulationError(f"{folder}: is not a folder; name the one that holds the packs")
    return sorted(file for file in folder.iterdir() if file.suffix in {".yaml", ".yml"})


def _refuse_clashes(packs: Iterable[tuple[Path, Regulation]]) -> None:
    """A name and version belongs to one file, a number prefix to one regulation."""
    files: dict[tuple[str, str], Path] = {}
    prefixes: dict[str, str] = {}
    for file, pack in packs:
        taken = files.setdefault((pack.name, pack.version), file)
        if taken is not file:
            again = f"{pack.name} {pack.version} is already in {taken.name}"
            raise RegulationError(f"{file.name}: version: {again}; give it a version of its own")
        owner = prefixes.setdefault(pack.prefix, pack.name)
        if owner != pack.name:
            raise RegulationError(f"{file.name}: prefix: {pack.prefix} already belongs to {owner}; choose another one")


def _refuse_doubled_keys(file: Path, node: yaml.Node | None) -> None:
    """YAML lets the last of two equal keys win in silence; a pack may not."""
    if isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            if key.value in keys:
                raise RegulationError(f"{file.name}, line {_line(key)}: {key.value}: stands there twice; keep one")
            keys.add(key.value)
            _refuse_doubled_keys(file, value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_doubled_keys(file, value)


def _mistake(file: Path, node: yaml.Node | None, found: ErrorDetails) -> str:
    path = [*found["loc"], *found.get("ctx", {}).get("path", [])]
    known, line = _follow(node, path)
    missing = path[-1:] if found["type"] == "missing" else []
    key = ".".join(str(step) for step in [*known, *missing]) or "the pack"
    return f"{file.name}, line {line}: {key}: {_reason(found)}"


def _reason(found: ErrorDetails) -> str:
    given, reason = found["input"], found["msg"].removeprefix("Value error, ")
    match found["type"]:
        case "missing":
            return "is missing"
        case "string_type" if not isinstance(given, dict | list | type(None)):
            return f'is read as {type(given).__name__}, not as text; write "{given}" in quotes'
        case _ if isinstance(given, dict | list) or repr(given) in reason:
            return reason
        case _:
            return f"{given!r} is wrong: {reason}"


def _follow(node: yaml.Node | None, path: Iterable[Any]) -> tuple[list[Any], int]:
    """The steps of a path that exist in the file, and the line where they lead."""
    line = _line(node)
    known: list[Any] = []
    for step in path:
        entry = _entry(node, step)
        if entry is None:
            break
        key, node = entry
        line, known = _line(key), [*known, step]
    return known, line


def _entry(node: yaml.Node | None, step: Any) -> tuple[yaml.Node, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def _line(node: yaml.Node | None) -> int:
    return 1 if node is None else node.start_mark.line + 1
