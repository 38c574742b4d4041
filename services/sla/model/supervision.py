"""Supervision (督办): who is told what, and that it climbs until someone acts."""

from collections.abc import Callable, Mapping
from typing import get_args

from pydantic import Field, computed_field

from services.sla.model.notice import TOLD_NOBODY, Notice, Told
from services.sla.model.promise import Promise
from services.sla.model.targets import Promising
from services.sla.rules import Rules
from shared.contracts.sla import Alerted, Escalated, NoticeKind, NoticeSeen
from shared.contracts.values import Department, Instant, Milestone, Role, Severity
from shared.errors import NotFound

GRAVITY: tuple[Severity, ...] = get_args(Severity)
"""The severities, the gravest last."""


class Supervised(Promising):
    """A complaint's notices: alerts of a grave matter, and the rungs of the ladder after each breach.

    `acted_at` is when the department last did something; `alerted` is the gravest severity that was told at once.
    """

    notices: list[Notice] = Field(default_factory=list)
    acted_at: Instant | None = None
    alerted: Severity = "general"

    @computed_field  # type: ignore[prop-decorator]  # mypy does not know that pydantic takes properties
    @property
    def untold_since(self) -> Instant | None:
        """Since when a notice waits to be told; kept with the state, where it is indexed."""
        return min((notice.at for notice in self.notices if not notice.via), default=None)

    @computed_field  # type: ignore[prop-decorator]  # as above
    @property
    def noticed_at(self) -> Instant | None:
        """When the last notice was given; kept with the state, where it is indexed."""
        return max((notice.at for notice in self.notices), default=None)

    def notice(self, id: str) -> Notice:
        """One of its notices. Raises `NotFound`."""
        found = next((notice for notice in self.notices if notice.id == id), None)
        if found is None:
            raise NotFound(f"{self.number} has no notice {id}.")
        return found

    def note_told(self, told: Mapping[str, Told]) -> None:
        """Note how notices, by their id, were told; one that was given again meanwhile waits on."""
        for notice in self.notices:
            if (how := told.get(notice.id)) and how.given_at == notice.at:
                notice.via, notice.told_at = how.via, how.at

    def tell_again(self, can_be_told: Callable[[Role, Department | None], bool]) -> None:
        """What nobody could be told of waits again, where somebody can be now, has not seen it, and it still stands."""
        for notice in self.notices:
            lost = notice.via == TOLD_NOBODY and notice.seen_at is None and self._stands(notice)
            if lost and can_be_told(notice.role, notice.department):
                notice.via = ""

    def _acted(self, at: Instant) -> None:
        self.acted_at = max(at, self.acted_at or at)

    def _see(self, id: str, by: str, at: Instant) -> None:
        notice = self.notice(id)
        if notice.seen_at is None:
            notice.seen_by, notice.seen_at = by, at
            self.record(NoticeSeen(notice=id, notice_kind=notice.kind, role=notice.role, by=by))

    def _alert(self, rules: Rules, now: Instant) -> None:
        """Tell at once whoever has to know of a matter as grave as this; what was told before is told no more."""
        if self.is_final or GRAVITY.index(self.severity) <= GRAVITY.index(self.alerted):
            return
        self.alerted = self.severity
        for role, until in rules.alerts(self.severity, now):
            self._give("alert", role, now, until)

    def _climb(self, promise: Promise, rules: Rules, now: Instant) -> None:
        while (rise := rules.rise(self.severity, promise)) and rise.at <= now:
            promise.rungs_climbed += 1
            top = rules.rise(self.severity, promise) is None
            until = rules.again(self.severity, now) if top else None
            self._give(rise.rung, rise.role, now, until, promise.milestone)

    def _climb_again(self, rules: Rules, now: Instant) -> None:
        """Whatever nobody has heeded goes to the next in rank, or to the highest once more."""
        for notice in self._unheeded():
            if notice.until and notice.until <= now:
                above = rules.above(notice.role, self.severity) if notice.kind == "alert" else None
                if above:
                    self._pass_on(notice, above, now)
                else:
                    self._repeat(notice, now, rules.again(self.severity, now))

    def _pass_on(self, alert: Notice, above: Role, now: Instant) -> None:
        """An alert that was not seen in its time goes to the next in rank, who has as long; nobody is told twice."""
        allowed = (alert.until or now) - alert.at
        alert.until = None
        if not any(notice.kind == "alert" and notice.role == above for notice in self.notices):
            self._give("alert", above, now, now + allowed)

    def _repeat(self, notice: Notice, now: Instant, until: Instant | None) -> None:
        if until is None:
            notice.until = None
            return
        notice.give_again(now, until)
        self._say(notice)

    def _give(
        self, kind: NoticeKind, role: Role, at: Instant, until: Instant | None, milestone: Milestone | None = None
    ) -> None:
        notice = Notice(
            id=f"{kind}-{len(self.notices) + 1}",
            kind=kind,
            severity=self.severity,
            milestone=milestone,
            role=role,
            department=self.department,
            at=at,
            until=until,
        )
        self.notices.append(notice)
        self._say(notice)

    def _say(self, notice: Notice) -> None:
        if notice.milestone and notice.kind != "alert":
            rung, milestone = notice.kind, notice.milestone
            self.record(Escalated(milestone=milestone, rung=rung, role=notice.role, department=self.department))
        elif notice.until:
            self.record(
                Alerted(severity=self.severity, role=notice.role, department=self.department, seen_by_when=notice.until)
            )

    def _unheeded(self) -> list[Notice]:
        """The notices that climb again: not seen, nothing done since, and what they are about still to be done."""
        return [notice for notice in self.notices if notice.until and notice.seen_at is None and self._stands(notice)]

    def _stands(self, notice: Notice) -> bool:
        if self.acted_at and self.acted_at > notice.at:
            return False
        return self._open(notice.milestone) is not None if notice.milestone else not self.is_final
