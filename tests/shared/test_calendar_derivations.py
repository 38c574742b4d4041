"""A deadline tells how it was counted, so that anybody can count after it."""

from datetime import timedelta

import pytest

from shared.worktime import Arrangement, Calendar, CalendarEdition, Duration, Holiday, OwnDays, calendar_named
from tests.shared.moments import local

CN = calendar_named("cn")
PLANT = Calendar(
    CalendarEdition(
        name="plant",
        version=3,
        title={"zh-CN": "深圳工厂", "en": "Shenzhen plant"},
        days=(
            OwnDays(
                first="2027-02-04", worked=True, hours="09:00-12:00", reason={"zh-CN": "盘点", "en": "stocktaking"}
            ),
            OwnDays(
                first="2027-02-13", last="2027-02-16", worked=False, reason={"zh-CN": "停产", "en": "company shut-down"}
            ),
            OwnDays(first="2027-02-20", worked=True, reason={"zh-CN": "补停产", "en": "in exchange for the shut-down"}),
        ),
        arrangements=(
            Arrangement(
                year=2027,
                holidays=(
                    Holiday(first="2027-02-05", last="2027-02-11", name={"zh-CN": "春节", "en": "Spring Festival"}),
                ),
                makeup=("2027-01-31",),
            ),
        ),
    )
)


def told(received: str, limit: str, language: str = "en", calendar: Calendar = CN) -> list[str]:
    """The derivation of a deadline."""
    return calendar.deadline(local(received), Duration.parse(limit)).derivation(language)


def test_holidays_make_up_workdays_and_the_last_day_are_told():
    assert told("2026-09-30 17:40", "5 working days") == [
        "counted from Wed 2026-09-30 17:40 (Asia/Shanghai), limit 5 working days",
        "the first day is not counted (Civil Code, Art. 201)",
        "Thu 10-01 to Wed 10-07 off: National Day",
        "working day 1 is Thu 10-08",
        "working day 3 is Sat 10-10, a make-up workday",
        "Sun 10-11 off: weekend",
        "working day 5 is Tue 10-13",
        "due Tue 2026-10-13 18:00, close of business",
    ]


def test_the_same_is_told_in_chinese():
    assert told("2026-09-30 17:40", "5 working days", "zh-CN") == [
        "自 2026-09-30 周三 17:40（Asia/Shanghai）起算，时限：5个工作日",
        "起算当日不计入（《民法典》第二百零一条）",
        "10-01 周四 至 10-07 周三 休息：国庆节",
        "第 1 个工作日为 10-08 周四",
        "第 3 个工作日为 10-10 周六（调休上班日）",
        "10-11 周日 休息：周末",
        "第 5 个工作日为 10-13 周二",
        "截止时间：2026-10-13 周二 18:00（下班时间）",
    ]


def test_the_companys_own_days_are_told_with_its_reasons():
    assert told("2027-01-29 10:00", "10 working days", calendar=PLANT) == [
        "counted from Fri 2027-01-29 10:00 (Asia/Shanghai), limit 10 working days",
        "working calendar: Shenzhen plant, edition 3",
        "the first day is not counted (Civil Code, Art. 201)",
        "Sat 01-30 off: weekend",
        "working day 1 is Sun 01-31, a make-up workday",
        "working day 5 is Thu 02-04, open 09:00-12:00: stocktaking",
        "Fri 02-05 to Thu 02-11 off: Spring Festival",
        "Sat 02-13 to Tue 02-16 off: company shut-down",
        "working day 10 is Sat 02-20, worked: in exchange for the shut-down",
        "due Sat 2027-02-20 18:00, close of business",
    ]


def test_the_companys_own_days_are_told_in_chinese():
    assert [
        line for line in told("2027-02-04 12:00", "2 working days", "zh-CN", PLANT) if "工厂" in line or "停产" in line
    ] == [
        "适用工作日历：深圳工厂（第 3 版）",
        "02-13 周六 至 02-16 周二 休息：停产",
    ]


def test_a_shut_down_beside_a_holiday_is_told_apart_from_it():
    beside = OwnDays(first="2026-10-08", last="2026-10-09", worked=False, reason="company shut-down")
    calendar = Calendar(CalendarEdition(name="plant", version=1, title="Plant", days=(beside,)))

    assert [line for line in told("2026-09-30 10:00", "1 working day", calendar=calendar) if " off: " in line] == [
        "Thu 10-01 to Wed 10-07 off: National Day",
        "Thu 10-08 to Fri 10-09 off: company shut-down",
    ]


def test_what_arrives_before_closing_is_due_the_same_day():
    assert told("2025-10-11 12:30", "same day")[1:] == [
        "it is before closing time (18:00): the last day is the same day, Sat 10-11, a make-up workday",
        "due Sat 2025-10-11 18:00, close of business",
    ]


def test_what_arrives_after_closing_is_due_the_next_working_day():
    assert told("2026-09-30 18:40", "same day", "zh-CN")[1:] == [
        "09-30 周三 已于 18:00 下班，顺延至下一个工作日",
        "10-01 周四 至 10-07 周三 休息：国庆节",
        "第 1 个工作日为 10-08 周四",
        "截止时间：2026-10-08 周四 18:00（下班时间）",
    ]


def test_what_arrives_on_a_day_off_is_due_the_next_working_day():
    assert told("2026-06-20 09:00", "same day")[1:] == [
        "Sat 06-20 to Sun 06-21 off: Dragon Boat Festival",
        "working day 1 is Mon 06-22",
        "due Mon 2026-06-22 18:00, close of business",
    ]


def test_a_week_that_ends_on_a_holiday_says_that_it_moves():
    assert told("2025-09-24 15:00", "1 week")[2:] == [
        "7 calendar days later is Wed 10-01",
        "Wed 10-01 to Wed 10-08 off: National Day, Mid-Autumn Festival",
        "a last day that is not worked moves to the next working day (Civil Code, Art. 203): Thu 10-09",
        "due Thu 2025-10-09 18:00, close of business",
    ]


def test_a_week_that_ends_on_a_make_up_workday_says_so():
    assert told("2025-09-21 09:00", "1 week")[2] == "7 calendar days later is Sun 09-28, a make-up workday"


def test_two_holidays_on_one_day_are_both_named_once():
    assert "Thu 10-01 to Thu 10-08 off: Mid-Autumn Festival, National Day" in told("2020-09-30 10:00", "1 working day")


def test_hours_run_through_nights_and_holidays():
    assert told("2026-09-30 17:40", "24 hours")[1:] == [
        "the clock runs without a stop, nights and holidays included",
        "due Thu 2026-10-01 17:40",
    ]


@pytest.mark.parametrize(
    ("received", "limit", "years"),
    [
        ("2098-12-31 10:00", "5 working days", "2098, 2099"),
        ("2026-12-31 10:00", "next day", "2027"),
        ("2026-12-28 10:00", "1 week", "2027"),
    ],
)
def test_a_year_without_an_official_arrangement_is_said_to_be_provisional(received, limit, years):
    line = f"provisional: the official arrangement of {years} is not known yet; counted again when it is"

    assert line in told(received, limit)


@pytest.mark.parametrize(("received", "limit"), [("2026-12-31 17:59", "same day"), ("2026-12-31 10:00", "24 hours")])
def test_a_deadline_that_counts_no_day_of_such_a_year_is_not_provisional(received, limit):
    assert not CN.deadline(local(received), Duration.parse(limit)).provisional


def test_a_pause_is_told_with_its_reason_and_the_working_time_it_cost():
    deadline = CN.deadline(local("2026-09-28 10:00"), Duration.parse("2 working days"))

    paused = deadline.paused(local("2026-09-30 10:30"), local("2026-10-08 11:00"), "waiting for photos")

    assert paused.derivation("en")[-2:] == [
        "paused from Wed 2026-09-30 10:30 to Thu 2026-10-08 11:00 (waiting for photos): 8 h of working time later",
        "due Fri 2026-10-09 09:30",
    ]


def test_a_pause_of_a_limit_in_hours_is_told_as_elapsed_time():
    deadline = CN.deadline(local("2026-09-28 10:00"), Duration.parse("24 hours"))

    paused = deadline.paused(local("2026-09-28 12:00"), local("2026-09-28 22:30:10"))

    assert paused.derivation("zh-CN")[-2:] == [
        "2026-09-28 周一 12:00 至 2026-09-28 周一 22:30:10 暂停计时，顺延 10小时 30分钟 10秒",
        "截止时间：2026-09-29 周二 20:30:10",
    ]


def test_a_pause_outside_the_limit_is_not_told():
    deadline = CN.deadline(local("2026-09-28 10:00"), Duration.parse("24 hours"))

    assert deadline.paused(local("2026-09-30 10:00"), local("2026-09-30 12:00")) is deadline


def test_of_a_pause_that_began_before_the_limit_only_the_rest_counts():
    deadline = CN.deadline(local("2026-09-28 10:00"), Duration.parse("24 hours"))

    paused = deadline.paused(local("2026-09-28 08:00"), local("2026-09-28 11:00"))

    assert paused.due_at - deadline.due_at == timedelta(hours=1)


def test_a_pause_does_not_end_before_it_begins():
    deadline = CN.deadline(local("2026-09-28 10:00"), Duration.parse("24 hours"))

    with pytest.raises(ValueError, match="ends before it begins"):
        deadline.paused(local("2026-09-28 12:00"), local("2026-09-28 11:00"))


def test_the_derivation_can_be_told_on_one_line():
    deadline = CN.deadline(local("2026-03-11 09:00"), Duration.parse("10 minutes"))

    assert deadline.explain("zh-CN") == (
        "自 2026-03-11 周三 09:00（Asia/Shanghai）起算，时限：10分钟；"
        "连续计时，夜间和节假日计算在内；"
        "截止时间：2026-03-11 周三 09:10"
    )
