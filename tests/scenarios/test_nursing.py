"""S14: complaints about nursing and care."""

import pytest

from tests.feedback.builders import LI, after, registered, resolved
from tests.scenarios.given import departments, letters, limit, pack


def test_s14_1_complaints_come_by_phone_box_on_site_and_web_site():
    assert pack("nursing").channels == ("hotline", "suggestion-box", "web")


def test_s14_2_a_complaint_is_accepted_at_once():
    assert pack("nursing").admissibility is None


@pytest.mark.parametrize("milestone", ["acknowledgement", "first-reply"])
def test_s14_2_process_and_time_nodes_are_told_within_24_hours(milestone):
    assert limit("nursing", milestone) == "24 hours (S14.2)"


def test_s14_3_a_handling_team_deals_with_every_complaint():
    assert set(departments("nursing").values()) == {"投诉处理团队"}


async def test_s14_4_the_result_tells_which_further_remedies_exist():
    assert "12315" in (await letters("nursing", resolved()))["answer"]


@pytest.mark.parametrize(("round_", "last"), [(3, False), (4, True)])
def test_s14_4_after_the_rounds_of_consent_comes_the_last_answer(round_, last):
    assert pack("nursing").is_last(round_) is last


async def test_s14_4_the_last_answer_says_that_it_is_and_what_else_is_open():
    last = resolved().model_copy(update={"last": True}).enveloped(resolved().envelope)

    body = (await letters("nursing", last))["answer"]

    assert ("最终答复" in body, "调解" in body) == (True, True)


def test_s14_6_nothing_of_the_person_is_kept_in_clear():
    kept = after(registered(regulation="nursing")).model_dump_json()

    assert [value for value in LI.values() if value and value in kept] == []
