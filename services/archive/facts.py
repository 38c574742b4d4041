"""What an event said, as facts with names that people understand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.archive.dossier import is_moment
from shared.contracts.values import Department, Language
from shared.web.pages import Words, moment

DEPARTMENTS = frozenset({"department", "from", "to", "concerned"})
"""Under which names departments are told."""

COUNTS = frozenset({"lateness", "evidence"})
"""What need not be told where it is zero."""


@dataclass(frozen=True)
class Fact:
    """One thing that was said: its name, and the words or the further facts."""

    name: str
    text: str = ""
    parts: tuple["Fact", ...] = ()


@dataclass(frozen=True)
class Teller:
    """Tells facts to one reader; `departments` are the titles by name."""

    say: Words
    language: Language
    departments: Mapping[Department, str]

    def facts(self, data: Mapping[str, Any]) -> Iterator[Fact]:
        """What `data` says, in order, leaving out what it does not say."""
        for key, value in data.items():
            if _says_nothing(key, value):
                continue
            name = self.say.maybe(f"fact-{key}", key)
            for one in value if _is_told_in_parts(value) else [value]:
                if not isinstance(one, Mapping):
                    yield Fact(name, self._text(key, one))
                elif parts := tuple(self.facts(one)):
                    yield Fact(name, parts=parts)

    def _text(self, key: str, value: Any) -> str:
        if isinstance(value, list):
            return "\n".join(self._text(key, part) for part in value)
        if value is True:
            return self.say("is-so")
        if is_moment(key):
            return moment(datetime.fromisoformat(str(value)), self.language)
        if key in DEPARTMENTS and value in self.departments:
            return self.departments[value]
        return self.say.maybe(f"value-{key}-{value}", f"value-{value}", value)


def _is_told_in_parts(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(one, Mapping) for one in value)


def _says_nothing(key: str, value: object) -> bool:
    return value is False or value in (None, "", [], {}) or (key in COUNTS and not value)
