"""How anything is measured here: Redress and the plain program by turns, several rounds, the median of each."""

import statistics
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Protocol

from bench.ground import Ground

Figures = dict[str, float]
"""Named results; the names are the keys of the JSON line that the benchmark ends with."""

NOT_OURS = frozenset({"mongod", "rabbitmq", "bench"})


@dataclass(frozen=True)
class Plan:
    """How much to measure: rounds of each side, seconds that a round should take, complaints to grow from and to.

    Of clocks: how many are armed, how many of them fall due, how many stand on the board, and how many are recounted.
    """

    rounds: int
    seconds: float
    few: int
    many: int
    armed: int
    due: int
    clocks: int
    supervised: int
    burst: int
    recounted: int
    timers: int
    told: Callable[[str], None]
    """Is told what was just finished."""

    def at_most(self, rounds: int) -> "Plan":
        """The same for a measurement whose rounds are long."""
        return replace(self, rounds=min(self.rounds, rounds))


class Measure(Protocol):
    """One measurement."""

    async def __call__(self, ground: Ground, plan: Plan) -> Figures:
        """Measure on this ground according to this plan."""


async def by_turns(plan: Plan, name: str, *sides: Callable[[], Awaitable[Figures]]) -> list[Figures]:
    """Each side in turn, `rounds` times; the medians of each side's figures."""
    rounds: list[list[Figures]] = [[] for _ in sides]
    for number in range(plan.rounds):
        for side, results in zip(sides, rounds, strict=True):
            results.append(await side())
            plan.told(f"{name}, round {number + 1}")
    return [medians(results) for results in rounds]


def medians(rounds: Sequence[Figures]) -> Figures:
    """The median of each figure over the rounds."""
    return {name: statistics.median(figures[name] for figures in rounds) for name in rounds[0]}


def percentile(values: Iterable[float], share: float = 0.99) -> float:
    """The value that `share` of all values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, round(share * len(ordered)) - 1))]


def furthest_overtaking(places: Sequence[int]) -> int:
    """By how many places, at most, one came before another that stood ahead of it; `places` in the order they came."""
    return max(latest - place for latest, place in zip(accumulate(places, max), places, strict=True))


def named(prefix: str, figures: Mapping[str, float]) -> Figures:
    """The same figures, their names prefixed."""
    return {f"{prefix}_{name}": value for name, value in figures.items()}


def cpu_ms(before: Mapping[str, float], after: Mapping[str, float], count: int) -> Figures:
    """Milliseconds of processor time for each of `count` complaints: by process, and all our own processes together."""
    spent = {name: 1000 * (after[name] - before[name]) / count for name in after}
    own = sum(ms for name, ms in spent.items() if name not in NOT_OURS)
    return named("cpu_ms", spent | {"own": own})
