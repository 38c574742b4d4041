"""Time is counted as the regulations and the State Council's arrangements say."""

from datetime import date, datetime, time, timedelta

import pytest

from shared.worktime import Duration, Hours, calendar_named
from tests.shared.moments import local

CN = calendar_named("cn")

# Days off that are not a Saturday or Sunday, and Saturdays and Sundays that are worked, by the yearly notices.
ARRANGEMENTS = {
    2024: (
        "01-01 02-12 02-13 02-14 02-15 02-16 04-04 04-05 05-01 05-02 05-03 06-10 09-16 09-17 "
        "10-01 10-02 10-03 10-04 10-07",
        "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    ),
    2025: (
        "01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 10-01 10-02 10-03 10-06 10-07 10-08",
        "01-26 02-08 04-27 09-28 10-11",
    ),
    2026: (
        "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 "
        "10-01 10-02 10-05 10-06 10-07",
        "01-04 02-14 02-28 05-09 09-20 10-10",
    ),
}

WORKTIMES = [
    ("2026-10-13 18:00", timedelta(hours=3), "2026-10-14 12:00"),  # a morning later: noon, not the end of lunch
    ("2026-10-13 18:00", timedelta(hours=4), "2026-10-14 14:30"),
    ("2026-10-13 12:30", timedelta(minutes=15), "2026-10-13 13:45"),
    ("2026-10-09 17:00", timedelta(hours=2), "2026-10-10 10:00"),  # into the make-up Saturday
    ("2026-09-30 17:00", timedelta(hours=2), "2026-10-08 10:00"),  # across the holiday
    ("2026-10-03 10:00", timedelta(hours=7, minutes=30), "2026-10-08 18:00"),
    ("2026-10-13 09:00", timedelta(hours=15), "2026-10-14 18:00"),
    ("2025-12-31 17:00", timedelta(hours=8, minutes=30), "2026-01-04 18:00"),
]

LIMITS = ["5 working days", "1 working day", "24 hours", "10 minutes", "0 seconds", "1 week", "same day", "next day"]
UNREADABLE = ["", "day", "5 workdays", "-1 hours", "1.5 hours", "5  hours", "0 weeks", "99999 hours", "٥ weeks", 5]


def days_of(year: int, text: str) -> set[date]:
    """The days of a year, written `01-01 02-12`."""
    return {date.fromisoformat(f"{year}-{day}") for day in text.split()}


@pytest.mark.parametrize("year", ARRANGEMENTS)
def test_exactly_the_published_weekdays_are_off(year):
    every_day = (date(year, 1, 1) + timedelta(days=nth) for nth in range(366))
    off = {day for day in every_day if day.year == year and day.weekday() < 5 and not CN.is_working_day(day)}

    assert off == days_of(year, ARRANGEMENTS[year][0])


@pytest.mark.parametrize("year", ARRANGEMENTS)
def test_exactly_the_published_weekends_are_worked(year):
    every_day = (date(year, 1, 1) + timedelta(days=nth) for nth in range(366))
    worked = {day for day in every_day if day.year == year and day.weekday() >= 5 and CN.is_working_day(day)}

    assert worked == days_of(year, ARRANGEMENTS[year][1])


@pytest.mark.parametrize(("start", "worktime", "end"), WORKTIMES)
def test_working_time_runs_in_business_hours_only(start, worktime, end):
    assert CN.add_worktime(local(start), worktime) == local(end)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 10, 12), "working day"),
        (date(2026, 10, 10), "make-up workday"),
        (date(2026, 10, 11), "weekend"),
        (date(2026, 10, 2), "National Day"),
        (date(2026, 10, 7), "National Day"),  # a day moved there, named by the holiday beside it
        (date(2025, 10, 8), "National Day, Mid-Autumn Festival"),
    ],
)
def test_a_day_says_why_it_is_worked_or_not(day, reason):
    assert CN.why(day) == reason


def test_a_holiday_has_its_chinese_name_in_chinese():
    assert CN.why(date(2026, 2, 15), "zh-CN") == "农历除夕、春节"


def test_a_year_without_a_published_arrangement_is_provisional():
    assert [CN.provisional(year) for year in (2025, 2026, 2099)] == [False, False, True]


def test_the_warning_point_of_hours_is_a_share_of_the_clock():
    deadline = CN.deadline(local("2026-09-30 17:40"), Duration.parse("24 hours"))

    assert deadline.warning_at(0.75) == local("2026-10-01 11:40")


def test_the_warning_point_of_working_days_is_a_share_of_the_working_time():
    deadline = CN.deadline(local("2026-10-12 18:00"), Duration.parse("2 working days"))

    assert deadline.warning_at(0.75) == local("2026-10-14 13:30") + timedelta(minutes=45)


@pytest.mark.parametrize("intervals", [(), ((time(9), time(9)),), ((time(9), time(13)), (time(12), time(18)))])
def test_business_hours_that_are_empty_or_overlap_are_refused(intervals):
    with pytest.raises(ValueError, match="business hours"):
        Hours(intervals)


@pytest.mark.parametrize("text", ["09:00-12:00, 13:30-18:00", "10:00-19:00"])
def test_business_hours_read_back_as_they_were_written(text):
    assert str(Hours.parse(text)) == text


@pytest.mark.parametrize("text", ["", "9-12", "09:00", "09:00-25:00", "09:00-12:00,", 9])
def test_business_hours_that_cannot_be_read_say_how_they_are_written(text):
    with pytest.raises(ValueError, match="are not business hours; write"):
        Hours.parse(text)


@pytest.mark.parametrize("text", LIMITS)
def test_a_limit_reads_back_as_it_was_written(text):
    assert str(Duration.parse(text)) == text


@pytest.mark.parametrize("text", UNREADABLE)
def test_a_limit_that_cannot_be_read_says_what_can(text):
    with pytest.raises(ValueError, match=r"write \"5 working days\"|counts from"):
        Duration.parse(text)


def test_a_time_without_an_offset_is_refused():
    naive = datetime(2026, 10, 13, 9, 0)  # noqa: DTZ001

    with pytest.raises(ValueError, match="needs an offset"):
        CN.deadline(naive, Duration.parse("24 hours"))


def test_working_time_does_not_run_backwards():
    with pytest.raises(ValueError, match="runs forward"):
        CN.add_worktime(local("2026-10-13 09:00"), timedelta(seconds=-1))
