"""A pack as it stands in its file: what it says, on which line, and what it takes from the pack it builds on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic_core import ErrorDetails

ITS_OWN = frozenset({"name", "version", "builds_on"})
"""The keys that no pack takes from the one it builds on."""

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class RegulationError(Exception):
    """A pack is wrong; `mistakes`, and the lines of its text, say file, line, key and reason each."""

    def __init__(self, *mistakes: str) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Source:
    """The keys and values of one file, and where in it they stand."""

    file: Path
    node: yaml.Node | None
    data: Any

    @classmethod
    def read(cls, file: Path) -> "Source":
        """The pack in a file; raises RegulationError where that is no YAML, or says something twice."""
        try:
            loader = _Loader(file.read_text(encoding="utf-8"))
            node = loader.get_single_node()
            _refuse_doubled_keys(file, node)
            return cls(file, node, None if node is None else loader.construct_document(node))
        except (OSError, UnicodeDecodeError) as error:
            raise RegulationError(f"{file.name}: cannot be read: {error}") from error
        except yaml.YAMLError as error:
            raise RegulationError(f"{file.name}: is not YAML: {error}") from error
        except RecursionError as error:
            raise RegulationError(f"{file.name}: is nested without end; a pack holds nothing of itself") from error

    @property
    def keys(self) -> Mapping[str, Any]:
        """What the file says by key; nothing where it is no pack at all."""
        return self.data if isinstance(self.data, dict) else {}

    @property
    def heritage(self) -> Mapping[str, Any]:
        """What a pack that builds on this one takes where it says nothing itself."""
        return {key: value for key, value in self.keys.items() if key not in ITS_OWN}

    @property
    def edition(self) -> str:
        """Name and version."""
        return f"{self.keys.get('name')} {self.keys.get('version')}"

    @property
    def builds_on(self) -> str | None:
        """Name and version of the pack that gives what this one lacks."""
        base = self.keys.get("builds_on")
        return base if isinstance(base, str) else None

    def lineage(self, shelf: Mapping[str, "Source"]) -> list["Source"]:
        """This pack, the one it builds on, and so on; raises RegulationError for an unknown base and for a circle.

        `shelf` has the packs there are, by edition.
        """
        line, passed = [self], [self.edition]
        while wanted := line[-1].builds_on:
            if wanted in passed:
                circle = " → ".join([*passed, wanted])
                raise RegulationError(self.mistake(["builds_on"], f"leads round in a circle: {circle}"))
            if wanted not in shelf:
                raise RegulationError(line[-1].mistake(["builds_on"], _unknown(wanted, shelf)))
            line.append(shelf[wanted])
            passed.append(wanted)
        return line

    def mistake(self, path: Iterable[Any], reason: str, lacking: Iterable[Any] = ()) -> str:
        """What is wrong at a path of keys, with the file and the line it leads to; `lacking` is the key not there."""
        known, line = _follow(self.node, path)
        key = ".".join(map(str, [*known, *lacking])) or "the pack"
        return f"{self.file.name}, line {line}: {key}: {reason}"


def built(lineage: list[Source]) -> Any:
    """What the first of these packs says: its own keys, and of each pack behind it the keys that were still lacking."""
    own, *bases = lineage
    if not bases:
        return own.data
    inherited: dict[str, Any] = {}
    for base in reversed(bases):
        inherited |= base.heritage
    return inherited | dict(own.keys)


def explained(found: ErrorDetails, lineage: list[Source]) -> str:
    """A mistake that validation found in the first of these packs, for whoever wrote its file."""
    path = [*found["loc"], *found.get("ctx", {}).get("path", [])]
    return mistake_in(lineage, path, _reason(found), path[-1:] if found["type"] == "missing" else ())


def mistake_in(lineage: list[Source], path: list[Any], reason: str, lacking: Iterable[Any] = ()) -> str:
    """What is wrong at a path of keys of the first of these packs, be they its own or taken from one behind it."""
    own, *bases = lineage
    givers = (base for base in bases if path and path[0] in base.heritage)
    giver = None if path and path[0] in own.keys else next(givers, None)
    if giver is None:
        return own.mistake(path, reason, lacking)
    key = ".".join(map(str, path))
    return own.mistake(["builds_on"], f"{key}, taken from {giver.edition}: {reason}")


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


def _unknown(wanted: str, shelf: Iterable[str]) -> str:
    there = sorted(shelf)
    close = get_close_matches(wanted, there, n=1)
    meant = f"did you mean {close[0]!r}? " if close else ""
    return f"there is no pack {wanted!r}; {meant}Write name and version: there is {', '.join(there)}"


def _refuse_doubled_keys(file: Path, node: yaml.Node | None) -> None:
    """YAML lets the last of two equal keys win in silence; a pack may not."""
    if isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            if str(key.value) in keys:
                raise RegulationError(f"{file.name}, line {_line(key)}: {key.value}: stands there twice; keep one")
            keys.add(str(key.value))
            _refuse_doubled_keys(file, value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_doubled_keys(file, value)


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
