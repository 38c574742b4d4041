"""What another edition of the calendar, or another version of the pack, does to one clock."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sla.counting import CountedBy, derived
from services.sla.model import Clock
from services.sla.rules import Rules
from shared.contracts.sla import TargetBreached, TargetSet
from shared.errors import NotYet
from shared.regulations import Regulation, load_regulations
from shared.testing.calendars import as_they_were
from shared.worktime import CALENDARS, Calendar, CalendarEdition
from tests.sla.given import RECEIVED, Change, a_clock, context, hear, hours, promise, rules, said
from tests.sla.policy_change import disagreements

PACK = load_regulations().get("service-quality")
RULES = rules()
BEFORE = "2026-11-30T10:00:00+00:00"


def edition(*days: date, version: int = 1) -> CalendarEdition:
    """An edition of the calendar in which these days are not worked."""
    shut = [{"first": day, "worked": False, "reason": "检修"} for day in days]
    return CalendarEdition.model_validate({"name": "cn", "version": version, "title": "公司", "days": shut})


def closed_on(*days: date, version: int = 1) -> Rules:
    """The rules under such an edition."""
    return Rules(PACK, Calendar(edition(*days, version=version)))


SHUT = closed_on(date(2026, 11, 25))


def test_a_day_that_is_no_longer_worked_moves_what_is_due_after_it() -> None:
    clock = a_clock()

    moves = clock.recount(SHUT, hours(1))

    assert [(move.milestone, move.after.isoformat()) for move in moves] == [("resolution", "2026-12-01T10:00:00+00:00")]


def test_what_is_counted_in_hours_stays() -> None:
    clock = a_clock()

    clock.recount(SHUT, hours(1))

    assert promise(clock, "acknowledgement").due_at == hours(24)


def test_only_a_promise_that_moves_is_said_again() -> None:
    clock = a_clock()
    before = len(clock.recorded)

    clock.recount(SHUT, hours(1))

    assert [event.milestone for event in said(clock, TargetSet)[before:]] == ["resolution"]


def test_every_open_promise_goes_over_at_once() -> None:
    clock = a_clock()

    clock.recount(SHUT, hours(1))

    assert {one.counted_by for one in clock.promises} == {clock.counted_by} == {SHUT.counted_by}


def test_an_older_edition_changes_nothing() -> None:
    clock = a_clock()
    clock.recount(closed_on(date(2026, 11, 25), version=2), hours(1))
    before = clock.model_dump()

    clock.recount(closed_on(version=1), hours(2))

    assert clock.model_dump() == before


def test_recounting_twice_changes_nothing_the_second_time() -> None:
    clock = a_clock()
    clock.recount(SHUT, hours(1))

    assert clock.recount(SHUT, hours(2)) == []


def test_a_breach_stays_on_record_although_the_new_deadline_is_later() -> None:
    clock = a_clock()
    clock.ring(RULES, hours(24 * 8))

    clock.recount(SHUT, hours(24 * 8))

    breached = promise(clock, "resolution").breached_at
    assert (breached and breached.isoformat(), len(said(clock, TargetBreached))) == (BEFORE, 2)


def test_what_was_kept_stays_judged_by_the_edition_it_was_kept_under() -> None:
    clock = a_clock()
    clock.meet("resolution", hours(3), RULES, hours(3))

    clock.recount(SHUT, hours(4))

    kept = promise(clock, "resolution")
    assert (kept.due_at.isoformat(), kept.counted_by) == (BEFORE, CountedBy(calendar="cn", edition=0))


def test_a_clock_that_went_over_by_halves_would_be_noticed() -> None:
    clock = a_clock()

    clock.counted_by = CountedBy(calendar="cn", edition=1)

    with as_they_were():
        CALENDARS.enter(edition(date(2026, 11, 25)))
        assert disagreements(clock) == clock.promises


def test_the_alarm_follows_the_new_deadline() -> None:
    clock = a_clock()
    clock.meet("acknowledgement", hours(1), RULES, hours(1))
    due_at = promise(clock, "resolution").due_at

    clock.recount(SHUT, hours(2))

    assert clock.alarm_at == SHUT.warning(promise(clock, "resolution"))
    assert promise(clock, "resolution").due_at > due_at


def test_a_deadline_that_comes_to_lie_in_the_past_rings_at_once() -> None:
    clock = a_clock()
    clock.recount(SHUT, hours(1))
    late = hours(24 * 7 + 12)

    clock.recount(closed_on(version=2), late)

    assert (clock.alarm_at or late) <= promise(clock, "resolution").due_at <= late


def test_an_edition_that_this_replica_has_not_heard_of_is_waited_for() -> None:
    with pytest.raises(NotYet):
        _ = CountedBy(calendar="cn", edition=99).known


@settings(deadline=None)
@given(
    shut=st.lists(st.dates(date(2026, 11, 23), date(2026, 12, 20)), unique=True, max_size=15),
    pauses=st.lists(st.integers(1, 300), unique=True, max_size=6).map(sorted),
)
def test_the_derivation_leads_to_the_deadline_whatever_the_edition_and_the_pauses(
    shut: list[date], pauses: list[int]
) -> None:
    with as_they_were():
        CALENDARS.enter(edition(*shut))
        clock = a_clock()
        for since, until in zip(pauses[::2], pauses[1::2], strict=False):
            hear(clock, waiting(since, until))

        clock.recount(closed_on(*shut), hours(301))

        assert disagreements(clock) == []
        assert [derived(one, clock).due_at for one in clock.promises] == [one.due_at for one in clock.promises]


def waiting(since: int, until: int) -> list[Change]:
    return [
        lambda clock: clock.pause("发票", "complainant", hours(since), RULES, hours(since)),
        lambda clock: clock.resume(hours(until), RULES, hours(until)),
    ]


def stricter() -> Rules:
    others = [one for one in PACK.targets if one.milestone != "resolution"]
    target = {"milestone": "resolution", "within": "2 working days", "clause": "N1"}
    return Rules(Regulation.model_validate(PACK.model_dump() | {"version": "2", "targets": [*others, target]}))


def test_another_version_of_the_pack_adjusts_what_is_open_and_says_so() -> None:
    clock = a_clock()
    before = len(clock.recorded)

    moves = clock.go_over(stricter(), "2", hours(1), hours(1))

    moved = promise(clock, "resolution")
    assert (moved.within, moved.clause, moved.due_at.isoformat()) == (
        "2 working days", "N1", "2026-11-25T10:00:00+00:00",
    )  # fmt: skip
    assert [event.milestone for event in said(clock, TargetSet)[before:]] == ["resolution"]
    assert [move.milestone for move in moves] == ["resolution"]


def test_of_two_moves_to_another_version_the_later_counts_whichever_comes_last() -> None:
    clock: Clock = a_clock()
    clock.govern("3", hours(2))

    taken = clock.govern("2", hours(1))

    assert (taken, clock.regulation_version) == (False, "3")


def test_a_new_clock_is_counted_by_the_edition_in_force() -> None:
    with as_they_were():
        CALENDARS.enter(edition(date(2026, 11, 25)))
        clock = Clock(
            number="SQ-20261123-00017K", regulation="service-quality", regulation_version="1", channel="hotline",
            received_at=RECEIVED,
        )  # fmt: skip
        clock.start(Rules(PACK), RECEIVED)

    assert clock.counted_by == CountedBy(calendar="cn", edition=1)


def test_a_new_edition_moves_the_end_of_a_running_pause_too() -> None:
    clock = a_clock()
    clock.pause("photos", "complainant", hours(1), RULES, hours(1))
    (waiting,) = clock.pauses
    before = waiting.goes_on_at or RECEIVED

    clock.recount(SHUT, hours(2))

    assert (waiting.goes_on_at or RECEIVED) > before


def test_a_promise_that_comes_back_is_counted_by_the_edition_that_counts_by_then() -> None:
    pack = load_regulations().get("medicine-gmp")
    now_shut = Rules(pack, Calendar(edition(date(2026, 11, 25))))
    clock = a_clock("medicine-gmp", severity="major")
    clock.regrade("general", hours(1), Rules(pack), hours(1))
    clock.recount(now_shut, hours(2))

    clock.regrade("major", hours(3), now_shut, hours(3))

    assert promise(clock, "investigation").counted_by.edition == 1


def test_a_version_of_the_pack_that_was_not_heard_of_yet_is_waited_for() -> None:
    clock = a_clock()
    clock.regulation_version = "99"

    with pytest.raises(NotYet):
        Rules.of(clock, context())
