"""S18: complaints of owners and residents."""

import pytest

from services.routing.classifier import Classifier, load_lexicon
from services.routing.handlers import on_complaint_registered
from services.routing.kit import Kit
from services.routing.model import Case
from services.routing.visibility import sees
from shared.handling import Context
from shared.identity import Caller
from shared.privacy import Keyring
from tests.feedback.builders import KEY, MONDAY, TOKENS, registered
from tests.scenarios.given import PACKS, alerted, limit, pack, steps


def test_s18_1_time_place_and_name_are_taken_down_beside_contact_and_content():
    assert set(pack("residents").requires) == {"occurred_at", "place", "complainant.name"}


def test_s18_2_a_complaint_is_handed_to_its_department_at_once():
    kit = Kit(Classifier(load_lexicon()), "https://complaints.example")

    case = on_complaint_registered(
        None, registered(regulation="residents"), Context(MONDAY, PACKS, Keyring([KEY]), TOKENS, kit)
    )

    assert (case.status, case.department) == ("assigned", "engineering")


def test_s18_2_whoever_complains_hears_of_it_the_same_day():
    assert limit("residents", "first-reply") == "same day (S18.2)"


def about(respondent: str) -> Case:
    """A complaint about the lift, or whoever is to mend it."""
    kit = Kit(Classifier(load_lexicon()), "https://complaints.example")
    complaint = registered(regulation="residents", respondent=respondent)
    return on_complaint_registered(None, complaint, Context(MONDAY, PACKS, Keyring([KEY]), TOKENS, kit))


def test_s18_3_for_a_fair_outcome_a_complaint_about_a_department_goes_to_another_one_and_says_why():
    case = about("工程维修部")

    assert (case.department, case.because[-1]) == (
        "general-affairs", "it is about engineering, so general-affairs answers it (S18.3)",
    )  # fmt: skip


def test_s18_3_for_a_fair_outcome_whoever_a_complaint_is_about_does_not_see_it():
    colleagues = [
        Caller("staff", name, frozenset({"handler"}), frozenset({"engineering"})) for name in ("李强", "王芳")
    ]

    assert [sees(colleague, about("维修工李强")) for colleague in colleagues] == [False, True]


def test_s18_3_the_complainant_is_told_an_outcome_with_its_reasons():
    assert any("公开、公正地告知处理结果" in step for step in steps("residents"))


@pytest.mark.parametrize(
    "text", ["邻居威胁要打人", "对方恶意堵门", "此事涉及商业机密", "我已请律师，准备起诉", "He threatened the guard"]
)
def test_s18_5_malicious_conduct_secrets_and_law_are_exceptions(text):
    assert "(S18.5)" in pack("residents").severity_of(text).because[0]


def test_s18_5_exceptions_are_reported_to_the_superior():
    assert alerted("residents", "major") == [("上级", "30 minutes")]
