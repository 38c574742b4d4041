"""A clock: the targets of one complaint, and what time does to them."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import zip_longest
from typing import ClassVar, Literal

from pydantic import computed_field

from services.sla.promise import Pause, Placement, Promise
from services.sla.rules import Rules
from shared.aggregate import Staged, Transitions
from shared.contracts.sla import Escalated, TargetAtRisk, TargetBreached, TargetEvent, TargetMet, TargetSet
from shared.contracts.values import Channel, Department, Instant, Milestone, Outcome, Severity, Tier
from shared.errors import NotYet
from shared.regulations import Target

Standing = Literal["breached", "at-risk", "paused", "running", "ended"]
"""Where a clock stands on the board."""

NEVER = datetime(9998, 12, 31, tzinfo=UTC)
"""When a clock is urgent by which nothing is due: after all others."""

PAUSABLE: frozenset[Milestone] = frozenset({"resolution", "investigation", "measures"})
"""What waits while somebody is asked for something; the receipt and the decision never do."""

AFTER_THE_END: frozenset[Milestone] = frozenset({"measures", "survey", "filing"})
"""What is still due when the complaint is closed."""


class Clock(Staged):
    """The deadlines of one complaint. A breach, once it happened, stays on record whatever comes after."""

    TRANSITIONS: ClassVar[Transitions] = {
        "running": frozenset({"paused", "ended"}),
        "paused": frozenset({"running", "ended"}),
        "ended": frozenset(),
    }

    status: Literal["running", "paused", "ended"] = "running"
    regulation: str
    regulation_version: str
    channel: Channel
    written: bool = False
    tier: Tier = "standard"
    severity: Severity = "general"
    department: Department | None = None
    received_at: Instant
    accepted_at: Instant | None = None
    graded_at: Instant | None = None
    ended_at: Instant | None = None
    placements: list[Placement] = []
    promises: list[Promise] = []
    pauses: list[Pause] = []

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorators on properties
    @property
    def standing(self) -> Standing:
        """Where it stands on the board, and in its index: late comes before in danger, that before waiting."""
        if any(promise.breached_at for promise in self.promises if promise.state == "open"):
            return "breached"
        return "at-risk" if any(promise.warnings_given for promise in self._ticking()) else self.status

    @computed_field  # type: ignore[prop-decorator]  # as above
    @property
    def urgent_at(self) -> Instant:
        """What the board is ordered by: when the next open promise falls due, or the first one fell due."""
        return self.next_due_at or NEVER

    @property
    def next_due_at(self) -> Instant | None:
        """When the next open promise falls due, or the first one fell due; None where nothing is."""
        return min((promise.due_at for promise in self.promises if promise.state == "open"), default=None)

    def department_at(self, moment: Instant) -> Department | None:
        """The department that had the complaint at a moment; before it was given to any, the first that got it."""
        held = [placement.department for placement in self.placements if placement.since <= moment]
        return held[-1] if held else next((placement.department for placement in self.placements), None)

    def start(self, rules: Rules, now: Instant) -> None:
        """Set the targets that count from receipt."""
        self._set_targets(rules, "receipt", self.received_at)
        self._rewind(rules, now)

    def accepted(self, at: Instant, rules: Rules, now: Instant) -> None:
        """The complaint is admissible: the decision was made, and the targets that count from acceptance begin."""
        if self.is_final:
            return
        self.accepted_at = at
        self.meet("decision", at, rules, now)
        self._set_targets(rules, "acceptance", at)
        self._rewind(rules, now)

    def regrade(self, severity: Severity, at: Instant, rules: Rules, now: Instant) -> None:
        """The case was routed: another severity may mean other targets, counted from the same beginning."""
        if self.graded_at and at < self.graded_at:
            return
        self.graded_at = at
        if severity != self.severity:
            self.severity = severity
            self._adjust(rules)
        self._rewind(rules, now)

    def hand_over(self, department: Department, at: Instant) -> None:
        """A department answers from now on; its deadlines stay what they were."""
        self.placements.append(Placement(since=at, department=department))
        self.placements.sort(key=lambda placement: placement.since)
        self.department = self.placements[-1].department

    def meet(self, milestone: Milestone, at: Instant, rules: Rules, now: Instant) -> None:
        """What was promised has been done; a repeated message changes nothing."""
        promise = self._open(milestone)
        if promise is None:
            return
        if at > promise.due_at and promise.breached_at is None:
            self._breach(promise)
        promise.state, promise.met_at = "met", at
        self.record(self._event(TargetMet, promise, at))
        self._rewind(rules, now)

    def resolved(self, round: int, at: Instant, rules: Rules, now: Instant) -> None:
        """The department has answered in this round: reply and resolution are done, in time or late."""
        if not self.is_final and 0 < self._rounds < round:
            raise NotYet(f"{self.number} has not been reopened yet")
        self.meet("first-reply", at, rules, now)
        self.meet("resolution", at, rules, now)

    def pause(self, reason: str, waiting_for: str, at: Instant, rules: Rules, now: Instant) -> None:
        """Somebody is waited for: what is pausable stands still."""
        if not self._follow("paused"):
            return
        ends = self._ends()
        self.pauses.append(Pause(since=at, reason=reason, waiting_for=waiting_for))
        self._pair(ends)
        self._rewind(rules, now)

    def resume(self, at: Instant, rules: Rules, now: Instant) -> None:
        """The waiting is over: what was paused is due later by the working time spent waiting."""
        if self.status == "paused" and at < self.pauses[0].since:
            raise NotYet(f"{self.number} was paused after this, the pause that ended here is not known yet")
        if not self._follow("running"):
            return
        self._pair([*self._ends(), at])
        for promise in self._paused():
            self._move_due(promise, at, rules)
        self._rewind(rules, now)

    def reopen(self, at: Instant, rules: Rules, now: Instant) -> None:
        """The answer did not hold: a new promise to resolve begins, the old one stays on record with its breach."""
        if self.is_final:
            return
        if self._open("resolution"):
            raise NotYet(f"{self.number} has not been resolved yet")
        if target := rules.targets(self).get("resolution"):
            self._promise(target, at, rules, round=self._rounds + 1)
        self._rewind(rules, now)

    def close(self, outcome: Outcome, at: Instant, rules: Rules, now: Instant) -> None:
        """The complaint is closed. Raises `NotYet` where that has overtaken the answer it was closed with."""
        answered = outcome not in ("withdrawn", "declined")
        if answered and not self.is_final and self._open("resolution"):
            raise NotYet(f"{self.number} has not been resolved yet")
        self.end(at, rules, now)

    def end(self, at: Instant, rules: Rules, now: Instant) -> None:
        """The matter is finished; what can no longer be done is no longer due, what was due by then was broken."""
        overdue = [promise for promise in self._ticking() if promise.due_at < at and promise.breached_at is None]
        if not self._follow("ended"):
            return
        self.ended_at = at
        for promise in overdue:
            self._breach(promise)
        for promise in self.promises:
            if promise.state == "open" and promise.milestone not in AFTER_THE_END:
                promise.state = "cancelled"
        self._set_targets(rules, "agreement", at)
        self._rewind(rules, now)

    def ring(self, rules: Rules, now: Instant) -> None:
        """Warn, breach and escalate whatever has become due by `now`."""
        for promise in self._ticking():
            self._warn(promise, rules, now)
            if promise.due_at <= now and promise.breached_at is None:
                self._breach(promise)
            if promise.breached_at:
                self._climb(promise, rules, now)
        self._rewind(rules, now)

    def _warn(self, promise: Promise, rules: Rules, now: Instant) -> None:
        passed = sum(moment <= now for moment in rules.warnings(promise.started_at, promise.due_at))
        if passed > promise.warnings_given and promise.due_at > now:
            self.record(self._event(TargetAtRisk, promise, now))
        promise.warnings_given = max(passed, promise.warnings_given)

    def _breach(self, promise: Promise) -> None:
        promise.breached_at = promise.due_at
        self.record(self._event(TargetBreached, promise, promise.due_at))

    def _climb(self, promise: Promise, rules: Rules, now: Instant) -> None:
        ladder = rules.ladder(promise.due_at)
        while promise.rungs_climbed < len(ladder) and ladder[promise.rungs_climbed].at <= now:
            rise = ladder[promise.rungs_climbed]
            promise.rungs_climbed += 1
            self.record(
                Escalated(milestone=promise.milestone, rung=rise.rung, role=rise.role, department=self.department)
            )

    def _rewind(self, rules: Rules, now: Instant) -> None:
        """Set the alarm to the next thing that time will do."""
        moments: list[datetime] = []
        for promise in self._ticking():
            moments += rules.warnings(promise.started_at, promise.due_at)[promise.warnings_given :]
            if promise.breached_at is None:
                moments.append(promise.due_at)
            moments += [rise.at for rise in rules.ladder(promise.due_at)[promise.rungs_climbed :]]
        self.wake_at(*moments)

    def _set_targets(self, rules: Rules, start: str, at: Instant) -> None:
        known = {promise.milestone for promise in self.promises}
        for milestone, target in rules.targets(self).items():
            if target.starts == start and milestone not in known:
                self._promise(target, at, rules)

    def _promise(self, target: Target, at: Instant, rules: Rules, round: int = 1) -> None:
        promise = Promise(
            milestone=target.milestone,
            within=str(target.within),
            clause=target.clause,
            started_at=at,
            due_at=rules.due(at, str(target.within)),
            round=round,
        )
        self.promises.append(promise)
        self.record(self._event(TargetSet, promise, at))

    def _adjust(self, rules: Rules) -> None:
        targets = rules.targets(self)
        for promise in self.promises:
            target = targets.get(promise.milestone)
            if promise.state != "open" or target is None or str(target.within) == promise.within:
                continue
            promise.within, promise.clause = str(target.within), target.clause
            self._move_due(promise, promise.started_at, rules)
        if not self.is_final:
            self._set_targets(rules, "receipt", self.received_at)
            if self.accepted_at:
                self._set_targets(rules, "acceptance", self.accepted_at)

    def _move_due(self, promise: Promise, at: Instant, rules: Rules) -> None:
        """Count the deadline again from its start, the pauses included, and say so where it has moved."""
        before, promise.due_at = promise.due_at, rules.due(promise.started_at, promise.within)
        for pause in self.pauses if promise.milestone in PAUSABLE else ():
            if pause.until and promise.started_at < pause.until and pause.since < promise.due_at:
                since = max(pause.since, promise.started_at)
                promise.due_at = rules.later(promise.due_at, promise.within, since, pause.until)
        if promise.due_at != before:
            self.record(self._event(TargetSet, promise, at))

    def _pair(self, ends: list[Instant]) -> None:
        """Give each pause its end by time, in whatever order the messages have come."""
        self.pauses.sort(key=lambda pause: pause.since)
        for pause, end in zip_longest(self.pauses, sorted(ends)):
            pause.until = end

    def _ends(self) -> list[Instant]:
        return [pause.until for pause in self.pauses if pause.until]

    @property
    def _rounds(self) -> int:
        return sum(promise.milestone == "resolution" for promise in self.promises)

    def _open(self, milestone: Milestone) -> Promise | None:
        return next((p for p in self.promises if p.milestone == milestone and p.state == "open"), None)

    def _paused(self) -> list[Promise]:
        return [promise for promise in self.promises if promise.state == "open" and promise.milestone in PAUSABLE]

    def _ticking(self) -> list[Promise]:
        still = PAUSABLE if self.status == "paused" else frozenset()
        return [promise for promise in self.promises if promise.state == "open" and promise.milestone not in still]

    def _event(self, kind: Callable[..., TargetEvent], promise: Promise, at: datetime) -> TargetEvent:
        return kind(
            milestone=promise.milestone,
            due_at=promise.due_at,
            department=self.department,
            severity=self.severity,
            lateness=(at - promise.due_at).total_seconds(),
        )
