"""S7: complaints about vehicle repair."""

import pytest
from pydantic import ValidationError

from services.intake.forms import Decision
from shared.contracts.intake import ComplaintDeclined
from tests.feedback.builders import travelled
from tests.scenarios.given import due, letters, limit, pack


def test_s7_1_four_tests_decide_whether_a_complaint_is_admissible():
    assert pack("vehicle-repair").admissibility.tests == (
        "direct-interest", "definite-respondent", "specific-claim", "within-scope",
    )  # fmt: skip


def test_s7_1_respondent_and_claim_are_taken_down():
    assert {"respondent", "claim"} <= set(pack("vehicle-repair").requires)


def test_s7_2_a_complaint_is_reviewed_the_day_it_arrives():
    assert str(pack("vehicle-repair").admissibility.review) == "same day"


@pytest.mark.parametrize(("received", "decided"), [
    ("2026-11-23 10:00", "2026-11-24 18:00"), ("2026-09-30 10:00", "2026-10-08 18:00"),
])  # fmt: skip
def test_s7_2_it_is_accepted_or_declined_the_next_day(received, decided):
    assert due("vehicle-repair", "decision", received) == decided


def test_s7_2_nobody_declines_without_a_reason():
    with pytest.raises(ValidationError, match="declined with a reason"):
        Decision(decision="decline")


async def test_s7_2_a_refusal_states_its_reason():
    declined = travelled(ComplaintDeclined(by="officer", reason="不属于车辆维修服务范畴"))

    assert "理由：不属于车辆维修服务范畴" in (await letters("vehicle-repair", declined))["declined"]


def test_s7_3_the_result_comes_within_5_working_days_of_acceptance():
    target = pack("vehicle-repair").targets_for()["resolution"]

    assert (limit("vehicle-repair", "resolution"), target.starts) == ("5 working days (S7.3)", "acceptance")


def test_s7_5_complainant_respondent_and_claim_stand_in_the_file():
    assert pack("vehicle-repair").requires == ("complainant.name", "respondent", "claim")
