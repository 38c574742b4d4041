"""How many promises came to what, and by how much the late ones were late. Pure."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import fmean

from services.sla.conformance.verdicts import Finding, Verdict

COUNTED: tuple[Verdict, ...] = ("met", "moved", "missed")
"""The verdicts that stand; the others are still open, or not applicable."""


@dataclass
class Tally:
    """What a number of promises came to."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    late: list[timedelta] = field(default_factory=list)
    paused: int = 0
    waited: timedelta = timedelta()

    def add(self, finding: Finding) -> None:
        """Count one promise."""
        self.verdicts[finding.verdict] += 1
        if finding.verdict in ("moved", "missed"):
            self.late.append(max(finding.late, timedelta()))
        self.paused += bool(finding.waited)
        self.waited += finding.waited

    @property
    def on_time(self) -> float | None:
        """The share (0 to 1) of what was met by its first deadline; None where no verdict stands yet."""
        counted = sum(self.verdicts[verdict] for verdict in COUNTED)
        return self.verdicts["met"] / counted if counted else None

    @property
    def mean_lateness(self) -> timedelta | None:
        """By how much the late ones were late on average; None where none was."""
        return timedelta(seconds=fmean(map(timedelta.total_seconds, self.late))) if self.late else None

    @property
    def p90_lateness(self) -> timedelta | None:
        """What nine in ten of the late ones were not later than (nearest rank); None where none was late."""
        return sorted(self.late)[-(-9 * len(self.late) // 10) - 1] if self.late else None
