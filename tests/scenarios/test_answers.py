"""What the regulations want of an answer's own words, and of what is written once a complaint is closed."""

from dataclasses import replace
from typing import Any

import pytest

from services.routing.casework.answer import sum_up
from services.routing.casework.department import obey
from services.routing.classifier import Classifier, load_lexicon
from services.routing.handlers import on_complaint_closed
from services.routing.kit import Kit
from services.routing.model import AnswerIncomplete
from shared.contracts.departments import Resolution, Summary
from shared.contracts.feedback import ComplaintClosed
from shared.contracts.routing import CaseProgressed
from shared.contracts.values import Outcome
from shared.errors import WrongState
from tests.scenarios.desk import Desk
from tests.scenarios.test_casework import CORPORATE

KIT = Kit(Classifier(load_lexicon()), "https://complaints.example")
COMPLETE = "非常抱歉给您带来不便。维修班今天已到场，接下来三个工作日内将更换门锁。"
CLOSED = ComplaintClosed(outcome="upheld", agreed=False, rounds=1)


def a_desk(regulation: str, **fields: Any) -> Desk:
    """A desk that knows what a text is about."""
    desk = Desk(regulation, **fields)
    desk.context = replace(desk.context, kit=KIT)
    return desk


def lacks(desk: Desk, answer: str, outcome: Outcome = "upheld", **fields: Any) -> list[str]:
    """What the answer is said to lack; nothing where it goes out."""
    try:
        obey(desk.case, Resolution(outcome=outcome, answer=answer, **fields), "amy", desk.context)
    except AnswerIncomplete as refused:
        return [fault["detail"] for fault in refused.extra["errors"]]
    return []


@pytest.mark.parametrize(
    ("answer", "lacking"),
    [
        (COMPLETE, []),
        ("We are sorry. We will change the lock within 3 days.", []),
        ("维修班今天已到场，接下来三个工作日内将更换门锁。", ["the answer does not apologise (S6.8)"]),
        ("非常抱歉，将更换门锁。", ["the answer does not say when (S6.8)"]),
        ("非常抱歉，昨天换了门锁，用了两小时。", ["the answer does not say what happens next (S6.8)"]),
    ],
)
def test_s6_8_a_reply_apologises_and_states_next_steps_and_times(answer: str, lacking: list[str]) -> None:
    assert lacks(a_desk("property"), answer) == lacking


def test_s6_8_what_is_not_upheld_is_answered_without_an_apology() -> None:
    assert lacks(a_desk("property"), "今天已核实，物业将继续巡查。", "not-upheld") == []


def test_s6_8_each_of_several_questions_is_answered() -> None:
    tags = ["service/attitude", "other/fees"]

    one = lacks(a_desk("property", tags=tags), f"{COMPLETE}前台人员态度恶劣，已批评教育。")
    both = lacks(
        a_desk("property", tags=tags), f"{COMPLETE}前台人员态度恶劣，已批评教育；多收的停车费已退还，收费标准已公示。"
    )

    assert (one, both) == (["the answer does not come to other/fees (S6.8)"], [])


def test_s6_8_what_was_said_in_other_words_goes_out_when_somebody_has_checked_it() -> None:
    assert lacks(a_desk("property"), "换好了。", wording_checked=True) == []


@pytest.mark.parametrize(
    ("answer", "word"), [("该问题已闭环。", "闭环"), ("根因已确认。", "根因"), ("A CAPA was opened.", "CAPA")]
)
def test_s10_4_feedback_is_given_in_plain_language(answer: str, word: str) -> None:
    desk = a_desk("corporate")
    desk.note(*CORPORATE)

    assert lacks(desk, answer, "not-upheld", finding="经查不属实。") == [
        f"the answer says {word}, which not everybody understands (S10.4)"
    ]


def test_s10_4_words_that_everybody_understands_go_out() -> None:
    desk = a_desk("corporate")
    desk.note(*CORPORATE)

    assert lacks(desk, "我们查过了，当天门店没有营业。", "not-upheld", finding="经查不属实。") == []


def a_closed_desk(regulation: str) -> Desk:
    """A complaint that was answered and closed."""
    desk = a_desk(regulation, category="service")
    desk.case.status = "answered"
    on_complaint_closed(desk.case, CLOSED, desk.context)
    return desk


def test_s3_5_after_closing_causes_and_lessons_are_owed() -> None:
    assert [a_closed_desk(name).case.to_sum_up for name in ("corporate", "service-quality")] == [True, False]


def test_s3_5_the_summary_says_causes_and_lessons_and_is_on_record_for_the_file() -> None:
    desk = a_closed_desk("corporate")

    sum_up(desk.case, Summary(causes="排班不足", lessons="节假日加派人手"), by="amy", context=desk.context)

    said = desk.case.recorded[-1]
    assert isinstance(said, CaseProgressed)
    assert said.note
    assert desk.context.keyring.open(said.note, desk.case.number) == "排班不足\n\n节假日加派人手"
    assert (said.step, said.visible_to_complainant, desk.case.to_sum_up) == ("summary", False, False)


def test_s3_5_nothing_is_summed_up_before_it_is_closed() -> None:
    desk = a_desk("corporate")

    with pytest.raises(WrongState):
        sum_up(desk.case, Summary(causes="排班不足", lessons="加派人手"), by="amy", context=desk.context)
