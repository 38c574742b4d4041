"""The regulation as a clock sees it: which targets, due when, warned when, who is told when. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from services.sla.counting import CountedBy, counted_by
from shared.contracts.values import Milestone, Role, Rung, Severity
from shared.handling import Context
from shared.regulations import Regulation, Target
from shared.worktime import Calendar, Deadline, Duration

if TYPE_CHECKING:
    from services.sla.model import Clock, Promise
    from services.sla.model.targets import Promising

MOST_REMEMBERED = 4096
"""Warnings remembered: whatever happens to a new complaint has its clock look again for the next of the same."""


class RiseAt(NamedTuple):
    """One rung of the ladder, and when it is climbed if nothing happens."""

    at: datetime
    rung: Rung
    role: Role


class Rules:
    """One regulation pack and one edition of its calendar (the one in force, unless another is given)."""

    def __init__(self, regulation: Regulation, calendar: Calendar | None = None) -> None:
        self._regulation = regulation
        self._calendar = calendar or regulation.working_calendar

    @property
    def counted_by(self) -> CountedBy:
        """The edition of the calendar that deadlines are counted by."""
        return counted_by(self._calendar.name, self._calendar.version)

    def counting_by(self, counted_by: CountedBy) -> Self:
        """The same regulation with another edition of the calendar. Raises `NotYet` for one not heard of here."""
        return type(self)(self._regulation, counted_by.known)

    @classmethod
    def of(cls, clock: "Clock", context: Context[Any]) -> Self:
        """What counts for a clock: its version of the pack, and the edition of the calendar it was counted by so far.

        Raises `NotYet` where this replica has not heard of the version or the edition.
        """
        return cls(context.regulation_of(clock), clock.counted_by.known)

    def targets(self, clock: "Promising") -> Mapping[Milestone, Target]:
        """What is promised for a complaint of this severity, channel and customer."""
        return self._regulation.targets_for(
            severity=clock.severity, written=clock.written, channel=clock.channel, tier=clock.tier
        )

    def knows(self, milestone: Milestone) -> bool:
        """Whether the regulation promises this milestone to anybody."""
        return any(target.milestone == milestone for target in self._regulation.targets)

    def due(self, start: datetime, within: str) -> datetime:
        """When a target of `within` that starts at `start` is due."""
        return self._calendar.due_at(start, Duration.parse(within))

    def later(self, due_at: datetime, within: str, since: datetime, until: datetime) -> datetime:
        """`due_at` moved by the time waited: elapsed time for targets in hours, working time for those in days."""
        return self._calendar.later(due_at, Duration.parse(within), since, until)

    def warning(self, promise: "Promise") -> datetime | None:
        """When a promise is warned of next; None where it has been warned of as often as the regulation says."""
        if promise.warnings_given >= len(self._regulation.warnings):
            return None
        share = self._regulation.warnings[promise.warnings_given]
        return _warned_at(promise.started_at, promise.within, promise.due_at, self._calendar, share)

    def rise(self, severity: Severity, promise: "Promise") -> RiseAt | None:
        """The next rung that is climbed after the breach of a promise; None where it stands on the highest."""
        rises = self._regulation.ladder_for(severity)
        if promise.rungs_climbed >= len(rises):
            return None
        rise = rises[promise.rungs_climbed]
        return RiseAt(self._calendar.due_at(promise.due_at, rise.after), rise.rung, rise.role)

    def again(self, severity: Severity, at: datetime) -> datetime | None:
        """When the top rung, climbed at `at`, is climbed again; None where the regulation has no ladder."""
        rises = self._regulation.ladder_for(severity)
        return self._calendar.due_at(at, rises[-1].interval) if rises else None

    def alerts(self, severity: Severity, at: datetime) -> Sequence[tuple[Role, datetime]]:
        """Who is told at once of a complaint of this severity that came in at `at`, and by when they must have seen."""
        return [
            (alert.role, self._calendar.due_at(at, alert.within)) for alert in self._regulation.alerts_for(severity)
        ]

    def above(self, role: Role, severity: Severity) -> Role | None:
        """The next role on the ladder; the highest where this role is not on it, None where nobody stands higher."""
        roles = [rise.role for rise in self._regulation.ladder_for(severity)]
        higher = roles[roles.index(role) + 1 :] if role in roles else roles[-1:]
        return next((other for other in higher if other != role), None)

    def standstill(self, first: datetime) -> timedelta | None:
        """How long the clock may stand still altogether, its first pause beginning at `first`; None without a limit.

        A limit in hours is elapsed time; one in days is the working time of the working days that follow.
        """
        if (pauses := self._regulation.pauses) is None:
            return None
        if pauses.most.elapsed is not None:
            return pauses.most.elapsed
        close = self._calendar.close_of(self._calendar.day_of(first))
        return self._calendar.worktime_between(close, self._calendar.due_at(first, pauses.most))

    def stood(self, since: datetime, until: datetime) -> timedelta:
        """How much of what `standstill` allows is used up between two moments."""
        return until - since if self._pauses_elapse else self._calendar.worktime_between(since, until)

    def goes_on(self, since: datetime, left: timedelta) -> datetime:
        """When a clock that stands still since then goes on by itself, so much of `standstill` being left."""
        return since + left if self._pauses_elapse else self._calendar.add_worktime(since, left)

    @property
    def _pauses_elapse(self) -> bool:
        pauses = self._regulation.pauses
        return pauses is not None and pauses.most.elapsed is not None


@lru_cache(MOST_REMEMBERED)
def _warned_at(start: datetime, within: str, due_at: datetime, calendar: Calendar, share: float) -> datetime:
    return Deadline(start, Duration.parse(within), due_at, calendar).warning_at(share)
