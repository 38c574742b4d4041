"""What holds of every deadline and of working time, whenever it starts and whatever the company decides."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shared.worktime import Calendar, CalendarEdition, Deadline, Duration, Hours, OwnDays, calendar_named
from tests.shared.moments import SHANGHAI

CN = calendar_named("cn")
CN.provisional(2026)  # counted ahead here, not in the first example of a test

BEGIN, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)

moments = st.datetimes(BEGIN.replace(tzinfo=None), END.replace(tzinfo=None), timezones=st.just(UTC))
limits = st.one_of(
    st.sampled_from(["same day", "next day"]),
    st.builds("{} {}".format, st.integers(2, 60), st.sampled_from(["working days", "hours", "minutes", "weeks"])),
).map(Duration.parse)
worktimes = st.timedeltas(timedelta(), timedelta(days=60))

hours = st.sampled_from(["09:00-12:00, 13:30-18:00", "08:00-12:00", "10:00-20:00"])
some_days = st.dates(date(2026, 9, 1), date(2026, 11, 30))
own_days = st.builds(
    lambda day, own: OwnDays(first=day, worked=bool(own), hours=own, reason="own"), some_days, st.none() | hours
)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Companies with days and hours of their own in the autumn of 2026."""
    days = draw(st.lists(own_days, max_size=12, unique_by=lambda own: own.first))
    weekdays = draw(st.dictionaries(st.sampled_from(["mon", "fri", "sat"]), hours, max_size=2))
    return Calendar(CalendarEdition(name="own", version=1, title="own", weekdays=weekdays, days=days))


autumn = st.datetimes(datetime(2026, 8, 20), datetime(2026, 12, 10), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments, moments, limits)
def test_a_later_receipt_never_has_an_earlier_deadline(one, other, limit):
    earlier, later = sorted((one, other))

    assert CN.due_at(earlier, limit) <= CN.due_at(later, limit)


@settings(deadline=None)
@given(calendars(), autumn, autumn, limits)
def test_nor_does_it_where_a_company_has_days_and_hours_of_its_own(calendar, one, other, limit):
    earlier, later = sorted((one, other))

    assert calendar.due_at(earlier, limit) <= calendar.due_at(later, limit)


@settings(deadline=None)
@given(calendars(), some_days, autumn, limits)
def test_another_holiday_never_moves_a_deadline_earlier(calendar, day, start, limit):
    assume(calendar.own(day) is None)
    holiday = OwnDays(first=day, worked=False, reason="holiday")
    edition = calendar.edition.model_copy(update={"days": (*calendar.edition.days, holiday), "version": 2})

    assert calendar.due_at(start, limit) <= Calendar(edition).due_at(start, limit)


@given(moments, limits)
def test_a_deadline_never_lies_before_its_start(start, limit):
    assert CN.due_at(start, limit) > start


@given(moments, limits)
def test_a_limit_in_days_ends_at_the_close_of_a_working_day(start, limit):
    due = CN.local(CN.due_at(start, limit))

    assert limit.elapsed is not None or (CN.is_working_day(due.date()) and due.time() == time(18))


@given(moments, limits, st.sampled_from(["zh-CN", "en"]))
def test_the_last_line_of_a_derivation_is_the_deadline(start, limit, language):
    deadline = CN.deadline(start, limit)

    assert parts_of(deadline) <= set(re.split("[ ：,（]", deadline.derivation(language)[-1]))


@settings(deadline=None)
@given(calendars(), autumn, limits, st.tuples(autumn, autumn).map(sorted), st.sampled_from(["zh-CN", "en"]))
def test_it_is_even_after_a_pause_by_a_company_calendar(calendar, start, limit, pause, language):
    deadline = calendar.deadline(start, limit).paused(*pause)

    assert parts_of(deadline) <= set(re.split("[ ：,（]", deadline.derivation(language)[-1]))


@given(moments, limits, st.floats(0.01, 0.99))
def test_a_warning_comes_between_start_and_deadline(start, limit, share):
    deadline = CN.deadline(start, limit)

    assert start <= deadline.warning_at(share) <= deadline.due_at


@given(moments, limits, moments)
def test_a_pause_of_no_length_changes_nothing(start, limit, at):
    deadline = CN.deadline(start, limit)

    assert deadline.paused(at, at) == deadline


@given(moments, limits, st.tuples(moments, moments).map(sorted))
def test_a_pause_never_moves_a_deadline_earlier(start, limit, pause):
    deadline = CN.deadline(start, limit)

    assert deadline.paused(*pause).due_at >= deadline.due_at


@given(moments, worktimes)
def test_added_working_time_is_found_between_the_two_moments(start, worktime):
    assert CN.worktime_between(start, CN.add_worktime(start, worktime)) == worktime


@settings(deadline=None)
@given(calendars(), autumn, worktimes)
def test_it_is_found_there_by_a_company_calendar_too(calendar, start, worktime):
    assert calendar.worktime_between(start, calendar.add_worktime(start, worktime)) == worktime


@given(moments, moments)
def test_the_working_time_between_two_moments_leads_back_to_the_second(one, other):
    start, end = sorted((one, other))
    reached = CN.add_worktime(start, CN.worktime_between(start, end))

    assert reached <= end
    assert not CN.worktime_between(reached, end)


@given(moments, moments)
def test_working_time_backwards_is_the_same_with_the_other_sign(one, other):
    assert CN.worktime_between(one, other) == -CN.worktime_between(other, one)


@settings(deadline=None)
@given(calendars(), autumn, st.timedeltas(timedelta(), timedelta(days=120)))
def test_working_time_is_the_sum_of_what_each_day_holds(calendar, start, length):
    end = start + length

    walked = sum((overlap(calendar, day, start, end) for day in days_between(start, end)), timedelta())
    assert calendar.worktime_between(start, end) == walked


@settings(deadline=None)
@given(calendars(), autumn, st.integers(1, 60))
def test_the_nth_working_day_is_found_by_walking_from_day_to_day(calendar, start, nth):
    day = calendar.day_of(start)
    walked = [day for day in days_between(start, start + timedelta(days=200)) if calendar.is_working_day(day)]

    assert calendar.next_working_day(day, nth) == [found for found in walked if found > day][nth - 1]


def parts_of(deadline: Deadline) -> set[str]:
    """Day and time of a deadline by the wall clock."""
    due = deadline.calendar.local(deadline.due_at)
    return {f"{due:%Y-%m-%d}", f"{due:{'%H:%M:%S' if due.second else '%H:%M'}}"}


def days_between(start: datetime, end: datetime) -> Iterator[date]:
    """Every local day from one moment to another."""
    first, last = CN.day_of(start), CN.day_of(end)
    return (first + timedelta(days=nth) for nth in range((last - first).days + 1))


def overlap(calendar: Calendar, day: date, start: datetime, end: datetime) -> timedelta:
    """The business hours of one day between two moments, the slow and obvious way."""
    opened: Hours | None = calendar.hours_on(day) if calendar.is_working_day(day) else None
    spans = [(at(day, opens), at(day, closes)) for opens, closes in opened.intervals] if opened else []
    return sum((max(min(end, closes) - max(start, opens), timedelta()) for opens, closes in spans), timedelta())


def at(day: date, clock: time) -> datetime:
    """A wall-clock time in Shanghai."""
    return datetime.combine(day, clock, SHANGHAI)
