"""What an event said, as facts with names that people understand."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.contracts.values import Language
from shared.web.pages import Words, moment

COUNTS = frozenset({"lateness", "evidence"})
"""What need not be told where it is zero."""


@dataclass(frozen=True)
class Fact:
    """One thing that was said: its name, and the words or the further facts."""

    name: str
    text: str = ""
    parts: tuple["Fact", ...] = ()


def facts(data: Mapping[str, Any], say: Words, language: Language) -> Iterator[Fact]:
    """What `data` says, in order, leaving out what it does not say."""
    for key, value in data.items():
        if _says_nothing(key, value):
            continue
        name = say.maybe(f"fact-{key}", key)
        if isinstance(value, Mapping):
            if parts := tuple(facts(value, say, language)):
                yield Fact(name, parts=parts)
        else:
            yield Fact(name, _text(key, value, say, language))


def _says_nothing(key: str, value: object) -> bool:
    return value is False or value in (None, "", [], {}) or (key in COUNTS and not value)


def _text(key: str, value: object, say: Words, language: Language) -> str:
    if isinstance(value, list):
        return "\n".join(_text(key, part, say, language) for part in value)
    if value is True:
        return say("is-so")
    if key == "at" or key.endswith("_at"):
        return moment(datetime.fromisoformat(str(value)), language)
    return say.maybe(f"value-{key}-{value}", f"value-{value}", value)
