"""The blind index: finds sealed texts by their words without keeping a word of them.

What a text is found by are keyed hashes of its parts: the words of alphabetic scripts, and the pairs of neighbouring
characters (bigrams) of Chinese, which needs no dictionary. A search hashes its query the same way and asks for records
that have all of them. Whoever holds the database but not the master key learns which records share a part, not which.
"""

import re
from collections.abc import Iterator
from typing import Literal

from shared.privacy import keyed
from shared.text import folded

Field = Literal["text", "person", "product"]
"""What is searched: everything the record says, the complainant's name, or the name of the product."""

HASH_BYTES = 8
"""Enough that two different parts hardly ever meet in millions of records."""

_HAN = "〇々\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_RUNS = re.compile(rf"([{_HAN}]+)|[^\W_{_HAN}]+")


class Terms:
    """Hashes texts for the index and for a search alike."""

    def __init__(self, master_key: bytes) -> None:
        self._key = keyed(b"redress blind index v1", master_key, 32)

    def of(self, text: str, field: Field = "text") -> set[str]:
        """The hashes that `text` is found by in a field: keyed BLAKE2b of 64 bits (RFC 7693)."""
        return {self._hash(f"{field}\0{part}") for part in parts(text)}

    def _hash(self, part: str) -> str:
        return keyed(part.encode(), self._key, HASH_BYTES).hex()


def parts(text: str) -> set[str]:
    """The words and Chinese bigrams of a text, whatever their width and case (NFKC, casefold).

    A single Chinese character is no part: it would be found nearly everywhere and give away too much.
    """
    return {part for run in _RUNS.finditer(folded(text)) for part in _parts_of(run)}


def _parts_of(run: re.Match[str]) -> Iterator[str]:
    if not run[1]:
        yield run[0]
        return
    for first, second in zip(run[1], run[1][1:], strict=False):
        yield first + second
