"""Time is counted as the regulations and the State Council's arrangements say."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.worktime import Calendar, Duration, Hours, calendar_named

CN = calendar_named("cn")
SHANGHAI = ZoneInfo("Asia/Shanghai")

# Written by hand from the State Council's yearly notices (国务院办公厅关于部分节假日安排的通知).
# 国庆 2025: 10-01 to 10-08 off, worked Sun 09-28 and Sat 10-11. 春节 2026: 02-15 to 02-23 off, worked Sat 02-14 and
# Sat 02-28. 元旦 2026: 01-01 to 01-03 off, worked Sun 01-04. 国庆 2026: 10-01 to 10-07 off, worked Sun 09-20 and
# Sat 10-10.
DEADLINES = [
    # around National Day 2025
    ("2025-09-26 16:00", "1 working day", "2025-09-28 18:00"),  # Fri; the make-up Sunday is day 1
    ("2025-09-26 16:00", "3 working days", "2025-09-30 18:00"),
    ("2025-09-27 11:00", "next day", "2025-09-28 18:00"),  # Sat off, Sun worked
    ("2025-09-28 10:00", "same day", "2025-09-28 18:00"),  # the make-up Sunday itself
    ("2025-09-28 19:00", "same day", "2025-09-29 18:00"),
    ("2025-09-30 10:00", "5 working days", "2025-10-14 18:00"),  # 10-09, 10-10, Sat 10-11, 10-13, 10-14
    ("2025-09-30 17:59", "same day", "2025-09-30 18:00"),
    ("2025-09-30 18:00", "same day", "2025-10-09 18:00"),  # closed at that very moment
    ("2025-09-30 17:40", "24 hours", "2025-10-01 17:40"),
    ("2025-10-01 00:00", "same day", "2025-10-09 18:00"),  # midnight, a holiday has begun
    ("2025-10-03 09:00", "next day", "2025-10-09 18:00"),
    ("2025-10-08 23:59", "2 working days", "2025-10-10 18:00"),
    ("2025-10-10 17:00", "1 working day", "2025-10-11 18:00"),  # a make-up Saturday is day 1
    ("2025-10-11 12:30", "same day", "2025-10-11 18:00"),  # at lunch on the make-up Saturday
    ("2025-10-11 20:00", "same day", "2025-10-13 18:00"),
    ("2025-10-11 20:00", "1 working day", "2025-10-13 18:00"),
    ("2025-09-21 09:00", "1 week", "2025-09-28 18:00"),  # the last day is the make-up Sunday
    ("2025-09-23 15:00", "1 week", "2025-09-30 18:00"),
    ("2025-09-24 15:00", "1 week", "2025-10-09 18:00"),  # the last day is a holiday and moves
    ("2025-09-24 15:00", "2 weeks", "2025-10-09 18:00"),
    # around the Spring Festival 2026
    ("2026-02-10 10:00", "1 week", "2026-02-24 18:00"),
    ("2026-02-13 17:00", "1 working day", "2026-02-14 18:00"),
    ("2026-02-13 17:00", "5 working days", "2026-02-27 18:00"),  # Sat 02-14, then 02-24 to 02-27
    ("2026-02-13 17:00", "6 working days", "2026-02-28 18:00"),  # the sixth is a make-up Saturday
    ("2026-02-14 08:00", "same day", "2026-02-14 18:00"),  # before opening
    ("2026-02-14 10:00", "3 working days", "2026-02-26 18:00"),
    ("2026-02-14 18:30", "same day", "2026-02-24 18:00"),
    ("2026-02-14 20:00", "48 hours", "2026-02-16 20:00"),
    ("2026-02-16 12:00", "next day", "2026-02-24 18:00"),  # New Year's Eve
    ("2026-02-16 23:50", "10 minutes", "2026-02-17 00:00"),
    ("2026-02-23 10:00", "5 working days", "2026-02-28 18:00"),
    ("2026-02-28 10:00", "5 working days", "2026-03-06 18:00"),
    # the turn of the year
    ("2025-12-26 10:00", "1 week", "2026-01-04 18:00"),  # Fri 01-02 is off, the make-up Sunday is worked
    ("2025-12-29 10:00", "3 working days", "2026-01-04 18:00"),
    ("2025-12-31 15:00", "5 working days", "2026-01-08 18:00"),
    ("2025-12-31 18:01", "same day", "2026-01-04 18:00"),
    ("2025-12-31 10:00", "next day", "2026-01-04 18:00"),
    ("2025-12-31 23:59", "2 minutes", "2026-01-01 00:01"),
    ("2026-01-02 10:00", "1 working day", "2026-01-04 18:00"),
    ("2026-01-04 10:00", "3 working days", "2026-01-07 18:00"),
    # ordinary weeks, and National Day 2026
    ("2026-01-09 10:00", "1 working day", "2026-01-12 18:00"),  # Friday: day 1 is Monday
    ("2026-01-10 10:00", "1 working day", "2026-01-12 18:00"),  # the Saturday after it: Monday too
    ("2026-01-11 10:00", "5 working days", "2026-01-16 18:00"),
    ("2026-09-18 10:00", "1 working day", "2026-09-20 18:00"),
    ("2026-09-30 17:40", "5 working days", "2026-10-13 18:00"),  # 10-08, 10-09, Sat 10-10, 10-12, 10-13
]

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


def local(text: str) -> datetime:
    """A moment in Shanghai, written `2026-09-30 17:40`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def days_of(year: int, text: str) -> set[date]:
    """The days of a year, written `01-01 02-12`."""
    return {date.fromisoformat(f"{year}-{day}") for day in text.split()}


@pytest.mark.parametrize(("received", "limit", "due"), DEADLINES)
def test_a_deadline_falls_where_the_published_arrangements_put_it(received, limit, due):
    assert CN.deadline(local(received), Duration.parse(limit)).due_at == local(due)


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


def test_a_deadline_in_a_year_without_an_arrangement_says_so():
    deadline = CN.deadline(local("2098-12-31 10:00"), Duration.parse("5 working days"))

    assert "provisional: the official arrangement of 2098, 2099 is not known yet" in deadline.derivation("en")


def test_hours_that_elapse_are_never_provisional():
    assert not CN.deadline(local("2099-12-31 10:00"), Duration.parse("24 hours")).provisional


def test_the_derivation_tells_holidays_make_up_workdays_and_the_last_day():
    deadline = CN.deadline(local("2026-09-30 17:40"), Duration.parse("5 working days"))

    assert deadline.derivation("en") == [
        "counted from Wed 2026-09-30 17:40 (Asia/Shanghai), limit 5 working days",
        "the first day is not counted (Civil Code, Art. 201)",
        "Thu 10-01 to Wed 10-07 off: National Day",
        "working day 1 is Thu 10-08",
        "working day 3 is Sat 10-10, a make-up workday",
        "Sun 10-11 off: weekend",
        "working day 5 is Tue 10-13",
        "due Tue 2026-10-13 18:00, close of business",
    ]


def test_the_derivation_is_told_in_chinese():
    deadline = CN.deadline(local("2026-09-30 18:40"), Duration.parse("same day"))

    assert deadline.explain("zh-CN") == (
        "自 2026-09-30 周三 18:40（Asia/Shanghai）起算，时限：当日；"
        "09-30 周三 已于 18:00 下班，顺延至下一个工作日；"
        "10-01 周四 至 10-07 周三 放假：国庆节；"
        "第 1 个工作日为 10-08 周四；"
        "截止时间：2026-10-08 周四 18:00（下班时间）"
    )


def test_a_week_that_ends_on_a_holiday_says_that_it_moves():
    deadline = CN.deadline(local("2025-09-24 15:00"), Duration.parse("1 week"))

    assert deadline.derivation("en")[2:5] == [
        "7 calendar days later is Wed 10-01",
        "Wed 10-01 to Wed 10-08 off: National Day, Mid-Autumn Festival",
        "a last day that is not worked moves to the next working day (Civil Code, Art. 203)",
    ]


def test_the_warning_point_of_hours_is_a_share_of_the_clock():
    deadline = CN.deadline(local("2026-09-30 17:40"), Duration.parse("24 hours"))

    assert deadline.warning_at(0.75) == local("2026-10-01 11:40")


def test_the_warning_point_of_working_days_is_a_share_of_the_working_time():
    deadline = CN.deadline(local("2026-10-12 18:00"), Duration.parse("2 working days"))

    assert deadline.warning_at(0.75) == local("2026-10-14 13:30") + timedelta(minutes=45)


def test_other_hours_and_another_zone_move_the_close_of_business():
    calendar = Calendar("cn", zone=ZoneInfo("Asia/Urumqi"), hours=Hours(((time(10), time(19)),)))

    assert calendar.close_of(date(2026, 10, 13)) == datetime(2026, 10, 13, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize("intervals", [(), ((time(9), time(9)),), ((time(9), time(13)), (time(12), time(18)))])
def test_business_hours_that_are_empty_or_overlap_are_refused(intervals):
    with pytest.raises(ValueError, match="business hours"):
        Hours(intervals)


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


def test_a_calendar_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="there is no calendar 'mars'; there is cn"):
        calendar_named("mars")


def test_working_time_does_not_run_backwards():
    with pytest.raises(ValueError, match="runs forward"):
        CN.add_worktime(local("2026-10-13 09:00"), timedelta(seconds=-1))
