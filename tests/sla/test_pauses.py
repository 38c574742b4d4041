"""Pauses: no clock stands still longer than its regulation allows."""

from itertools import permutations

import pytest

from services.sla.model import Clock
from shared.contracts.sla import TargetSet
from shared.errors import NotYet
from tests.sla.given import Change, a_clock, hear, hours, promise, rules, said

RULES = rules()  # 10 working days at most (S15.6)
CAP = 14 * 24 + 1
"""Ten working days after the hour in which the pauses below begin, in hours of the clock's life."""
DAYS = 24


def pause(at: float, now: float | None = None) -> Change:
    return lambda clock: clock.pause("invoice missing", "complainant", hours(at), RULES, hours(now or at))


def resume(at: float) -> Change:
    return lambda clock: clock.resume(hours(at), RULES, hours(at))


def ring(at: float) -> Change:
    return lambda clock: clock.ring(RULES, hours(at))


def due(clock: Clock) -> str:
    return f"{promise(clock, 'resolution').due_at:%m-%d %H:%M}"


def test_a_pause_says_when_the_clock_will_go_on_by_itself() -> None:
    clock = hear(a_clock(), [pause(1)])

    assert clock.pauses[0].goes_on_at == hours(CAP)


def test_the_clock_goes_on_by_itself_when_it_has_stood_still_as_long_as_it_may() -> None:
    clock = hear(a_clock(), [pause(1), ring(CAP)])

    assert (clock.status, clock.pauses[0].capped) == ("running", True)


def test_the_alarm_of_a_paused_clock_rings_when_it_may_stand_still_no_longer() -> None:
    clock = hear(a_clock(), [lambda clock: clock.meet("acknowledgement", hours(1), RULES, hours(1)), pause(1)])

    assert clock.alarm_at == hours(CAP)


def test_a_capped_pause_moves_the_deadline_by_what_the_regulation_allows_and_no_more() -> None:
    clock = hear(a_clock(), [pause(1), ring(CAP)])

    assert due(clock) == "12-14 10:00"


def test_the_end_of_a_capped_pause_is_no_news() -> None:
    clock = hear(a_clock(), [pause(1), ring(CAP)])
    before = due(clock), len(said(clock, TargetSet))

    hear(clock, [resume(CAP + 50)])

    assert (due(clock), len(said(clock, TargetSet))) == before


def test_a_pause_whose_end_is_heard_late_is_capped_without_an_alarm() -> None:
    clock = hear(a_clock(), [pause(1), resume(CAP + 50)])

    assert (due(clock), clock.pauses[0].capped) == ("12-14 10:00", True)


def test_pauses_share_what_the_regulation_allows() -> None:
    clock = hear(a_clock(), [pause(1), resume(1 + 7 * DAYS), pause(8 * DAYS + 1)])

    assert clock.pauses[1].goes_on_at == hours(15 * DAYS + 1)


def test_when_what_is_allowed_is_used_up_a_further_pause_stops_nothing() -> None:
    clock = hear(a_clock(), [pause(1), resume(CAP + 50)])
    before = due(clock)

    hear(clock, [pause(CAP + 60)])

    assert (clock.status, due(clock), clock.pauses[1].capped) == ("running", before, True)


def test_a_limit_in_seconds_is_elapsed_time() -> None:
    clock = a_clock("demo")

    clock.pause("photos", "complainant", hours(20), rules("demo"), hours(20))

    assert clock.pauses[0].goes_on_at == hours(20 + 30 / 3600)


def test_a_second_pause_waits_until_the_end_of_a_capped_one_is_known() -> None:
    clock = hear(a_clock(), [pause(1), ring(CAP)])

    with pytest.raises(NotYet):
        pause(CAP + 60)(clock)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_capped_pauses_count_the_same_in_whatever_order_they_are_heard(order: tuple[int, ...]) -> None:
    changes = [pause(1), resume(1 + 8 * DAYS), pause(9 * DAYS), resume(30 * DAYS)]

    clock = hear(a_clock(), [changes[place] for place in order])

    assert clock.model_dump() == hear(a_clock(), changes).model_dump()


@pytest.mark.parametrize("place", range(3))
def test_when_the_alarm_rings_makes_no_difference_to_where_a_capped_pause_ends(place: int) -> None:
    changes = [pause(1), resume(30 * DAYS)]

    clock = hear(a_clock(), [*changes[:place], ring(CAP + 1), *changes[place:]][:3])

    assert due(clock) == "12-14 10:00"


def test_what_is_done_while_somebody_is_waited_for_was_done_in_time() -> None:
    clock = a_clock("corporate")
    day = rules("corporate")
    clock.pause("photos", "complainant", hours(DAYS), day, hours(DAYS))

    clock.meet("investigation", hours(6 * DAYS), day, hours(6 * DAYS))

    assert (promise(clock, "investigation").state, promise(clock, "investigation").breached_at) == ("met", None)


def test_an_answer_waits_for_the_end_of_the_pause_that_came_before_it() -> None:
    clock = hear(a_clock(), [pause(1)])

    with pytest.raises(NotYet):
        clock.resolved(1, hours(5), RULES, hours(5))


def test_a_withdrawn_complaint_does_not_wait_for_anything() -> None:
    clock = hear(a_clock(), [pause(1)])

    clock.end(hours(2), RULES, hours(2))

    assert clock.alarm_at is None
