"""What two packs say differently: which promises, rungs and rules."""

from collections.abc import Iterator
from typing import NamedTuple

from shared.contracts.values import Language
from shared.regulations.model import Regulation
from shared.regulations.statements import Statement, statements


class Difference(NamedTuple):
    """What one pack says about something and the other does not, and the other way round."""

    part: str
    key: str
    subject: str
    gone: tuple[str, ...]
    new: tuple[str, ...]


def differences(one: Regulation, other: Regulation, language: Language) -> list[Difference]:
    """What the other pack says differently, part by part; empty where both say the same."""
    before, after = statements(one, language), statements(other, language)
    return [difference for part in before for difference in _compared(part, before[part], after[part])]


def _compared(part: str, before: list[Statement], after: list[Statement]) -> Iterator[Difference]:
    was, now = ({statement.key: statement for statement in told} for told in (before, after))
    for key in dict.fromkeys([*was, *now]):
        one, other = _facts(was.get(key)), _facts(now.get(key))
        gone = tuple(fact for fact in one if fact not in other)
        new = tuple(fact for fact in other if fact not in one)
        if gone or new:
            yield Difference(part, key, (now.get(key) or was[key]).subject, gone, new)


def _facts(statement: Statement | None) -> tuple[str, ...]:
    if statement is None:
        return ()
    return (*statement.says, statement.clause) if statement.clause else statement.says
