"""How severe a complaint is by a pack's own criteria."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from typing import NamedTuple

from shared.contracts.values import Channel, Severity, Tier
from shared.regulations.money import largest_amount
from shared.regulations.parts import Grading, Grave, SeverityRule
from shared.text import folded

GRAVEST_FIRST: tuple[Grave, ...] = ("critical", "major")

NEGATIONS = (
    "没有", "没有人", "没人", "无人", "并未", "未曾", "没", "未", "无",
    "no ", "not ", "never ", "without ", "nobody ", "nobody was ", "no one was ", "wasn't ", "not been ",
)  # fmt: skip
"""What takes back the word that follows straight after it."""


class Facts(NamedTuple):
    """What a complaint is graded by besides its text."""

    channel: Channel | None
    tier: Tier
    similar: int


def grade(
    criteria: Mapping[Severity, SeverityRule], text: str, channel: Channel | None = None, tier: Tier = "standard",
    similar: int = 0,
) -> Grading:  # fmt: skip
    """The gravest severity that any criterion asks for, `general` when none does.

    `similar` is how many complaints of its matter there are. A word straight after a negation (没有人受伤, "not
    injured") does not count. Letters are compared without regard to case and width.
    """
    plain, facts = folded(text), Facts(channel, tier, similar)
    for severity in GRAVEST_FIRST:
        because = tuple(_reasons(severity, criteria[severity], plain, facts)) if severity in criteria else ()
        if because:
            return Grading(severity, because)
    return Grading("general", ())


def most_similar(criteria: Mapping[Severity, SeverityRule]) -> int:
    """From how many similar complaints on there is nothing graver; 0 where their number decides nothing."""
    return max((rule.similar or 0 for rule in criteria.values()), default=0)


def _reasons(severity: Grave, rule: SeverityRule, plain: str, facts: Facts) -> Iterator[str]:
    """Each criterion that is met, told the same way: `major: amount 30,000 (S15.5)`."""
    return (f"{severity}: {met} ({rule.clause})" for met in _met(rule, plain, facts))


def _met(rule: SeverityRule, plain: str, facts: Facts) -> Iterator[str]:
    words = tuple(chain.from_iterable(rule.words.values()))
    if _any_of(words).search(plain):
        yield from (word for word in words if _stands(_folded(word), plain))
    if facts.channel in rule.channels:
        yield f"channel {facts.channel}"
    if facts.tier in rule.tiers:
        yield f"tier {facts.tier}"
    if rule.amount and (amount := largest_amount(plain)) >= rule.amount:
        yield f"amount {amount:,.0f}"
    if rule.similar and facts.similar >= rule.similar:
        yield f"{facts.similar} similar complaints"


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Finds whether any of these words is in a folded text at all: in most texts none is."""
    return re.compile("|".join(re.escape(_folded(word)) for word in words))


@cache
def _folded(word: str) -> str:
    return folded(word)


def _stands(word: str, text: str) -> bool:
    """Whether the text says the word, whole and not taken back, at least once."""
    start = text.find(word)
    while start >= 0:
        if _is_whole(word, text, start) and not text.endswith(NEGATIONS, 0, start):
            return True
        start = text.find(word, start + 1)
    return False


def _is_whole(word: str, text: str, start: int) -> bool:
    """English words have no letter or digit of their own kind beside them; Chinese ones stand anywhere."""
    beside = text[max(start - 1, 0) : start] + text[start + len(word) : start + len(word) + 1]
    return not word.isascii() or not any(letter.isascii() and letter.isalnum() for letter in beside)
