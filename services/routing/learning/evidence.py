"""What of a letter can be learnt from: its words, and what the lexicon made of it; in memory only."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from shared.contracts.values import Category

MOST_WORDS = 400
"""Different words of a letter that are looked at: a longer one does not cost more."""

_RUN = re.compile("[㐀-鿿]+|[a-z][a-z']*|[0-9]+")


class Evidence(NamedTuple):
    """One letter, read: its normalised text, the finer classes in it and the categories, each with its weight."""

    text: str
    classes: Mapping[str, float]
    totals: Mapping[Category, float]


def words_of(text: str) -> list[str]:
    """The different words of a normalised text: Chinese characters and pairs of them, English words and pairs of them.

    At most `MOST_WORDS`: only so much of the text is looked at.
    """
    return list(dict.fromkeys(islice(_words(text), MOST_WORDS)))


def _words(text: str) -> Iterator[str]:
    before = ""
    for found in _RUN.finditer(text):
        run = found.group()
        if run[0] >= "㐀":
            yield from run
            yield from (run[at : at + 2] for at in range(len(run) - 1))
            before = ""
            continue
        yield run
        if before:
            yield f"{before} {run}"
        before = run
