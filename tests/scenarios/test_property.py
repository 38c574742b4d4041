"""S6: complaints to the property management."""

import pytest

from services.feedback.model import Attempt
from tests.feedback.builders import MONDAY, after, registered
from tests.routing.given import a_case, later
from tests.scenarios.given import admitted, due, limit, pack

DAY_AND_NIGHT = ("acknowledgement", "first-reply", "resolution")


def test_s6_1_front_desk_letter_phone_and_wechat_are_taken():
    channels = ["front-desk", "letter", "hotline", "wechat", "sms", "email"]

    assert admitted("property", *channels) == channels


def test_s6_2_time_and_place_are_taken_down():
    assert pack("property").requires == ("occurred_at", "place")


def test_s6_3_a_handler_is_named():
    case = a_case(regulation="property")

    case.accept(by="desk", handler="王师傅", at=later(5))

    assert case.recorded[-1].handler == "王师傅"


def test_s6_4_the_next_measures_are_told_within_24_hours():
    assert limit("property", "first-reply") == "24 hours (S6.4)"


@pytest.mark.parametrize(
    "text", ["老人被困在电梯里半小时", "楼道里有煤气味", "地下室水管爆裂", "We smell gas, a gas leak!"]
)
def test_s6_5_danger_to_persons_or_property_is_recognised(text):
    assert pack("property").severity_of(text).severity == "critical"


@pytest.mark.parametrize("milestone", DAY_AND_NIGHT)
def test_s6_5_danger_has_a_clock_that_runs_through_nights_and_holidays(milestone):
    assert pack("property").targets_for(severity="critical")[milestone].within.elapsed is not None


def test_s6_5_danger_at_night_in_the_holidays_is_answered_within_minutes():
    assert due("property", "first-reply", "2026-10-03 03:00", severity="critical") == "2026-10-03 03:15"


def test_s6_6_the_result_of_a_general_complaint_comes_within_3_working_days():
    assert limit("property", "resolution") == "3 working days (S6.6)"


def test_s6_7_of_every_notification_the_proof_is_kept():
    conversation = after(registered(regulation="property"))

    conversation.note(Attempt("receipt-1", "sent", "sms"), at=MONDAY, regulation=pack("property"))

    receipt = conversation.letters[0]
    assert (receipt.state, receipt.via, receipt.settled_at) == ("sent", "sms", MONDAY)
