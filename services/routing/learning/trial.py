"""Whether what was learnt is better than what is in force: a trial on the company's own later cases."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple, get_args

from shared.contracts.values import Category

CASES = 200
"""Cases that a trial takes."""

MARGIN = 0.01
"""How much better in macro-F1 the learner has to be."""

Confusion = Mapping[tuple[str, str], int]
"""How often each pair of true and found category occurred."""


class Verdict(NamedTuple):
    """One case: its true category, and what the present classifier and the learner took it for beforehand."""

    true: Category
    present: Category
    learner: Category


class Trial:
    """Cases that both have judged before the learner learnt from them, in the order in which they were decided."""

    def __init__(self, verdicts: list[Verdict]) -> None:
        self.verdicts = verdicts

    @property
    def is_over(self) -> bool:
        """Whether there were enough cases to tell."""
        return len(self.verdicts) >= CASES

    @property
    def present(self) -> float:
        """The macro-F1 of the present classifier."""
        return macro_f1(Counter((verdict.true, verdict.present) for verdict in self.verdicts))

    @property
    def learner(self) -> float:
        """The macro-F1 of the learner."""
        return macro_f1(Counter((verdict.true, verdict.learner) for verdict in self.verdicts))

    @property
    def is_won(self) -> bool:
        """Whether the learner takes over."""
        return self.is_over and self.learner >= self.present + MARGIN


def macro_f1(confusion: Confusion) -> float:
    """The mean F1 of the categories that truly occur."""
    occurring = [category for category in get_args(Category) if any(true == category for true, _ in confusion)]
    return sum(_f1(confusion, category) for category in occurring) / len(occurring)


def _f1(confusion: Confusion, category: str) -> float:
    right = confusion.get((category, category), 0)
    named = sum(count for (_, found), count in confusion.items() if found == category)
    true = sum(count for (true, _), count in confusion.items() if true == category)
    return 2 * right / (named + true) if named + true else 0.0
