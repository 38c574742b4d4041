"""What time does to the promises of one complaint."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from services.sla.model import Clock
from shared.contracts.sla import Escalated, TargetAtRisk, TargetBreached, TargetMet, TargetSet
from shared.errors import NotYet
from tests.sla.given import RECEIVED, Change, a_clock, hear, hours, promise, rules, said

RULES = rules()


def pause(at: float) -> Change:
    return lambda clock: clock.pause("invoice missing", "complainant", hours(at), RULES, hours(at))


def resume(at: float) -> Change:
    return lambda clock: clock.resume(hours(at), RULES, hours(at))


def resolved(round: int, at: float) -> Change:
    return lambda clock: clock.resolved(round, hours(at), RULES, hours(at))


def reopened(at: float) -> Change:
    return lambda clock: clock.reopen(hours(at), RULES, hours(at))


def test_a_new_clock_promises_what_counts_from_receipt() -> None:
    clock = a_clock()

    assert [(p.milestone, p.due_at.isoformat()) for p in clock.promises] == [
        ("acknowledgement", "2026-11-24T01:30:00+00:00"),
        ("resolution", "2026-11-30T10:00:00+00:00"),
    ]


def test_every_promise_made_is_said() -> None:
    clock = a_clock()

    assert [event.milestone for event in said(clock, TargetSet)] == ["acknowledgement", "resolution"]


def test_the_first_alarm_is_the_first_warning_point() -> None:
    clock = a_clock()

    assert clock.alarm_at == hours(12)


def test_a_warning_is_given_once_for_each_point_passed() -> None:
    clock = a_clock()

    for hour in (12, 13, 18, 19):
        clock.ring(RULES, hours(hour))

    assert [event.milestone for event in said(clock, TargetAtRisk)] == ["acknowledgement"] * 2


def test_a_target_in_days_warns_when_its_share_of_the_working_time_is_used_up() -> None:
    clock = a_clock()  # 44.5 working hours from Monday 9:30 to the close of the next Monday
    clock.meet("acknowledgement", hours(1), RULES, hours(1))

    warned_at = clock.alarm_at

    assert warned_at == datetime(2026, 11, 26, 1, 15, tzinfo=UTC)  # 22.25 of them: Thursday 9:15


def test_a_breach_stands_at_the_due_time_however_late_the_alarm_rings() -> None:
    clock = a_clock()

    clock.ring(RULES, hours(30))

    assert promise(clock, "acknowledgement").breached_at == hours(24)


def test_the_ladder_climbs_every_rung_once_and_in_order() -> None:
    clock = a_clock()

    for hour in (24, 25, 26, 24 * 10, 24 * 11):
        clock.ring(RULES, hours(hour))

    rungs = [event.rung for event in said(clock, Escalated) if event.milestone == "acknowledgement"]
    assert rungs == ["urge", "written", "raised"]


def test_a_promise_kept_late_was_broken_first() -> None:
    clock = a_clock()

    clock.meet("acknowledgement", hours(25), RULES, hours(25))

    assert [type(event) for event in clock.recorded[-2:]] == [TargetBreached, TargetMet]


def test_a_promise_kept_in_time_is_not_broken_by_a_late_message() -> None:
    clock = a_clock()

    clock.meet("acknowledgement", hours(23), RULES, now=hours(25))

    assert said(clock, TargetBreached) == []


def test_keeping_a_promise_twice_changes_nothing_the_second_time() -> None:
    clock = a_clock()
    clock.meet("acknowledgement", hours(1), RULES, hours(1))
    before = clock.model_dump(), len(clock.recorded)

    clock.meet("acknowledgement", hours(2), RULES, hours(2))

    assert (clock.model_dump(), len(clock.recorded)) == before


def test_a_graver_complaint_is_due_sooner() -> None:
    clock = a_clock()

    clock.regrade("critical", hours(1), RULES, hours(1))

    assert promise(clock, "resolution").due_at.isoformat() == "2026-11-26T10:00:00+00:00"


def test_the_latest_grading_counts_whichever_comes_last() -> None:
    clock = a_clock()
    clock.regrade("general", hours(2), RULES, hours(3))

    clock.regrade("critical", hours(1), RULES, hours(3))

    assert clock.severity == "general"


def test_the_latest_department_counts_whichever_comes_last() -> None:
    clock = a_clock()
    clock.hand_over("service", hours(2))

    clock.hand_over("quality", hours(1))

    assert clock.department == "service"


def test_regrading_keeps_the_time_waited() -> None:
    clock = hear(a_clock(), [pause(24), resume(48)])

    clock.regrade("critical", hours(49), RULES, hours(49))

    assert promise(clock, "resolution").due_at.isoformat() == "2026-11-27T10:00:00+00:00"


def test_waiting_moves_the_resolution_by_the_working_time_waited() -> None:
    clock = hear(a_clock(), [pause(24), resume(48)])

    assert promise(clock, "resolution").due_at.isoformat() == "2026-12-01T10:00:00+00:00"


def test_the_receipt_is_due_while_others_wait() -> None:
    clock = hear(a_clock(), [pause(1), resume(20)])

    assert promise(clock, "acknowledgement").due_at == hours(24)


def test_a_paused_clock_still_breaches_the_receipt() -> None:
    clock = hear(a_clock(), [pause(1)])

    clock.ring(RULES, hours(500))

    assert {event.milestone for event in said(clock, TargetBreached)} == {"acknowledgement"}


def test_a_pause_without_length_changes_nothing() -> None:
    clock = a_clock()
    due_at = promise(clock, "resolution").due_at

    hear(clock, [pause(3), resume(3)])

    assert promise(clock, "resolution").due_at == due_at


def test_what_waited_before_a_promise_was_made_does_not_move_it() -> None:
    clock = hear(a_clock(), [pause(24), resume(48), resolved(1, 49), reopened(50)])
    due_at = promise(clock, "resolution").due_at

    hear(clock, [pause(60), resume(60)])

    assert promise(clock, "resolution").due_at == due_at


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_pauses_count_the_same_in_whatever_order_they_are_heard(order: tuple[int, ...]) -> None:
    changes = [pause(2), resume(4), pause(6), resume(30)]

    clock = hear(a_clock(), [changes[place] for place in order])

    assert clock.model_dump() == hear(a_clock(), changes).model_dump()


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_rounds_end_the_same_in_whatever_order_they_are_heard(order: tuple[int, ...]) -> None:
    changes = [resolved(1, 10), reopened(20), resolved(2, 30)]

    clock = hear(a_clock(), [changes[place] for place in order])

    assert clock.model_dump() == hear(a_clock(), changes).model_dump()


def test_reopening_makes_a_new_promise_and_keeps_the_old_breach() -> None:
    clock = a_clock()
    clock.ring(RULES, hours(24 * 8))

    hear(clock, [resolved(1, 24 * 8), reopened(24 * 9)])

    assert [(p.round, p.breached_at is not None) for p in clock.promises if p.milestone == "resolution"] == [
        (1, True),
        (2, False),
    ]


def test_a_matter_that_is_not_resolved_cannot_be_reopened_yet() -> None:
    with pytest.raises(NotYet):
        a_clock().reopen(hours(1), RULES, hours(1))


def test_the_end_cancels_what_can_no_longer_be_done() -> None:
    clock = a_clock()

    clock.end(hours(1), RULES, hours(1))

    assert ({p.state for p in clock.promises}, clock.alarm_at) == ({"cancelled"}, None)


def everything_else(clock: Clock) -> None:
    now = hours(3)
    clock.accepted(now, RULES, now)
    clock.regrade("critical", now, RULES, now)
    clock.meet("resolution", now, RULES, now)
    clock.pause("", "", now, RULES, now)
    clock.resume(now, RULES, now)
    clock.reopen(now, RULES, now)
    clock.end(now, RULES, now)
    clock.ring(RULES, now + timedelta(days=100))


def test_a_clock_that_has_ended_promises_and_says_nothing_more() -> None:
    clock = a_clock()
    clock.end(hours(1), RULES, hours(1))
    before = len(clock.recorded)

    everything_else(clock)

    assert (clock.status, clock.recorded[before:]) == ("ended", [])


def test_a_promise_tells_how_late_it_was_kept_in_seconds() -> None:
    clock = a_clock()

    clock.meet("acknowledgement", hours(25), RULES, hours(25))

    assert clock.recorded[-1].lateness == 3600  # type: ignore[attr-defined]  # the last event is of a target


def test_targets_from_acceptance_count_from_acceptance() -> None:
    clock = a_clock()
    accepting = _Accepting(RULES)

    clock.accepted(hours(5), accepting, hours(5))  # type: ignore[arg-type]  # rules with one target changed

    assert promise(clock, "investigation").started_at == hours(5)


class _Accepting:
    """The same rules with an investigation that counts from acceptance (S7.3)."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def targets(self, clock: Clock) -> Any:
        targets = self._real.targets(clock)
        change = {"milestone": "investigation", "starts": "acceptance"}
        return targets | {"investigation": targets["resolution"].model_copy(update=change)}


def test_the_clock_counts_from_receipt_not_from_hearing_of_it() -> None:
    assert {p.started_at for p in a_clock().promises} == {RECEIVED}
