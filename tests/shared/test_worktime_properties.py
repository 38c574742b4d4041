"""What holds of every deadline and of working time, whenever it starts."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shared.worktime import Duration, calendar_named

CN = calendar_named("cn")
SHANGHAI = ZoneInfo("Asia/Shanghai")

moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
limits = st.one_of(
    st.sampled_from(["same day", "next day"]),
    st.builds("{} {}".format, st.integers(2, 60), st.sampled_from(["working days", "hours", "minutes", "weeks"])),
).map(Duration.parse)
worktimes = st.timedeltas(timedelta(), timedelta(days=60))


@given(moments, moments, limits)
def test_a_later_receipt_never_has_an_earlier_deadline(one, other, limit):
    earlier, later = sorted((one, other))

    assert CN.due_at(earlier, limit) <= CN.due_at(later, limit)


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

    assert f"{CN.day_of(deadline.due_at)}" in deadline.derivation(language)[-1]


@given(moments, limits, st.floats(0.01, 0.99))
def test_a_warning_comes_between_start_and_deadline(start, limit, share):
    deadline = CN.deadline(start, limit)

    assert start <= deadline.warning_at(share) <= deadline.due_at


@given(moments, limits)
def test_a_pause_of_no_length_changes_nothing(start, limit):
    due = CN.due_at(start, limit)

    assert CN.add_worktime(due, CN.worktime_between(start, start)) == due


@given(moments, worktimes)
def test_added_working_time_is_found_between_the_two_moments(start, worktime):
    assert CN.worktime_between(start, CN.add_worktime(start, worktime)) == worktime


@given(moments, moments)
def test_the_working_time_between_two_moments_leads_back_to_the_second(one, other):
    start, end = sorted((one, other))
    reached = CN.add_worktime(start, CN.worktime_between(start, end))

    assert reached <= end
    assert not CN.worktime_between(reached, end)


@given(moments, moments)
def test_working_time_backwards_is_the_same_with_the_other_sign(one, other):
    assert CN.worktime_between(one, other) == -CN.worktime_between(other, one)


@given(moments, st.integers(0, 400))
def test_working_time_is_the_sum_of_what_each_day_holds(start, days):
    end = start + timedelta(days=days, hours=days % 24)

    assert CN.worktime_between(start, end) == sum(map(overlap(start, end), span(start, end)), timedelta())


def span(start: datetime, end: datetime) -> list[date]:
    """Every local day from one moment to another."""
    first, last = CN.day_of(start), CN.day_of(end)
    return [first + timedelta(days=nth) for nth in range((last - first).days + 1)]


def overlap(start: datetime, end: datetime):
    """Counts the business hours of one day between two moments, the slow and obvious way."""

    def of(day: date) -> timedelta:
        opened = [(at(day, opens), at(day, closes)) for opens, closes in CN.hours.intervals if CN.is_working_day(day)]
        return sum((max(min(end, closes) - max(start, opens), timedelta()) for opens, closes in opened), timedelta())

    return of


def at(day: date, clock: time) -> datetime:
    """A wall-clock time in Shanghai."""
    return datetime.combine(day, clock, SHANGHAI)
