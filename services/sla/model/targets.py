"""What is promised: targets set, kept, broken, adjusted and moved by rule."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic import Field

from services.sla.counting import CountedBy, counting
from services.sla.model.pause import Pause
from services.sla.model.promise import OWN, PAUSABLE, Promise
from services.sla.rules import Rules
from shared.aggregate import Governed
from shared.contracts.sla import (
    TargetAtRisk,
    TargetBreached,
    TargetDropped,
    TargetEvent,
    TargetMet,
    TargetMoved,
    TargetSet,
)
from shared.contracts.values import Channel, Department, Instant, Milestone, Severity, Tier
from shared.regulations import Target
from shared.regulations.parts import Start


class Promising(Governed):
    """A complaint's promises: which there are follows from its severity, channel and customer.

    `early` holds what was done before it was promised, such as an investigation before the matter was graded as one
    that needs it.
    """

    channel: Channel
    written: bool = False
    tier: Tier = "standard"
    severity: Severity = "general"
    department: Department | None = None
    respondent: str = ""
    concerned: list[Department] = Field(default_factory=list)
    received_at: Instant
    accepted_at: Instant | None = None
    counted_by: CountedBy = CountedBy()
    promises: list[Promise] = Field(default_factory=list)
    pauses: list[Pause] = Field(default_factory=list)
    early: dict[Milestone, Instant] = Field(default_factory=dict)

    def _set_targets(
        self,
        rules: Rules,
        start: Start,
        at: Instant,
        *,
        without: frozenset[str] = frozenset(),
        on_receipt: bool = False,
    ) -> None:
        """Promise what counts from here; what is not on the receipt is told besides."""
        known = {promise.milestone for promise in self.promises} | without
        for milestone, target in rules.targets(self).items():
            if target.starts == start and milestone not in known:
                promise = self._promise(target, at, rules)
                if not on_receipt:
                    self._say_moved(promise, None, at)

    def _promise(self, target: Target, at: Instant, rules: Rules, round: int = 1) -> Promise:
        within = str(target.within)
        due_at = rules.due(at, within)
        promise = Promise(
            milestone=target.milestone,
            within=within,
            clause=target.clause,
            started_at=at,
            due_at=due_at,
            first_due_at=due_at,
            round=round,
            counted_by=rules.counted_by,
        )
        self.promises.append(promise)
        self.record(self._event(TargetSet, promise, at))
        if target.milestone in self.early:
            self._keep(promise, self.early.pop(target.milestone), rules)
        return promise

    def _meet(self, milestone: Milestone, at: Instant, rules: Rules, by: str = "") -> None:
        """What was promised has been done, or will have been should it be promised yet; what was done first counts."""
        promise = next((promise for promise in reversed(self.promises) if promise.milestone == milestone), None)
        if promise is None and rules.knows(milestone):
            self.early[milestone] = min(at, self.early.get(milestone, at))
        elif promise and (promise.state == "open" or promise.was_open_at(at)):
            self._keep(promise, at, rules, by)

    def _keep(self, promise: Promise, at: Instant, rules: Rules, by: str = "") -> None:
        """It was kept at a moment; a breach after that, taken for one before this was heard of, is none."""
        was_settled, promise.met_at = promise.state != "open", at
        if was_settled:
            self._count(promise, at, rules.counting_by(promise.counted_by), as_of=at)
        elif any(pause.since < at and (pause.stopped_until() or at) >= at for pause in self.pauses):
            self._count(promise, at, rules, as_of=at)
        if promise.breached_at and at <= promise.breached_at:
            promise.breached_at = None
        if at > promise.due_at and promise.breached_at is None:
            self._breach(promise)
        promise.state, promise.cancelled_at = "met", None
        self.record(self._event(TargetMet, promise, at, by=by))

    def _warn(self, promise: Promise, rules: Rules, now: Instant) -> None:
        given = promise.warnings_given
        while (warning := rules.warning(promise)) and warning <= now:
            promise.warnings_given += 1
        if promise.warnings_given > given and promise.due_at > now:
            self.record(self._event(TargetAtRisk, promise, now))

    def _breach(self, promise: Promise) -> None:
        promise.breached_at = promise.due_at
        self.record(self._event(TargetBreached, promise, promise.due_at))

    def _adjust(self, rules: Rules, at: Instant) -> None:
        """Other targets count now: limits change from the same beginning; what is no longer promised is due no more."""
        targets = rules.targets(self)
        for promise in self.promises:
            if promise.state == "open" or (promise.state == "cancelled" and not self.is_final):
                self._follow_rule(promise, targets.get(promise.milestone), rules, at)
        if not self.is_final:
            self._set_targets(rules, "receipt", self.received_at)
            if self.accepted_at:
                self._set_targets(rules, "acceptance", self.accepted_at)

    def _follow_rule(self, promise: Promise, target: Target | None, rules: Rules, at: Instant) -> None:
        if target is None:
            if promise.state == "open" and not promise.breached_at:
                promise.cancel(at)
                self.record(self._event(TargetDropped, promise, at))
            return
        is_due_again, before = promise.state == "cancelled", promise.due_at
        promise.state, promise.cancelled_at, promise.clause = "open", None, target.clause
        if is_due_again or str(target.within) != promise.within:
            promise.within = str(target.within)
            self._count(promise, promise.started_at, rules)
        if is_due_again and promise.due_at == before:
            self._say_moved(promise, None, at)

    def _count(self, promise: Promise, at: Instant, rules: Rules, as_of: Instant | None = None) -> None:
        """Count the deadline again from its start, the pauses included, and say so where it has moved."""
        promise.counted_by = rules.counted_by
        before, promise.due_at = promise.due_at, rules.due(promise.started_at, promise.within)
        for pause in self.pauses_of(promise):
            until = pause.stopped_until(as_of)
            if until and promise.started_at < until and pause.since < promise.due_at:
                since = max(pause.since, promise.started_at)
                promise.due_at = rules.later(promise.due_at, promise.within, since, until)
        if promise.due_at != before:
            self.record(self._event(TargetSet, promise, at))
            self._say_moved(promise, before, at, as_of)

    def _say_moved(self, promise: Promise, before: Instant | None, at: Instant, as_of: Instant | None = None) -> None:
        """Say apart what the receipt does not say, for those who know the receipt; not what nobody waits for."""
        if promise.milestone not in OWN:
            told = counting(promise, self, as_of)
            self.record(self._event(TargetMoved, promise, at, before=before, counting=told))

    def pauses_of(self, promise: Promise) -> list[Pause]:
        """The pauses that count for a promise: none after it was kept."""
        pauses = self.pauses if promise.milestone in PAUSABLE else []
        return [pause for pause in pauses if promise.met_at is None or pause.since < promise.met_at]

    @property
    def _rounds(self) -> int:
        return sum(promise.milestone == "resolution" for promise in self.promises)

    def _open(self, milestone: Milestone) -> Promise | None:
        return next((promise for promise in self._still_open() if promise.milestone == milestone), None)

    def _still_open(self) -> list[Promise]:
        return [promise for promise in self.promises if promise.state == "open"]

    def _event(self, kind: Callable[..., TargetEvent], promise: Promise, at: datetime, **more: Any) -> TargetEvent:
        return kind(
            milestone=promise.milestone,
            due_at=promise.due_at,
            department=self.department,
            severity=self.severity,
            lateness=(at - promise.due_at).total_seconds(),
            **more,
        )
