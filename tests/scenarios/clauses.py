"""Every clause of the eighteen regulations and the two letters, and how a test names the clauses it proves."""

import re

HOW_MANY = {
    "S1": 7, "S2": 10, "S3": 9, "S4": 8, "S5": 7, "S6": 8, "S7": 5, "S8": 7, "S9": 5, "S10": 5, "S11": 5, "S12": 5,
    "S14": 6, "S15": 8, "S16": 7, "S18": 5, "S19": 5, "S20": 7,
}  # fmt: skip
"""The regulations, and how many clauses each has: S1.1 to S1.7."""

LETTERS = ("S13", "S17")
"""The two letters of dissatisfied customers; they have no clauses."""

CLAUSES = (*(f"{name}.{nth}" for name, last in HOW_MANY.items() for nth in range(1, last + 1)), *LETTERS)

_NAMED = re.compile(r"(?<![a-z0-9])s(\d+)(?:_(\d+))?(?=_|$)")


def named_in(name: str) -> list[str]:
    """The clauses in a test's name: `test_s6_4_and_s6_6_…` names S6.4 and S6.6, `test_s13_…` the letter S13."""
    found = _NAMED.findall(name.removeprefix("test_"))
    ids = [f"S{regulation}.{clause}" if clause else f"S{regulation}" for regulation, clause in found]
    return [id for id in ids if "." in id or id in LETTERS]
