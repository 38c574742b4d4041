"""The clock itself: what happens to a complaint, and what that does to its deadlines."""

from collections.abc import Mapping
from typing import ClassVar

from services.sla.counting import Move
from services.sla.model.pause import Pause, limit, pair
from services.sla.model.promise import PAUSABLE
from services.sla.model.standing import Placed
from services.sla.rules import Rules
from shared.aggregate import Transitions
from shared.contracts.sla import TargetSet
from shared.contracts.values import Department, Instant, Milestone, Outcome, Severity
from shared.errors import Invalid, NotYet
from shared.regulations.parts import AFTER_AGREEMENT


class Clock(Placed):
    """The deadlines of one complaint. A breach, once it happened, stays on record whatever comes after."""

    TRANSITIONS: ClassVar[Transitions] = {
        "running": frozenset({"paused", "ended"}),
        "paused": frozenset({"running", "ended"}),
        "ended": frozenset(),
    }

    graded_at: Instant | None = None
    ended_at: Instant | None = None
    closed_at: Instant | None = None
    has_measures: bool = False
    """Whether the answer named anything that has to be carried out."""

    def start(self, rules: Rules, now: Instant) -> None:
        """Set the targets that count from receipt, by the calendar in force; of grave matters leaders hear at once."""
        self.counted_by = rules.counted_by
        self._set_targets(rules, "receipt", self.received_at, on_receipt=True)
        self._alert(rules, now)
        self._rewind(rules, now)

    def accepted(self, at: Instant, rules: Rules, now: Instant) -> None:
        """The complaint is admissible: the decision was made, and the targets that count from acceptance begin."""
        if self.is_final:
            return
        self.accepted_at = at
        self._meet("decision", at, rules)
        self._set_targets(rules, "acceptance", at)
        self._rewind(rules, now)

    def regrade(self, severity: Severity, at: Instant, rules: Rules, now: Instant) -> None:
        """The case was routed: another severity may mean other targets, counted from the same beginning."""
        if self.graded_at and at < self.graded_at:
            return
        self.graded_at = at
        if severity != self.severity:
            self.severity = severity
            self._adjust(rules, at)
            self._alert(rules, now)
            self._rewind(rules, now)

    def recount(self, rules: Rules, now: Instant) -> list[Move]:
        """Count what is open by another edition of the calendar; a breach that has happened stays on record."""
        if self.counted_by.covers(rules.counted_by):
            return []
        before, self.counted_by = self._due_times(), rules.counted_by
        self._stand_or_run(rules, now)
        for promise in self._still_open():
            self._count(promise, now, rules)
        self._rewind(rules, now)
        return self._moves_since(before)

    def go_over(self, rules: Rules, version: str, at: Instant, now: Instant) -> list[Move]:
        """Another version of the regulation counts from `at` on: open promises are held to its targets.

        Each is counted from its own beginning. Nothing happens where a later change has been heard of.
        """
        if not self.govern(version, at):
            return []
        before = self._due_times()
        self.recount(rules, now)
        rules = rules.counting_by(self.counted_by)
        self._adjust(rules, now)
        self._stand_or_run(rules, now)
        self._move_on(now, rules)
        self._rewind(rules, now)
        return self._moves_since(before)

    def hand_over(self, department: Department, at: Instant) -> None:
        """A department answers from now on; what another one had promised is promised by this one, by the same time."""
        before, now_with = self.department, self._place(department, at)
        for promise in self._still_open() if before not in (None, now_with) else ():
            self.record(self._event(TargetSet, promise, at))

    def act(self, at: Instant, rules: Rules, now: Instant) -> None:
        """The department has done something: what supervision has said so far was heeded."""
        self._acted(at)
        self._rewind(rules, now)

    def meet(self, milestone: Milestone, at: Instant, rules: Rules, now: Instant) -> None:
        """What was promised has been done; a repeated message changes nothing."""
        self._meet(milestone, at, rules)
        self._rewind(rules, now)

    def carry_out(self, by: str, at: Instant, rules: Rules) -> None:
        """The measures that were agreed have been carried out; said twice is said once.

        Raises `Invalid` where none were promised.
        """
        if not any(promise.milestone == "measures" for promise in self.promises):
            raise Invalid(f"No measures have been agreed on {self.number}.")
        self._meet("measures", at, rules, by)
        self._rewind(rules, at)

    def resolved(self, round: int, at: Instant, rules: Rules, now: Instant, *, has_measures: bool = False) -> None:
        """The department has answered in this round: reply, investigation and resolution are done, in time or late."""
        if self._behind(round, rules):
            raise NotYet(f"{self.number} has not been accepted or reopened yet")
        if not self.is_final and any(pause.until is None and pause.since <= at for pause in self.pauses):
            raise NotYet(f"{self.number} still waits for somebody; it goes on before it is resolved")
        self.has_measures = has_measures
        self._acted(at)
        for milestone in ("first-reply", "investigation", "resolution"):
            self._meet(milestone, at, rules)
        self._rewind(rules, now)

    def agreed(self, round: int, at: Instant, rules: Rules, now: Instant) -> None:
        """The complainant agrees with the answer: what it promised is to be carried out from now on (S12.3)."""
        if self._behind(round, rules) or (self._open("resolution") and not self.is_final):
            raise NotYet(f"{self.number} has not been resolved in round {round} yet")
        nothing_to_do = frozenset[str]() if self.has_measures else frozenset({"measures"})
        self._set_targets(rules, "agreement", at, without=nothing_to_do)
        self._rewind(rules, now)

    def pause(self, reason: str, waiting_for: str, at: Instant, rules: Rules, now: Instant) -> None:
        """Somebody is waited for: what is pausable stands still, as long as the regulation allows."""
        if self.is_final:
            return
        if self._waiting:
            raise NotYet(f"{self.number} is paused; the end of that pause is not known yet")
        ends = [pause.until for pause in self.pauses if pause.until]
        self.pauses.append(Pause(since=at, reason=reason, waiting_for=waiting_for))
        pair(self.pauses, ends)
        self._stand_or_run(rules, now)
        self._rewind(rules, now)

    def resume(self, at: Instant, rules: Rules, now: Instant) -> None:
        """The waiting is over: what was paused is due later by the time that counted as waiting."""
        if self.is_final:
            return
        if not self._waiting or at < self.pauses[0].since:
            raise NotYet(f"the pause of {self.number} that ended here is not known yet")
        pair(self.pauses, [*(pause.until for pause in self.pauses if pause.until), at])
        self._stand_or_run(rules, now)
        self._move_on(at, rules)
        self._rewind(rules, now)

    def reopen(self, at: Instant, rules: Rules, now: Instant) -> None:
        """The answer did not hold: a new promise to resolve begins, the old one stays on record with its breach."""
        if self.is_final:
            return
        target = rules.targets(self).get("resolution")
        if self._open("resolution") or (target and not self._rounds):
            raise NotYet(f"{self.number} has not been resolved yet")
        if target:
            before = max(promise.due_at for promise in self.promises if promise.milestone == "resolution")
            self._say_moved(self._promise(target, at, rules, round=self._rounds + 1), before, at)
        self._rewind(rules, now)

    def close(self, outcome: Outcome, at: Instant, rules: Rules, now: Instant) -> None:
        """The complaint is closed, and what counts from closing begins; without an answer there is no survey.

        Raises `NotYet` where the closing has overtaken the answer it was closed with.
        """
        answered = outcome not in ("withdrawn", "declined")
        if answered and not self.is_final and self._open("resolution"):
            raise NotYet(f"{self.number} has not been resolved yet")
        self.closed_at = at
        self._finish(at, rules)
        self._set_targets(rules, "closing", at, without=frozenset() if answered else frozenset({"survey"}))
        self._rewind(rules, now)

    def end(self, at: Instant, rules: Rules, now: Instant) -> None:
        """The matter is finished; what can no longer be done is no longer due, what was due by then was broken."""
        self._finish(at, rules)
        self._rewind(rules, now)

    def give_up_survey(self, rules: Rules, now: Instant) -> None:
        """The complainant was asked and did not say: that keeps nobody's promise and breaks none."""
        if self.closed_at is None:
            raise NotYet(f"{self.number} has not been closed yet")
        if promise := self._open("survey"):
            promise.cancel(now)
        self._rewind(rules, now)

    def see(self, notice: str, by: str, at: Instant, rules: Rules) -> None:
        """Somebody has seen a notice; who saw it first stays on record. Raises `NotFound`."""
        self._see(notice, by, at)
        self._rewind(rules, at)

    def ring(self, rules: Rules, now: Instant) -> None:
        """Go on, warn, breach and climb, whatever has become due by `now`."""
        if self.status == "paused":
            self._stand_or_run(rules, now)
            self._move_on(now, rules)
        for promise in self._ticking():
            self._warn(promise, rules, now)
            if promise.due_at <= now and promise.breached_at is None:
                self._breach(promise)
            if promise.breached_at:
                self._climb(promise, rules, now)
        self._climb_again(rules, now)
        self._rewind(rules, now)

    def _finish(self, at: Instant, rules: Rules) -> None:
        """End the matter: what was due by then was broken, a running pause counted; what is open is owed no more."""
        if self.is_final:
            return
        self._stand_or_run(rules, at)
        for promise in self._still_open():
            if self.pauses_of(promise):
                self._count(promise, at, rules, as_of=at)
            if promise.due_at < at and promise.breached_at is None:
                self._breach(promise)
        self._move("ended")
        self.ended_at = at
        for promise in self._still_open():
            if promise.milestone not in AFTER_AGREEMENT:
                promise.cancel(at)

    def _due_times(self) -> dict[tuple[Milestone, int], Instant]:
        return {(promise.milestone, promise.round): promise.due_at for promise in self._still_open()}

    def _moves_since(self, before: Mapping[tuple[Milestone, int], Instant]) -> list[Move]:
        """The open promises that were due at another time before; those that are new are none of them."""
        after = self._due_times()
        return [Move(key[0], before[key], due_at) for key, due_at in after.items() if before.get(key, due_at) != due_at]

    def _stand_or_run(self, rules: Rules, now: Instant) -> None:
        if self.is_final:
            return
        limit(self.pauses, rules, now)
        status = "paused" if any(pause.stands_still for pause in self.pauses) else "running"
        if status != self.status:
            self._move(status)

    def _move_on(self, at: Instant, rules: Rules) -> None:
        """Count what can be paused again, now that the clock has gone on."""
        for promise in self._still_open() if self.status == "running" else ():
            if promise.milestone in PAUSABLE:
                self._count(promise, at, rules)

    def _rewind(self, rules: Rules, now: Instant) -> None:
        """Set the alarm to the next thing that time will do."""
        moments: list[Instant | None] = [notice.until for notice in self._unheeded()]
        if self.status == "paused":
            moments.append(self.pauses[-1].goes_on_at)
        for promise in self._ticking():
            if promise.breached_at is None:
                moments += [rules.warning(promise), promise.due_at]
            elif rise := rules.rise(self.severity, promise):
                moments.append(rise.at)
        self.wake_at(*moments)

    def _behind(self, round: int, rules: Rules) -> bool:
        """Whether this round of answering has begun elsewhere, and here not yet."""
        return not self.is_final and self._rounds < round and "resolution" in rules.targets(self)

    @property
    def _waiting(self) -> bool:
        return any(pause.until is None for pause in self.pauses)
