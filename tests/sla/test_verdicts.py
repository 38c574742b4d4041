"""What becomes of a promise, and that nothing done afterwards makes it look better."""

from datetime import datetime, timedelta

import pytest

from services.sla.conformance.verdicts import Finding, findings, judge
from services.sla.model import Clock
from shared.contracts.values import Milestone
from shared.regulations import load_regulations
from tests.sla.given import RECEIVED, a_clock, hours, promise, rules

RULES = rules()
CALENDAR = load_regulations().get("service-quality").working_calendar
DUE = (promise(a_clock(), "resolution").due_at - RECEIVED) / timedelta(hours=1)
"""Hours from receipt to the close of business of the fifth working day."""
LONG = DUE + 24 * 30


def verdict(clock: Clock, now: float = LONG, milestone: Milestone = "resolution") -> str:
    return judge(clock, promise(clock, milestone), hours(now))


def finding(clock: Clock, now: float = LONG, milestone: Milestone = "resolution") -> Finding:
    """The first promise of a milestone, judged."""
    found = findings(clock, RECEIVED, RECEIVED + timedelta(days=365), hours(now))
    return next(one for one in found if one.promise.milestone == milestone)


def resolved(clock: Clock, at: float) -> Clock:
    clock.resolved(1, hours(at), RULES, hours(at))
    return clock


def waiting(clock: Clock, since: float, until: float | None = None) -> Clock:
    clock.pause("photos", "complainant", hours(since), RULES, hours(since))
    if until is not None:
        clock.resume(hours(until), RULES, hours(until))
    return clock


@pytest.mark.parametrize(("at", "expected"), [(1, "met"), (DUE, "met"), (DUE + 1, "missed")])
def test_a_promise_is_met_until_its_deadline_and_missed_after_it(at: float, expected: str) -> None:
    assert verdict(resolved(a_clock(), at)) == expected


@pytest.mark.parametrize(("now", "expected"), [(DUE - 1, "pending"), (DUE + 1, "missed")])
def test_what_is_not_done_is_pending_until_its_deadline_and_missed_after_it(now: float, expected: str) -> None:
    assert verdict(a_clock(), now) == expected


@pytest.mark.parametrize(("at", "expected"), [(DUE - 1, "void"), (DUE + 1, "missed")])
def test_what_ends_before_its_deadline_is_not_counted_and_after_it_was_missed(at: float, expected: str) -> None:
    clock = a_clock()

    clock.end(hours(at), RULES, hours(at))

    assert verdict(clock) == expected


def test_closing_late_does_not_hide_that_it_was_late() -> None:
    clock = resolved(a_clock(), DUE + 5)

    clock.close("upheld", hours(DUE + 6), RULES, hours(DUE + 6))

    assert verdict(clock) == "missed"


def test_a_pause_does_not_make_a_promise_met_that_was_kept_after_its_first_deadline() -> None:
    clock = resolved(waiting(a_clock(), 24, 48), DUE + 1)

    assert verdict(clock) == "moved"


def test_while_somebody_is_waited_for_a_promise_is_not_missed_and_not_in_time_either() -> None:
    assert verdict(waiting(a_clock(), 24), DUE + 1) == "moved"


def test_a_pause_does_not_excuse_who_is_late_even_so() -> None:
    clock = resolved(waiting(a_clock(), 24, 48), DUE + 25)

    assert verdict(clock) == "missed"


def test_a_pause_after_the_deadline_changes_nothing() -> None:
    clock = a_clock()
    clock.ring(RULES, hours(DUE))

    assert verdict(waiting(clock, DUE + 1, DUE + 100)) == "missed"


def test_reopening_leaves_the_first_promise_as_it_was() -> None:
    clock = resolved(a_clock(), DUE + 1)

    clock.reopen(hours(DUE + 2), RULES, hours(DUE + 2))

    found = findings(clock, RECEIVED, hours(LONG), hours(DUE + 3))
    assert [one.verdict for one in found if one.promise.milestone == "resolution"] == ["missed", "pending"]


def test_a_milder_severity_does_not_make_a_promise_met_that_was_kept_after_its_first_deadline() -> None:
    clock = a_clock(severity="major")
    three_days = (promise(clock, "resolution").due_at - RECEIVED) / timedelta(hours=1)

    clock.regrade("general", hours(1), RULES, hours(1))

    assert verdict(resolved(clock, three_days + 1)) == "moved"


def test_a_graver_severity_counts_by_its_nearer_deadline() -> None:
    clock = a_clock()

    clock.regrade("critical", hours(1), RULES, hours(1))

    assert verdict(resolved(clock, DUE - 1)) == "missed"


def test_who_passes_a_late_complaint_on_keeps_the_blame() -> None:
    clock = a_clock()
    clock.hand_over("quality", hours(1))

    clock.hand_over("service", hours(DUE + 1))

    assert finding(clock).department == "quality"


def test_who_keeps_a_promise_has_the_credit() -> None:
    clock = a_clock()
    clock.hand_over("quality", hours(1))
    clock.hand_over("service", hours(2))

    assert finding(resolved(clock, 3)).department == "service"


def test_a_promise_belongs_to_the_month_of_its_first_deadline_however_it_moved() -> None:
    clock = waiting(a_clock(), 24, 24 * 20)
    first: datetime = promise(clock, "resolution").first_due_at

    found = findings(clock, first, first + timedelta(seconds=1), hours(LONG))

    assert [one.promise.milestone for one in found] == ["resolution"]


def test_lateness_is_counted_from_the_first_deadline() -> None:
    clock = resolved(waiting(a_clock(), 24, 48), DUE + 24)

    assert finding(clock).late == timedelta(hours=24)


def test_the_time_waited_is_counted_in_working_time() -> None:
    assert finding(waiting(a_clock(), 24, 48)).waited == timedelta(hours=7.5)


def test_who_still_waits_has_waited_until_now() -> None:
    assert finding(waiting(a_clock(), 24), now=48).waited == timedelta(hours=7.5)


def test_the_receipt_never_waits() -> None:
    assert finding(waiting(a_clock(), 1, 20), milestone="acknowledgement").waited == timedelta()


def test_what_another_severity_no_longer_promises_was_missed_by_nobody() -> None:
    pack = rules("medicine-gmp")
    clock = a_clock("medicine-gmp", severity="major")

    clock.regrade("general", hours(1), pack, hours(1))

    assert judge(clock, promise(clock, "investigation"), hours(LONG)) == "void"


def test_what_is_withdrawn_while_somebody_is_waited_for_was_not_missed() -> None:
    pack = rules("customer-service")
    clock = a_clock("customer-service")
    clock.pause("photos", "complainant", hours(1), pack, hours(1))

    clock.end(hours(72), pack, hours(72))

    assert judge(clock, promise(clock, "resolution"), hours(LONG)) == "moved"


def test_a_pause_counts_as_waiting_no_longer_than_the_clock_stood_still() -> None:
    clock = waiting(a_clock(), 1)
    end = clock.pauses[0].goes_on_at
    assert end

    clock.ring(RULES, end)

    assert finding(clock, LONG * 4).waited == CALENDAR.worktime_between(hours(1), end)
