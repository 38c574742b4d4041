"""Whatever happens to a clock, and whenever: what must never change does not."""

from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.sla.model import PAUSABLE, Clock
from services.sla.model.notice import Told
from shared.contracts.sla import TargetBreached, TargetMet
from shared.contracts.values import Milestone, Severity
from shared.errors import NotYet
from tests.sla.given import RECEIVED, a_clock, rules, said

RULES = rules("property")
MILESTONES: tuple[Milestone, ...] = ("acknowledgement", "first-reply", "resolution")
SEVERITIES: tuple[Severity, ...] = ("general", "major", "critical")

Key = tuple[str, int]


class ClockLife(RuleBasedStateMachine):
    """Time passes, messages come; the alarm rings whenever it is due, or a while later."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = a_clock("property")
        self.now = RECEIVED
        self.breaches: set[Key] = set()
        self.firsts: dict[Key, datetime] = {}
        self.seen: dict[str, int] = {}
        self.statuses = [self.clock.status]

    @rule(minutes=st.integers(1, 3 * 24 * 60))
    def time_passes_and_the_alarm_rings(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        if self.clock.alarm_at and self.clock.alarm_at <= self.now:
            self.clock.ring(RULES, self.now)
        assert self.clock.alarm_at is None or self.clock.alarm_at > self.now

    @rule()
    def the_matter_is_accepted(self) -> None:
        self.clock.accepted(self.now, RULES, self.now)

    @rule(severity=st.sampled_from(SEVERITIES))
    def the_case_is_routed(self, severity: Severity) -> None:
        self.clock.regrade(severity, self.now, RULES, self.now)

    @rule(milestone=st.sampled_from(MILESTONES))
    def a_promise_is_kept(self, milestone: Milestone) -> None:
        self.clock.meet(milestone, self.now, RULES, self.now)
        met = len(said(self.clock, TargetMet))
        self.clock.meet(milestone, self.now, RULES, self.now)
        assert len(said(self.clock, TargetMet)) == met

    @rule()
    def the_department_does_something(self) -> None:
        self.clock.act(self.now, RULES, self.now)

    @rule(department=st.sampled_from(["quality", "service"]))
    def the_case_is_transferred(self, department: str) -> None:
        dues = self._dues()
        self.clock.hand_over(department, self.now)
        assert self._dues() == dues

    @precondition(lambda self: self.clock.notices)
    @rule(data=st.data())
    def somebody_sees_a_notice(self, data: st.DataObject) -> None:
        notice = data.draw(st.sampled_from(self.clock.notices))
        self.clock.see(notice.id, "amy", self.now, RULES)
        self.seen[notice.id] = notice.times

    @rule()
    def everybody_is_told(self) -> None:
        waiting = {notice.id: Told(notice.at, "email", self.now) for notice in self.clock.notices if not notice.via}
        self.clock.note_told(waiting)
        assert self.clock.untold_since is None

    @precondition(lambda self: not self.clock.is_final and self._nobody_is_waited_for())
    @rule()
    def somebody_is_waited_for(self) -> None:
        dues = self._dues()
        self.clock.pause("invoice missing", "complainant", self.now, RULES, self.now)
        assert self._dues() == dues

    @precondition(lambda self: not self.clock.is_final and not self._nobody_is_waited_for())
    @rule()
    def the_waiting_is_over(self) -> None:
        dues = self._dues()
        self.clock.resume(self.now, RULES, self.now)
        moved = {key for key, due_at in self._dues().items() if due_at != dues[key]}
        assert all(self._dues()[key] > dues[key] and key[0] in PAUSABLE for key in moved)

    @rule()
    def the_answer_does_not_hold(self) -> None:
        try:
            self.clock.reopen(self.now, RULES, self.now)
        except NotYet:
            assert not self.clock.is_final

    @rule(really=st.integers(0, 9))
    def the_matter_ends(self, really: int) -> None:
        if really == 0:
            self.clock.end(self.now, RULES, self.now)

    @precondition(lambda self: self.clock.is_final or self._nobody_is_waited_for())
    @rule(really=st.integers(0, 9))
    def the_complaint_is_closed(self, really: int) -> None:
        if really == 0 and self.clock.closed_at is None:
            self.clock.resolved(self._round(), self.now, RULES, self.now)
            self.clock.close("upheld", self.now, RULES, self.now)

    @invariant()
    def a_breach_never_vanishes(self) -> None:
        breached = {(p.milestone, p.round) for p in self.clock.promises if p.breached_at}
        assert self.breaches <= breached
        self.breaches = breached

    @invariant()
    def every_breach_is_said_once(self) -> None:
        assert len(said(self.clock, TargetBreached)) == len(self.breaches)

    @invariant()
    def what_never_waits_is_due_by_its_own_count(self) -> None:
        for promise in self.clock.promises:
            if promise.milestone not in PAUSABLE:
                assert promise.due_at == RULES.due(promise.started_at, promise.within)

    @invariant()
    def the_life_cycle_follows_its_table(self) -> None:
        before, after = self.statuses[-1], self.clock.status
        assert before == after or after in Clock.TRANSITIONS[before]
        self.statuses.append(after)

    @invariant()
    def no_two_open_promises_are_of_one_milestone(self) -> None:
        still_open = [p.milestone for p in self.clock.promises if p.state == "open"]
        assert len(still_open) == len(set(still_open))

    @invariant()
    def a_paused_clock_has_one_pause_that_stands_still(self) -> None:
        standing = [pause for pause in self.clock.pauses if pause.stands_still]
        assert len(standing) == (self.clock.status == "paused") or self.clock.is_final

    @invariant()
    def no_clock_stands_still_longer_than_the_regulation_allows(self) -> None:
        pauses = self.clock.pauses
        stood = sum((RULES.stood(p.since, p.stopped_until(self.now) or p.since) for p in pauses), timedelta())
        assert not pauses or stood <= (RULES.standstill(pauses[0].since) or stood)

    @invariant()
    def what_was_promised_first_is_never_forgotten(self) -> None:
        firsts = {(p.milestone, p.round): p.first_due_at for p in self.clock.promises}
        assert self.firsts.items() <= firsts.items()
        self.firsts = firsts

    @invariant()
    def what_was_seen_is_not_given_again(self) -> None:
        assert {id: self.clock.notice(id).times for id in self.seen} == self.seen

    @invariant()
    def every_notice_has_a_name_of_its_own(self) -> None:
        assert len({notice.id for notice in self.clock.notices}) == len(self.clock.notices)

    def _nobody_is_waited_for(self) -> bool:
        return all(pause.until for pause in self.clock.pauses)

    def _round(self) -> int:
        return sum(promise.milestone == "resolution" for promise in self.clock.promises)

    def _dues(self) -> dict[Key, datetime]:
        return {(p.milestone, p.round): p.due_at for p in self.clock.promises if p.state == "open"}


TestClockLife = ClockLife.TestCase
