"""What was learnt: how much each word, and each finer class of the lexicon, speaks for each category.

A logistic regression over hashed features (Weinberger et al. 2009) that sees every case once, with a step of its own
for each weight (AdaGrad; Duchi, Hazan, Singer 2011). It starts from what the lexicon says: with nothing learnt it
decides as the lexicon does. It holds numbers in places that words share: no letter can be read out of it.
"""

import zlib
from array import array
from collections.abc import Mapping, Sequence
from math import exp, sqrt
from typing import NamedTuple, Self, get_args

from services.routing.learning.evidence import Evidence, words_of
from shared.contracts.values import Category

CATEGORIES: tuple[Category, ...] = get_args(Category)

PLACES = 1 << 15
"""Places that words are hashed to; each holds a weight for every category."""

PRIOR = 0.5
"""How much one unit of the lexicon's weight counts before anything is learnt."""

CLASS, MOST_CLASS = 0.33, 6.0
"""How much a finer class counts for each unit of its weight, and the weight from which it counts no more."""

STEP, CAUTION = 0.5, 0.1
"""How far a weight follows an error, and how much the first errors are held back."""

REASONS = 6
"""Words named in an explanation."""


class Feature(NamedTuple):
    """Something that a letter has: its name, the place of its first weight, and how strongly it has it."""

    name: str
    place: int
    value: float


class Experience:
    """The weights, and for each the sum of squared errors that its steps shrink by."""

    def __init__(self, weights: "array[float] | None" = None, squares: "array[float] | None" = None) -> None:
        self._weights = weights or _nothing()
        self._squares = squares or _nothing()

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        """The experience that was packed."""
        numbers = array("f", zlib.decompress(packed))
        half = len(numbers) // 2
        return cls(numbers[:half], numbers[half:])

    def packed(self) -> bytes:
        """All numbers as one compressed string of bytes, as it is stored."""
        return zlib.compress(self._weights.tobytes() + self._squares.tobytes(), 1)

    def shares(self, evidence: Evidence) -> dict[Category, float]:
        """How probable each category is; they add up to one."""
        return dict(zip(CATEGORIES, self._shares(_features(evidence), evidence.totals), strict=True))

    def learn(self, evidence: Evidence, category: Category) -> None:
        """Correct every weight that took part, by its share in the error."""
        features = _features(evidence)
        shares = self._shares(features, evidence.totals)
        for column, share in enumerate(shares):
            error = share - (CATEGORIES[column] == category)
            for feature in features:
                self._correct(feature.place + column, error * feature.value)

    def reasons(self, evidence: Evidence, category: Category) -> list[str]:
        """The learnt words that spoke most for a category against the others, in one line; none where none did."""
        pulls = {feature.name: self._pull(feature, CATEGORIES.index(category)) for feature in _features(evidence)}
        named: list[str] = []
        for name in sorted(pulls, key=lambda name: (-pulls[name], -len(name), name)):
            if pulls[name] <= 0 or len(named) == REASONS:
                break
            if not any(name in longer for longer in named):
                named.append(name)
        return [f"learnt: {', '.join(named)} ({sum(pulls[name] for name in named):.1f})"] if named else []

    def _pull(self, feature: Feature, column: int) -> float:
        """How much further a feature draws towards one category than towards the mean of the others."""
        weights = self._weights[feature.place : feature.place + len(CATEGORIES)]
        others = (sum(weights) - weights[column]) / (len(CATEGORIES) - 1)
        return feature.value * (weights[column] - others)

    def _shares(self, features: Sequence[Feature], totals: Mapping[Category, float]) -> list[float]:
        sums = [PRIOR * totals[category] for category in CATEGORIES]
        for column in range(len(CATEGORIES)):
            sums[column] += sum(self._weights[feature.place + column] * feature.value for feature in features)
        highest = max(sums)
        powers = [exp(weight - highest) for weight in sums]
        return [power / sum(powers) for power in powers]

    def _correct(self, at: int, slope: float) -> None:
        self._squares[at] += slope * slope
        self._weights[at] -= STEP * slope / sqrt(CAUTION + self._squares[at])


def _features(evidence: Evidence) -> list[Feature]:
    words = words_of(evidence.text)
    value = 1 / sqrt(len(words) + 1)
    classes = {name: CLASS * min(weight, MOST_CLASS) for name, weight in evidence.classes.items()}
    return [Feature(name, _place(name), strength) for name, strength in (dict.fromkeys(words, value) | classes).items()]


def _place(name: str) -> int:
    return zlib.crc32(name.encode()) % PLACES * len(CATEGORIES)


def _nothing() -> "array[float]":
    return array("f", bytes(4 * PLACES * len(CATEGORIES)))
