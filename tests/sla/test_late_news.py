"""What was done in time is told late: overtaken by the answer, or by the alarm after a night's downtime."""

from itertools import permutations

import pytest

from services.sla.model import Clock
from shared.contracts.sla import TargetBreached, TargetMet
from tests.sla.given import Change, a_clock, hear, hours, promise, rules, said

PACK = "corporate"
RULES = rules(PACK)
REPLIED, ANSWERED = 10, 60
"""Before and after the first reply was due, at the close of the next working day, 32.5 hours after receipt."""


def pause(at: float) -> Change:
    return lambda clock: clock.pause("invoice", "complainant", hours(at), RULES, hours(at))


def resume(at: float) -> Change:
    return lambda clock: clock.resume(hours(at), RULES, hours(at))


def step(milestone: str, at: float) -> Change:
    return lambda clock: clock.meet(milestone, hours(at), RULES, hours(at))  # type: ignore[arg-type]  # a milestone


def answer(at: float) -> Change:
    return lambda clock: clock.resolved(1, hours(at), RULES, hours(at))


def withdraw(at: float) -> Change:
    return lambda clock: clock.end(hours(at), RULES, hours(at))


def after(*changes: Change) -> Clock:
    return hear(a_clock(PACK), changes)


def test_an_answer_that_overtakes_the_reply_in_time_leaves_no_breach() -> None:
    clock = after(answer(ANSWERED), step("first-reply", REPLIED))

    kept = promise(clock, "first-reply")
    assert (kept.met_at, kept.breached_at) == (hours(REPLIED), None)


def test_that_it_was_in_time_is_said_once_it_is_known() -> None:
    clock = after(answer(ANSWERED), step("first-reply", REPLIED))

    told = [event.lateness < 0 for event in said(clock, TargetMet) if event.milestone == "first-reply"]
    assert (told, len(said(clock, TargetBreached))) == ([False, True], 1)


def test_an_alarm_that_overtakes_the_reply_in_time_leaves_no_breach() -> None:
    clock = a_clock(PACK)
    clock.ring(RULES, hours(ANSWERED))

    hear(clock, [step("first-reply", REPLIED)])

    assert promise(clock, "first-reply").breached_at is None


def test_a_reply_after_the_breach_leaves_it_on_record_whatever_overtakes_what() -> None:
    clock = after(answer(ANSWERED), step("first-reply", 40))

    kept = promise(clock, "first-reply")
    assert (kept.met_at, kept.breached_at) == (hours(40), hours(32.5))


@pytest.mark.parametrize("last", [answer(ANSWERED), withdraw(ANSWERED)])
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_steps_end_the_same_in_whatever_order_they_are_heard(order: tuple[int, ...], last: Change) -> None:
    waited = [pause(12), resume(20)]
    changes = [step("first-reply", REPLIED), step("investigation", 15), last]

    clock = after(*waited, *(changes[place] for place in order))

    assert clock.model_dump() == after(*waited, *changes).model_dump()
