"""Identifiers: ULIDs for messages and keys, and the check character of a complaint number."""

import os
import random
import threading
import time
from datetime import datetime
from functools import lru_cache

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CARRIED = [
    {character: ((carried + value) % 36 or 36) * 2 % 37 for value, character in enumerate(ALPHANUMERIC)}
    for carried in range(37)
]
"""What each character makes of what is carried from the one before it."""

_PAIRS = [first + second for first in CROCKFORD for second in CROCKFORD]
_random = random.Random(os.urandom(32))
_lock = threading.Lock()
_last = 0


def ulid() -> str:
    """A new ULID (github.com/ulid/spec): 26 characters that sort by time, and by order within this process.

    Within a millisecond one follows upon the other. The random part comes from a generator seeded once, because a
    system call each would show at full load; what must not be guessed (keys, tokens) never comes from here.
    """
    global _last
    now = time.time_ns() // 1_000_000
    with _lock:
        _last = _last + 1 if now <= _last >> 80 else now << 80 | _random.getrandbits(80)
        return _spelled(_last)


def ulid_floor(moment: datetime) -> str:
    """The smallest ULID that could be made at `moment`: whatever sorts before it is older."""
    return _spelled(int(moment.timestamp() * 1000) << 80)


def _spelled(value: int) -> str:
    """128 bits as 26 characters, two at a time: 130 bits with two zeros in front."""
    return _beginning(value >> 20) + _PAIRS[value >> 10 & 1023] + _PAIRS[value & 1023]


@lru_cache(maxsize=1)
def _beginning(value: int) -> str:
    """The first 22 of them, which those made at one moment share."""
    return "".join([_PAIRS[value >> shift & 1023] for shift in range(100, -10, -10)])


def base32(value: int, width: int) -> str:
    """A non-negative integer in Crockford's base 32, padded with zeros to `width` characters."""
    digits = []
    while value:
        value, digit = divmod(value, 32)
        digits.append(CROCKFORD[digit])
    return "".join(reversed(digits)).rjust(width, "0")


def check_character(text: str) -> str:
    """The ISO/IEC 7064 MOD 37,36 check character of `text`; hyphens do not count.

    It betrays every single wrong character and nearly every swap of two neighbours.
    """
    carried = 36
    for character in text.replace("-", ""):
        carried = _CARRIED[carried][character]
    return ALPHANUMERIC[(1 - carried) % 36]


def complaint_number(prefix: str, day: str, sequence: int) -> str:
    """The number of the `sequence`-th complaint of a local `day` (`20261123`): `SQ-20261123-00017K` (S20.6)."""
    body = f"{prefix}-{day}-{base32(sequence, 5)}"
    return body + check_character(body)


def is_complaint_number(text: str) -> bool:
    """Whether `text` has the shape of a complaint number and its check character is right."""
    groups = text.split("-")
    shaped = (
        len(groups) == 3 and len(groups[2]) >= 6 and all(g.isascii() and g.isalnum() and g.upper() == g for g in groups)
    )
    return shaped and check_character(text[:-1]) == text[-1]
