"""Supervision (督办): who is told what, and that it climbs until someone acts."""

from datetime import datetime, timedelta

import pytest

from services.sla.model import Clock, Notice
from services.sla.model.notice import Told
from shared.contracts.sla import Alerted, Escalated, NoticeSeen
from shared.contracts.values import Severity
from shared.errors import NotFound
from tests.sla.given import a_clock, hours, promise, rules, said

GROUP = rules("group")  # major: the leader in charge within 15 minutes; ladder handler, supervisor, manager
GMP = rules("medicine-gmp")
NIGHT = datetime.fromisoformat("2026-10-03T03:00:00+08:00")
"""Three in the morning, in the middle of the National Day holidays."""
MINUTE = 1 / 60


def graded(severity: Severity = "major", pack: str = "group", at: float = 0) -> Clock:
    clock = a_clock(pack)
    clock.hand_over("service", hours(at))
    clock.regrade(severity, hours(at), rules(pack), hours(at))
    return clock


def late(clock: Clock, after: float = 0) -> float:
    """So many hours after the clock's resolution was due, in hours of its life."""
    return (promise(clock, "resolution").due_at - hours(0)) / timedelta(hours=1) + after


def alone(pack: str = "service-quality") -> Clock:
    """A clock whose acknowledgement is done, so that only the resolution is late."""
    clock = a_clock(pack)
    clock.meet("acknowledgement", hours(1), rules(pack), hours(1))
    return clock


def given(clock: Clock) -> list[tuple[str, str, int]]:
    return [(notice.kind, notice.role, notice.times) for notice in clock.notices]


def top(clock: Clock) -> Notice:
    return next(notice for notice in clock.notices if notice.kind == "raised")


def test_of_a_major_complaint_the_leader_is_told_at_once() -> None:
    (event,) = said(graded(), Alerted)

    assert (event.role, event.severity, event.seen_by_when) == ("supervisor", "major", hours(15 * MINUTE))


def test_a_complaint_that_comes_in_as_major_is_told_at_once() -> None:
    clock = a_clock("group", severity="major")

    assert given(clock) == [("alert", "supervisor", 1)]


def test_a_general_complaint_alarms_nobody() -> None:
    assert graded("general").notices == []


def test_what_was_told_once_is_not_told_again_when_it_is_graded_the_same_again() -> None:
    clock = graded("major")

    for hour, severity in ((1, "general"), (2, "major")):
        clock.regrade(severity, hours(hour), GROUP, hours(hour))  # type: ignore[arg-type]  # a severity

    assert len(said(clock, Alerted)) == 1


def test_what_becomes_graver_still_is_told_again() -> None:
    clock = graded("major", "medicine-gmp")

    clock.regrade("critical", hours(1), GMP, hours(1))

    assert [event.role for event in said(clock, Alerted)] == ["supervisor", "supervisor", "manager"]


def test_an_alert_that_nobody_has_seen_in_time_goes_to_the_next_in_rank() -> None:
    clock = graded()

    clock.ring(GROUP, hours(15 * MINUTE))

    assert given(clock) == [("alert", "supervisor", 1), ("alert", "manager", 1)]


def test_an_alert_that_was_seen_goes_no_further() -> None:
    clock = graded()
    clock.see("alert-1", "sun", hours(MINUTE), GROUP)

    clock.ring(GROUP, hours(1))

    assert given(clock) == [("alert", "supervisor", 1)]


def test_at_the_top_an_alert_comes_again_until_it_is_seen() -> None:
    clock = graded()
    for hour in (1, 2):
        clock.ring(GROUP, hours(hour))

    assert ("alert", "manager", 2) in given(clock)


def test_two_alerts_that_climb_to_the_same_role_are_one() -> None:
    clock = graded("critical", "medicine-gmp")

    clock.ring(GMP, hours(15 * MINUTE))

    assert given(clock) == [("alert", "supervisor", 1), ("alert", "manager", 1), ("alert", "approver", 1)]


def test_the_ladder_is_that_of_the_severity() -> None:
    clock = graded("critical", "medicine-gmp")
    clock.see("alert-1", "sun", hours(MINUTE), GMP)
    clock.see("alert-2", "li", hours(MINUTE), GMP)

    clock.ring(GMP, hours(1 + 1))

    rungs = [(event.rung, event.role) for event in said(clock, Escalated) if event.milestone == "first-reply"]
    assert rungs == [("urge", "handler"), ("written", "manager"), ("raised", "approver")]


def test_every_rung_is_a_notice_to_its_role() -> None:
    clock = alone()

    for hours_late in (1, 24, 48):
        clock.ring(rules(), hours(late(clock, hours_late)))

    assert given(clock) == [("urge", "handler", 1), ("written", "supervisor", 1), ("raised", "manager", 1)]


def climbed() -> Clock:
    """A clock whose resolution has been raised to the top."""
    clock = alone()
    clock.ring(rules(), hours(late(clock, 48)))
    return clock


def test_after_the_top_rung_it_climbs_again_at_the_regulations_interval() -> None:
    clock = climbed()

    clock.ring(rules(), top(clock).until or hours(0))

    assert (top(clock).times, said(clock, Escalated)[-1].rung) == (2, "raised")


def test_after_a_nights_downtime_it_climbs_again_once_and_not_for_every_time_missed() -> None:
    clock = climbed()

    clock.ring(rules(), hours(late(clock, 24 * 60)))

    assert top(clock).times == 2


def test_a_step_of_the_department_ends_the_climbing() -> None:
    clock = climbed()

    clock.act(top(clock).at + timedelta(minutes=1), rules(), top(clock).at + timedelta(minutes=1))

    assert clock.alarm_at is None


def test_a_step_from_before_the_notice_does_not_end_it() -> None:
    clock = climbed()

    clock.act(top(clock).at - timedelta(minutes=1), rules(), top(clock).at)

    assert clock.alarm_at == top(clock).until


def test_a_notice_seen_by_its_role_is_not_given_again() -> None:
    clock = climbed()

    clock.see(top(clock).id, "boss", top(clock).at, rules())

    assert clock.alarm_at is None


def test_an_answer_ends_the_climbing() -> None:
    clock = climbed()
    at = top(clock).at

    clock.resolved(1, at, rules(), at)

    assert clock.alarm_at is None


def test_what_was_raised_in_one_round_does_not_climb_on_in_the_next() -> None:
    clock = climbed()
    later = top(clock).at + timedelta(hours=1)
    clock.resolved(1, later, rules(), later)
    clock.reopen(later, rules(), later)

    clock.ring(rules(), later + timedelta(days=4))

    assert top(clock).times == 1


def test_who_saw_a_notice_first_stays_on_record() -> None:
    clock = graded()
    clock.see("alert-1", "sun", hours(MINUTE), GROUP)

    clock.see("alert-1", "li", hours(1), GROUP)

    assert (clock.notices[0].seen_by, [event.by for event in said(clock, NoticeSeen)]) == ("sun", ["sun"])


def test_a_notice_that_there_is_not_cannot_be_seen() -> None:
    with pytest.raises(NotFound):
        graded().see("urge-9", "sun", hours(1), GROUP)


def test_a_notice_waits_until_it_was_told() -> None:
    clock = graded()
    clock.note_told({"alert-1": Told(hours(0), "email", hours(1))})

    assert (clock.untold_since, clock.notices[0].told_at) == (None, hours(1))


def test_a_notice_given_again_meanwhile_waits_on() -> None:
    clock = graded()

    clock.note_told({"alert-1": Told(hours(-1), "email", hours(1))})

    assert clock.untold_since == hours(0)


def test_an_ended_complaint_alarms_nobody_any_more() -> None:
    clock = graded()

    clock.end(hours(MINUTE), GROUP, hours(MINUTE))

    assert clock.alarm_at is None


def of_class_3() -> Clock:
    """A serious reaction, reported at three in the morning of a holiday."""
    clock = Clock(
        number="GMP-20261003-00017K", regulation="medicine-gmp", regulation_version="1", channel="duty-desk",
        severity="critical", received_at=NIGHT,
    )  # fmt: skip
    clock.start(GMP, NIGHT)
    return clock


def test_class_3_is_told_to_the_vice_president_at_three_in_the_morning_of_a_holiday() -> None:
    (event,) = (event for event in said(of_class_3(), Alerted) if event.role == "manager")

    assert event.seen_by_when == NIGHT + timedelta(minutes=15)


def test_class_3_climbs_to_the_general_manager_through_the_night() -> None:
    clock = of_class_3()

    for minutes in (15, 60, 75, 90, 120):
        clock.ring(GMP, NIGHT + timedelta(minutes=minutes))

    first = next(event for event in said(clock, Escalated) if event.role == "approver")
    assert (first.milestone, first.rung) == ("first-reply", "raised")


def test_class_3_comes_again_every_hour_of_the_night_until_someone_acts() -> None:
    clock = of_class_3()
    for hour in range(2, 5):
        clock.ring(GMP, NIGHT + timedelta(hours=hour))

    assert (top(clock).times, top(clock).until) == (3, NIGHT + timedelta(hours=5))
