"""The regulation as a clock sees it: which targets, due when, warned when, escalated when. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from shared.contracts.values import Milestone, Role, Rung
from shared.regulations import Regulation, Target
from shared.worktime import Deadline, Duration

if TYPE_CHECKING:
    from services.sla.model import Clock


class RiseAt(NamedTuple):
    """One rung of the ladder, and when it is climbed if nothing happens."""

    at: datetime
    rung: Rung
    role: Role


class Rules:
    """One regulation pack and its calendar, asked on behalf of one clock."""

    def __init__(self, regulation: Regulation) -> None:
        self._regulation = regulation
        self._calendar = regulation.working_calendar

    def targets(self, clock: "Clock") -> dict[Milestone, Target]:
        """What is promised for a complaint of this severity, channel and customer."""
        return self._regulation.targets_for(
            severity=clock.severity, written=clock.written, channel=clock.channel, tier=clock.tier
        )

    def due(self, start: datetime, within: str) -> datetime:
        """When a target of `within` that starts at `start` is due."""
        return self._calendar.due_at(start, Duration.parse(within))

    def deadline(self, start: datetime, within: str) -> Deadline:
        """The same with its derivation in words."""
        return self._calendar.deadline(start, Duration.parse(within))

    def later(self, due_at: datetime, within: str, since: datetime, until: datetime) -> datetime:
        """`due_at` moved by the time waited: elapsed time for targets in hours, working time for those in days."""
        if Duration.parse(within).elapsed is not None:
            return due_at + (until - since)
        return self._calendar.add_worktime(due_at, self._calendar.worktime_between(since, until))

    def warnings(self, start: datetime, due_at: datetime) -> Sequence[datetime]:
        """The warning points of a target, oldest first: shares of the time between its start and its due time."""
        return [start + (due_at - start) * share for share in self._regulation.warnings]

    def ladder(self, due_at: datetime) -> Sequence[RiseAt]:
        """The rungs that are climbed after a breach at `due_at`, lowest first."""
        return [
            RiseAt(self._calendar.due_at(due_at, rise.after), rise.rung, rise.role) for rise in self._regulation.ladder
        ]
