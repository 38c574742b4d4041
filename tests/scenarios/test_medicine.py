"""S19 and S20: complaints about medicines."""

import re
from datetime import date, timedelta

import pytest

from services.archive.model import Catalogue, Record
from shared.ids import complaint_number
from tests.archive.examples import COMPLETE, START, complaint, event
from tests.scenarios.given import PACKS, admitted, alerted, departments, due, limit, pack


def catalogued(name: str, expires_on: str | None) -> Catalogue:
    """The entry of a complaint closed on 2026-11-23 about a medicine with this expiry date."""
    record = Record.open("MD-20261123-00017K")
    product = {"name": "阿莫西林胶囊", "batch": "260701", "expires_on": expires_on}
    for heard in [event("complaint.registered", product=product, regulation=name), *complaint(*COMPLETE)[1:]]:
        record.hear(heard, START)
    record.file(pack(name), [], START + timedelta(days=1))
    assert record.catalogue
    return record.catalogue


@pytest.mark.parametrize(("text", "severity", "title"), [
    ("服药后过敏性休克，送医院抢救", "critical", "严重投诉"),
    ("吃了以后起皮疹", "major", "重要投诉"),
    ("药盒压扁了", "general", "一般投诉"),
])  # fmt: skip
def test_s19_1_what_may_harm_is_serious_what_reacts_is_important_the_rest_general(text, severity, title):
    found = pack("medicine").severity_of(text).severity

    assert (found, pack("medicine").severities[found].title["zh-CN"]) == (severity, title)


@pytest.mark.parametrize("channel", ["media", "petition"])
def test_s19_1_what_touches_the_companys_reputation_is_important(channel):
    assert pack("medicine").severity_of("药盒压扁了", channel).severity == "major"


def test_s19_2_quality_assurance_judges_and_handles_every_complaint():
    assert set(departments("medicine").values()) == {"质量保证部"}


def test_s19_3_the_number_says_by_which_regulation_it_was_classified():
    assert complaint_number(pack("medicine").prefix, "20261123", 7).startswith("MD-20261123-")


@pytest.mark.parametrize(("expires_on", "kept_until"), [
    ("2027-06-30", date(2028, 6, 30)),
    ("2024-02-29", date(2027, 11, 23)),
    (None, date(2032, 11, 23)),
])  # fmt: skip
def test_s19_4_the_record_is_kept_until_one_year_after_the_products_expiry(expires_on, kept_until):
    assert catalogued("medicine", expires_on).retain_until == kept_until


def test_s20_1_only_quality_assurance_handles():
    assert set(departments("medicine-gmp").values()) == {"质量保证部"}


def test_s20_1_out_of_hours_the_duty_desk_receives():
    assert admitted("medicine-gmp", "duty-desk") == ["duty-desk"]


def test_s20_2_minor_quality_is_answered_within_one_week():
    assert limit("medicine-gmp", "resolution") == "1 week (S20.2)"


def test_s20_2_a_week_that_ends_in_the_holidays_ends_after_them():
    assert due("medicine-gmp", "resolution", "2026-09-25 10:00") == "2026-10-08 18:00"


def test_s20_5_class_3_is_reported_at_once_to_the_quality_vice_president():
    assert ("质量副总", "15 minutes") in alerted("medicine-gmp", "critical")


@pytest.mark.parametrize("milestone", ["first-reply", "investigation", "resolution"])
def test_s20_5_class_3_is_handled_day_and_night(milestone):
    assert pack("medicine-gmp").targets_for(severity="critical")[milestone].within.elapsed is not None


def test_s20_5_class_3_at_three_in_the_morning_of_a_holiday_is_answered_by_four():
    assert due("medicine-gmp", "first-reply", "2026-10-03 03:00", severity="critical") == "2026-10-03 04:00"


def test_s20_5_class_3_climbs_to_the_general_manager():
    last = pack("medicine-gmp").ladder_for("critical")[-1]

    assert pack("medicine-gmp").roles[last.role]["zh-CN"] == "总经理"


@pytest.mark.parametrize("prefix", [regulation.prefix for regulation in PACKS])
def test_s20_6_the_number_has_three_groups_of_letters_and_digits(prefix):
    assert re.fullmatch(r"[A-Z]+-\d{8}-[0-9A-Z]{6}", complaint_number(prefix, "20261123", 7))


def test_s20_7_records_are_kept_to_expiry_plus_one_year():
    assert catalogued("medicine-gmp", "2027-06-30").retain_until == date(2028, 6, 30)
