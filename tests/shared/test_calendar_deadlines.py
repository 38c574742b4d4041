"""Deadlines by hand: every holiday, make-up workdays, the turn of the year, the edges of a day, other calendars."""

from datetime import datetime

import pytest

from shared.worktime import Calendar, CalendarEdition, Duration, OwnDays, calendar_named
from tests.shared.moments import local

CN = calendar_named("cn")
WESTERN = Calendar(
    CalendarEdition(name="west", version=1, title="West", zone="Asia/Urumqi", hours="10:00-14:00, 16:00-20:00")
)
BERLIN = Calendar(CalendarEdition(name="berlin", version=1, title="Berlin", zone="Europe/Berlin"))
FACTORY = Calendar(
    CalendarEdition(
        name="factory",
        version=1,
        title="Factory",
        weekdays={"fri": "09:00-12:00, 13:30-17:00"},
        days=(
            OwnDays(first="2026-08-10", last="2026-08-14", worked=False, reason="company shut-down"),
            OwnDays(first="2026-08-21", worked=True, hours="09:00-12:00", reason="stocktaking"),
            OwnDays(first="2026-08-22", worked=True, reason="extra workday"),
        ),
    )
)

# Written by hand from the State Council's yearly notices (国务院办公厅关于部分节假日安排的通知).
DEADLINES = [
    # 国庆 2025: 10-01 to 10-08 off, worked Sun 09-28 and Sat 10-11
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
    # 春节 2026: 02-15 to 02-23 off, worked Sat 02-14 and Sat 02-28
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
    # 元旦 2026: 01-01 to 01-03 off, worked Sun 01-04
    ("2025-12-26 10:00", "1 week", "2026-01-04 18:00"),  # Fri 01-02 is off, the make-up Sunday is worked
    ("2025-12-29 10:00", "3 working days", "2026-01-04 18:00"),
    ("2025-12-31 15:00", "5 working days", "2026-01-08 18:00"),
    ("2025-12-31 18:01", "same day", "2026-01-04 18:00"),
    ("2025-12-31 10:00", "next day", "2026-01-04 18:00"),
    ("2025-12-31 23:59", "2 minutes", "2026-01-01 00:01"),
    ("2026-01-02 10:00", "1 working day", "2026-01-04 18:00"),
    ("2026-01-04 10:00", "3 working days", "2026-01-07 18:00"),
    # ordinary weeks, and 国庆 2026: 10-01 to 10-07 off, worked Sun 09-20 and Sat 10-10
    ("2026-01-09 10:00", "1 working day", "2026-01-12 18:00"),  # Friday: day 1 is Monday
    ("2026-01-10 10:00", "1 working day", "2026-01-12 18:00"),  # the Saturday after it: Monday too
    ("2026-01-11 10:00", "5 working days", "2026-01-16 18:00"),
    ("2026-09-18 10:00", "1 working day", "2026-09-20 18:00"),
    ("2026-09-30 17:40", "5 working days", "2026-10-13 18:00"),  # 10-08, 10-09, Sat 10-10, 10-12, 10-13
    # 中秋 and 国庆 2023: 09-29 to 10-06 off, worked Sat 10-07 and Sun 10-08
    ("2023-09-28 10:00", "1 working day", "2023-10-07 18:00"),
    ("2023-09-28 10:00", "3 working days", "2023-10-09 18:00"),
    # 春节 2025: 01-28 to 02-04 off, worked Sun 01-26 and Sat 02-08
    ("2025-01-24 17:00", "1 working day", "2025-01-26 18:00"),
    ("2025-01-27 10:00", "1 working day", "2025-02-05 18:00"),
    ("2025-01-27 10:00", "4 working days", "2025-02-08 18:00"),
    # 清明 2024: 04-04 to 04-06 off, worked Sun 04-07; 2026: 04-04 to 04-06 off
    ("2024-04-03 16:00", "1 working day", "2024-04-07 18:00"),
    ("2024-04-03 18:00", "same day", "2024-04-07 18:00"),
    ("2024-04-05 10:00", "2 working days", "2024-04-08 18:00"),
    ("2026-04-03 10:00", "1 working day", "2026-04-07 18:00"),
    ("2026-03-30 09:00", "1 week", "2026-04-07 18:00"),  # the last day is 清明 Monday and moves
    # 五一 2024: 05-01 to 05-05 off, worked Sun 04-28 and Sat 05-11; 2026: 05-01 to 05-05 off, worked Sat 05-09
    ("2024-04-26 17:30", "1 working day", "2024-04-28 18:00"),
    ("2024-05-10 10:00", "next day", "2024-05-11 18:00"),
    ("2026-04-30 17:59", "same day", "2026-04-30 18:00"),
    ("2026-04-30 10:00", "3 working days", "2026-05-08 18:00"),
    ("2026-04-30 10:00", "4 working days", "2026-05-09 18:00"),
    ("2026-05-02 12:00", "next day", "2026-05-06 18:00"),
    ("2026-05-02 09:00", "1 week", "2026-05-09 18:00"),  # the last day is the make-up Saturday
    # 端午 2025: 05-31 to 06-02 off; 2026: 06-19 to 06-21 off
    ("2025-05-30 15:00", "1 working day", "2025-06-03 18:00"),
    ("2026-06-18 11:00", "2 working days", "2026-06-23 18:00"),
    ("2026-06-19 08:00", "same day", "2026-06-22 18:00"),
    # 中秋 2024: 09-15 to 09-17 off, worked Sat 09-14; 2026: 09-25 to 09-27 off
    ("2024-09-13 17:00", "2 working days", "2024-09-18 18:00"),
    ("2024-09-14 18:00", "same day", "2024-09-18 18:00"),
    ("2026-09-24 16:00", "next day", "2026-09-28 18:00"),
    ("2026-09-24 16:00", "5 working days", "2026-10-09 18:00"),  # through 国庆 as well
    ("2026-09-24 16:00", "48 hours", "2026-09-26 16:00"),
    # 元旦 2024: 12-30 to 01-01 off; 2025: only 01-01
    ("2023-12-29 10:00", "1 working day", "2024-01-02 18:00"),
    ("2024-12-31 17:00", "1 working day", "2025-01-02 18:00"),
    # leap days
    ("2024-02-28 10:00", "1 working day", "2024-02-29 18:00"),
    ("2024-02-29 10:00", "1 working day", "2024-03-01 18:00"),
    ("2024-02-22 10:00", "1 week", "2024-02-29 18:00"),
    ("2024-02-29 23:30", "24 hours", "2024-03-01 23:30"),
    ("2020-02-28 10:00", "1 working day", "2020-03-02 18:00"),  # a leap Saturday
    # the edges of a working day
    ("2026-03-11 06:00", "same day", "2026-03-11 18:00"),  # before opening
    ("2026-03-11 12:30", "same day", "2026-03-11 18:00"),  # at lunch
    ("2026-03-11 12:15", "10 minutes", "2026-03-11 12:25"),  # minutes know no lunch
    ("2026-03-11 18:00", "next day", "2026-03-12 18:00"),  # after closing
    ("2026-03-11 21:00", "1 working day", "2026-03-12 18:00"),  # coming late costs no day
    ("2026-03-11 23:59", "same day", "2026-03-12 18:00"),
    ("2026-03-12 00:00", "same day", "2026-03-12 18:00"),  # midnight belongs to the day that begins
    ("2026-03-12 00:00", "1 working day", "2026-03-13 18:00"),
]

ELSEWHERE = [
    # the office is in Shanghai, the complainant is not
    (CN, "2026-03-12T00:30+09:00", "same day", "2026-03-12T18:00+08:00"),  # 23:30 the day before
    (CN, "2026-03-11T05:59-04:00", "same day", "2026-03-11T18:00+08:00"),
    (CN, "2026-03-11T06:00-04:00", "same day", "2026-03-12T18:00+08:00"),
    (CN, "2026-03-11T16:00+00:00", "1 working day", "2026-03-13T18:00+08:00"),  # midnight in Shanghai
    # an office two hours further west, with hours of its own
    (WESTERN, "2026-03-11T19:59+06:00", "same day", "2026-03-11T20:00+06:00"),
    (WESTERN, "2026-03-11T20:00+06:00", "same day", "2026-03-12T20:00+06:00"),
    (WESTERN, "2026-03-11T20:00+08:00", "same day", "2026-03-11T20:00+06:00"),
    (WESTERN, "2026-03-11T23:59+06:00", "1 working day", "2026-03-12T20:00+06:00"),
    # an office that changes to summer time on 2026-03-29
    (BERLIN, "2026-03-27T10:00+01:00", "1 working day", "2026-03-30T18:00+02:00"),
    (BERLIN, "2026-03-28T12:00+01:00", "24 hours", "2026-03-29T13:00+02:00"),
]

SHUT_DOWN = [
    ("2026-08-07 10:00", "1 working day", "2026-08-17 18:00"),
    ("2026-08-07 10:00", "5 working days", "2026-08-21 12:00"),  # closes at noon
    ("2026-08-07 10:00", "6 working days", "2026-08-22 18:00"),  # the extra Saturday
    ("2026-08-07 17:00", "same day", "2026-08-17 18:00"),  # Fridays close at 17:00
    ("2026-08-07 16:59", "same day", "2026-08-07 17:00"),
    ("2026-08-12 11:00", "same day", "2026-08-17 18:00"),
    ("2026-08-05 10:00", "1 week", "2026-08-17 18:00"),
    ("2026-08-21 11:59", "same day", "2026-08-21 12:00"),
    ("2026-08-21 12:00", "same day", "2026-08-22 18:00"),
    ("2026-08-10 09:00", "48 hours", "2026-08-12 09:00"),
]


@pytest.mark.parametrize(("received", "limit", "due"), DEADLINES)
def test_a_deadline_falls_where_the_published_arrangements_put_it(received, limit, due):
    assert CN.deadline(local(received), Duration.parse(limit)).due_at == local(due)


@pytest.mark.parametrize(("calendar", "received", "limit", "due"), ELSEWHERE)
def test_a_deadline_is_counted_by_the_wall_clock_of_the_office(calendar, received, limit, due):
    found = calendar.deadline(datetime.fromisoformat(received), Duration.parse(limit))

    assert found.due_at == datetime.fromisoformat(due)


@pytest.mark.parametrize(("received", "limit", "due"), SHUT_DOWN)
def test_a_deadline_knows_the_companys_own_days_and_hours(received, limit, due):
    assert FACTORY.deadline(local(received), Duration.parse(limit)).due_at == local(due)
