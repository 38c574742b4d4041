"""How alike two texts are, told from fingerprints: MinHash (Broder 1997) over characters, pairs of them and words.

Whoever describes the same trouble uses the same nouns in other sentences. So little words do not count, and where
nothing else is shared two texts have a likeness of about 0.05, the same trouble in other words one of 0.15 to 0.4.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from functools import lru_cache
from operator import add

from rensa import RMinHash

PLACES = 128
"""Places of a fingerprint, a byte each: the likeness that is read from it is off by 0.04 at most, as a rule."""

FEWEST = 4
"""Different characters and words that a text needs to be like another one."""

CHANCE = 1 / 256
"""How many places of two fingerprints agree by accident: one byte of each is kept."""

MOST_REMEMBERED = 10_000
"""Fingerprints that are kept as they are compared: each is held against many others."""

STEM = 6
"""Letters of an English word that count: its ending does not."""

_HAN = re.compile("[㐀-鿿]+")
_ENGLISH = re.compile("[a-z]{3,}")
_LITTLE = "的了是我你他她它们在有和就都也不没很要到这那个一上下去来说给把被让对与及或而但还又再吧吗呢啊呀请您"
_TELLING = re.compile(f"[^{_LITTLE}]")
_LITTLE_WORD = re.compile(
    "(?:the|and|for|was|were|are|has|have|had|not|but|with|that|this|they|them|their|there|you|your|our|its|been|from|"
    "when|what|which|who|will|would|could|should|than|then)"
)


def fingerprint(plain: str, seed: int) -> str:
    """The fingerprint of a folded text, empty for one that says too little; only those of one seed can be compared.

    It begins with the version of the algorithm, and what another version made is like nothing.
    """
    words = _words(plain)
    if not _says_enough(words):
        return ""
    sketch = RMinHash(PLACES, seed)
    sketch.update(words)
    places = bytes([place & 0xFF for place in sketch.digest()])
    return f"{RMinHash.ALGORITHM_VERSION}:{b64encode(places).decode()}"


def likeness(one: str, other: str) -> float:
    """How alike the texts of two fingerprints are, from 0 to 1: the share of their words that they have in common."""
    (version, places), (other_version, other_places) = _read(one), _read(other)
    if not version or version != other_version:
        return 0.0
    agreeing = (places ^ other_places).to_bytes(PLACES).count(0) / PLACES
    return max(0.0, (agreeing - CHANCE) / (1 - CHANCE))


@lru_cache(MOST_REMEMBERED)
def _read(fingerprint: str) -> tuple[str, int]:
    """The version of a fingerprint, and its places as one number: where two agree, a byte of their difference is 0."""
    version, _, places = fingerprint.partition(":")
    return version, int.from_bytes(b64decode(places))


def _says_enough(words: Iterable[str]) -> bool:
    different = set()
    for word in words:
        different.add(word)
        if len(different) == FEWEST:
            return True
    return False


def _words(plain: str) -> list[str]:
    """What a text is compared by; some of it may stand there several times, which a fingerprint does not see."""
    runs = _HAN.findall(plain)
    words = _TELLING.findall("".join(runs))
    for run in runs:
        words += map(add, run, run[1:])
    words += [word[:STEM] for word in _ENGLISH.findall(plain) if not _LITTLE_WORD.fullmatch(word)]
    return words
