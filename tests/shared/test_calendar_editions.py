"""A company's calendar departs from the statutory one where an edition says so, and nowhere else."""

import json
from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from shared.worktime import Calendar, CalendarEdition, Calendars, Duration, calendar_named
from tests.shared.moments import local

CN = calendar_named("cn")
WEEK = Duration.parse("5 working days")
SHUT_DOWN = {
    "first": "2027-02-11",
    "last": "2027-02-12",
    "worked": False,
    "reason": {"zh-CN": "停产", "en": "shut-down"},
}
STOCKTAKING = {"first": "2027-03-06", "worked": True, "hours": "09:00-12:00", "reason": "盘点"}
SPRING = {"first": "2027-02-05", "last": "2027-02-11", "name": {"zh-CN": "春节", "en": "Spring Festival"}}
NOTICE = {"year": 2027, "holidays": [SPRING], "makeup": ["2027-01-31", "2027-02-20"]}


def edition(version: int = 1, **values: object) -> CalendarEdition:
    """An edition of the plant's calendar, from what an administrator would send."""
    return CalendarEdition.model_validate({"name": "plant", "version": version, "title": "工厂"} | values)


def calendar(**values: object) -> Calendar:
    return Calendar(edition(**values))


def mistake(**values: object) -> tuple[tuple[object, ...], str]:
    """Where the one mistake in an edition is, and what it is."""
    with pytest.raises(ValidationError) as refused:
        edition(**values)
    (found,) = refused.value.errors()
    return found["loc"], found["msg"].removeprefix("Value error, ")


def test_a_shut_down_is_not_worked():
    days = [date(2027, 2, 11), date(2027, 2, 12)]

    assert [calendar(days=[SHUT_DOWN]).is_working_day(day) for day in days] == [False, False]


def test_a_day_says_the_companys_reason_in_the_readers_language():
    plant = calendar(days=[SHUT_DOWN])

    assert [plant.why(date(2027, 2, 11), language) for language in ("zh-CN", "en")] == ["停产", "shut-down"]


def test_a_reason_in_one_language_stands_for_all():
    assert calendar(days=[STOCKTAKING]).why(date(2027, 3, 6), "en") == "working day: 盘点"


def test_a_weekend_can_be_worked():
    assert calendar(days=[STOCKTAKING]).is_working_day(date(2027, 3, 6))


def test_a_make_up_workday_that_the_company_takes_off_is_none():
    off = {"first": "2026-10-10", "worked": False, "reason": "company holiday"}

    assert not calendar(days=[off]).is_makeup_workday(date(2026, 10, 10))


def test_a_holiday_that_the_company_works_through_is_a_working_day():
    worked = {"first": "2026-10-05", "worked": True, "reason": "on duty"}

    assert calendar(days=[worked]).next_working_day(date(2026, 9, 30)) == date(2026, 10, 5)


def test_a_day_can_have_hours_of_its_own():
    assert calendar(days=[STOCKTAKING]).close_of(date(2027, 3, 6)) == local("2027-03-06 12:00")


def test_a_weekday_can_have_hours_of_its_own():
    assert calendar(weekdays={"fri": "09:00-16:00"}).close_of(date(2026, 10, 16)) == local("2026-10-16 16:00")


def test_other_hours_for_a_weekday_do_not_make_it_a_working_day():
    assert not calendar(weekdays={"sat": "09:00-12:00"}).is_working_day(date(2026, 10, 17))


def test_a_make_up_saturday_has_the_hours_of_saturdays():
    assert calendar(weekdays={"sat": "09:00-12:00"}).close_of(date(2026, 10, 10)) == local("2026-10-10 12:00")


def test_a_day_off_contributes_no_working_time():
    spans = [
        plant.worktime_between(local("2027-03-05 18:00"), local("2027-03-08 09:00"))
        for plant in (CN, calendar(days=[STOCKTAKING]))
    ]

    assert [span.total_seconds() / 3600 for span in spans] == [0, 3]


def test_other_hours_and_another_zone_move_the_close_of_business():
    western = calendar(zone="Asia/Urumqi", hours="10:00-19:00")

    assert western.close_of(date(2026, 10, 13)) == datetime(2026, 10, 13, 13, 0, tzinfo=UTC)


def test_a_year_entered_by_hand_is_no_longer_provisional():
    assert [plant.provisional(2027) for plant in (CN, calendar(arrangements=[NOTICE]))] == [True, False]


def test_a_year_entered_by_hand_has_its_make_up_workdays():
    assert calendar(arrangements=[NOTICE]).why(date(2027, 1, 31)) == "make-up workday"


def test_a_year_entered_by_hand_counts_instead_of_what_was_expected_of_it():
    expected_off = date(2027, 5, 3)

    assert [plant.is_working_day(expected_off) for plant in (CN, calendar(arrangements=[NOTICE]))] == [False, True]


def test_a_year_entered_by_hand_leaves_the_others_alone():
    days = [date(2026, month, day) for month in range(1, 13) for day in range(1, 29)]

    assert [calendar(arrangements=[NOTICE]).why(day) for day in days[::40]] == [CN.why(day) for day in days[::40]]


def test_an_arrangement_can_begin_in_the_december_before():
    new_year = {"year": 2027, "holidays": [{"first": "2026-12-31", "last": "2027-01-02", "name": "元旦"}], "makeup": []}

    assert calendar(arrangements=[new_year]).why(date(2026, 12, 31)) == "元旦"


@pytest.mark.parametrize("form", ["python", "json"])
def test_an_edition_is_kept_as_plain_values_and_read_back(form):
    whole = edition(days=[SHUT_DOWN, STOCKTAKING], arrangements=[NOTICE], weekdays={"fri": "09:00-16:00"})

    assert CalendarEdition.model_validate(json.loads(json.dumps(whole.model_dump(mode=form)))) == whole


@pytest.mark.parametrize(
    ("values", "where", "what"),
    [
        ({"name": "Plant 1"}, ("name",), "should match"),
        ({"version": -1}, ("version",), "greater than or equal to 0"),
        ({"zone": "Asia/Shangai"}, ("zone",), "invalid timezone: Asia/Shangai"),
        ({"hours": "9 to 5"}, ("hours",), "'9 to 5' are not business hours; write \"09:00-12:00, 13:30-18:00\""),
        ({"hours": "13:00-12:00"}, ("hours",), "not 13:00-12:00"),
        ({"weekdays": {"friday": "09:00-16:00"}}, ("weekdays", "friday", "[key]"), "'fri'"),
        ({"holidays": []}, ("holidays",), "not permitted"),
        ({"days": [SHUT_DOWN, SHUT_DOWN]}, (), "2027-02-11 stands there twice"),
        ({"days": [SHUT_DOWN | {"reason": " "}]}, ("days", 0, "reason", "zh-CN"), "at least 1 character"),
        ({"days": [SHUT_DOWN | {"reason": {}}]}, ("days", 0, "reason"), "at least 1 item"),
        ({"days": [SHUT_DOWN | {"hours": "09:00-12:00"}]}, ("days", 0), "2027-02-11 is not worked"),
        ({"days": [SHUT_DOWN | {"last": "2027-02-01"}]}, ("days", 0), "2027-02-01, lies before the first, 2027-02-11"),
        ({"days": [SHUT_DOWN | {"last": "3027-02-01"}]}, ("days", 0, "last"), "less than or equal to 2100-12-31"),
        ({"arrangements": [NOTICE, NOTICE]}, (), "2027 stands there twice"),
        ({"arrangements": [NOTICE | {"holidays": []}]}, ("arrangements", 0, "holidays"), "at least 1 item"),
        ({"arrangements": [NOTICE | {"year": 2028}]}, ("arrangements", 0), "2027-02-05 belongs neither to 2028"),
        ({"arrangements": [NOTICE | {"makeup": ["2027-03-01"]}]}, ("arrangements", 0), "2027-03-01 is no Saturday"),
        ({"arrangements": [NOTICE | {"makeup": ["2027-02-06"]}]}, ("arrangements", 0), "2027-02-06 stands there twice"),
    ],
)
def test_a_wrong_edition_is_refused_with_place_and_reason(values, where, what):
    place, reason = mistake(**values)

    assert (place, what in reason) == (where, True), reason


def test_the_edition_with_the_highest_number_is_in_force():
    calendars = Calendars()
    for version in (1, 3, 2):
        calendars.enter(edition(version))

    assert calendars.get("plant").version == 3


def test_an_older_edition_is_had_by_its_number():
    calendars = Calendars()
    for version in (1, 2):
        calendars.enter(edition(version))

    assert calendars.get("plant", 1).version == 1


def test_the_statutory_calendar_is_edition_0_of_cn():
    calendars = Calendars()
    calendars.enter(CalendarEdition(name="cn", version=1, title="法定", arrangements=[NOTICE]))

    assert [calendars.get("cn", version).provisional(2027) for version in (0, None)] == [True, False]


def test_an_edition_that_comes_twice_changes_nothing_the_second_time():
    calendars = Calendars()
    once = calendars.enter(edition())

    assert calendars.enter(edition()) is once


def test_a_number_is_not_given_to_another_edition():
    calendars = Calendars()
    calendars.enter(edition())

    with pytest.raises(ValueError, match="'plant' has another edition 1; give it a new number"):
        calendars.enter(edition(days=[SHUT_DOWN]))


def test_a_deadline_keeps_the_calendar_it_was_counted_by():
    calendars = Calendars()
    deadline = calendars.enter(edition()).deadline(local("2027-02-10 10:00"), WEEK)
    before = deadline.derivation()

    calendars.enter(edition(2, days=[SHUT_DOWN]))

    assert (deadline.calendar.version, deadline.derivation()) == (1, before)


def test_a_calendar_lists_the_names_a_pack_can_use():
    calendars = Calendars()
    calendars.enter(edition())

    assert (list(calendars), "plant" in calendars, "mars" in calendars) == (["cn", "plant"], True, False)


def test_a_calendar_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="there is no calendar 'mars'; there is cn"):
        calendar_named("mars")


def test_an_edition_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="calendar 'cn' has no edition 7; it has 0"):
        Calendars().get("cn", 7)


@pytest.mark.parametrize(("day", "limit"), [("1949-06-01", "same day"), ("2100-12-30", "9 working days")])
def test_what_lies_beyond_the_known_years_is_refused(day, limit):
    with pytest.raises(ValueError, match="lies outside the working calendar, which reaches from 1950 to 2100"):
        CN.deadline(local(f"{day} 10:00"), Duration.parse(limit))
