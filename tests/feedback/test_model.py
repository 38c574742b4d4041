from datetime import timedelta

import pytest

from services.feedback.model import AlreadyAnswered, Answer, Attempt, Conversation, Superseded, SurveyClosed
from shared.contracts.feedback import (
    ComplaintClosed,
    OutcomeAgreed,
    OutcomeDelivered,
    OutcomeDisputed,
    ReceiptDelivered,
    ReceiptFailed,
    SurveyCompleted,
    SurveyExpired,
)
from shared.errors import NotFound, NotYet, WrongState
from tests.feedback.builders import MONDAY, REGULATION, registered, sealed

LATER = MONDAY + timedelta(hours=1)


def a_conversation(**fields: object) -> Conversation:
    return Conversation.begin(registered(**fields), reachable=True, at=MONDAY)


def answered(conversation: Conversation, round_: int = 1) -> Conversation:
    conversation.put_answer(an_answer(), round_, at=MONDAY, regulation=REGULATION)
    return conversation


def delivered(conversation: Conversation, round_: int = 1) -> Conversation:
    note(answered(conversation, round_), f"answer-{round_}")
    return conversation


def an_answer() -> Answer:
    return Answer(text=sealed("为您更换新品。"), outcome="upheld")


def note(conversation: Conversation, letter: str, result: str = "sent", **more: object) -> None:
    conversation.note(Attempt(letter, result, "email", **more), at=LATER, regulation=REGULATION)  # type: ignore[arg-type]


def agree(conversation: Conversation, round_: int = 1) -> None:
    conversation.agree(round_, at=LATER, regulation=REGULATION)


def dispute(conversation: Conversation, round_: int = 1) -> None:
    conversation.dispute(round_, reason="仍然漏电", at=LATER, regulation=REGULATION)


def closed() -> Conversation:
    conversation = delivered(a_conversation())
    agree(conversation)
    return conversation


def test_a_new_complaint_has_a_receipt_waiting_and_is_woken_for_it_at_once():
    conversation = a_conversation()

    assert ([letter.name for letter in conversation.waiting(MONDAY)], conversation.alarm_at) == (["receipt-1"], MONDAY)


def test_whoever_left_no_address_was_given_the_receipt_at_registration():
    conversation = Conversation.begin(registered(), reachable=False, at=MONDAY)

    assert conversation.recorded == [ReceiptDelivered(via="in-hand", at=MONDAY)]
    assert conversation.alarm_at is None


def test_a_sent_receipt_is_delivered():
    conversation = a_conversation()

    note(conversation, "receipt-1")

    assert conversation.recorded == [ReceiptDelivered(via="email", at=LATER)]


def test_a_receipt_that_did_not_go_out_is_tried_again_when_the_pause_is_over():
    conversation = a_conversation()

    note(conversation, "receipt-1", "again", again_at=LATER + timedelta(minutes=1))

    assert conversation.recorded == []
    assert conversation.alarm_at == LATER + timedelta(minutes=1)


def test_a_receipt_that_failed_for_good_says_so_with_its_reason():
    conversation = a_conversation()

    note(conversation, "receipt-1", "failed", reason="550 no such mailbox")

    assert conversation.recorded == [ReceiptFailed(via="email", at=LATER, reason="550 no such mailbox")]
    assert conversation.waiting(LATER) == []


def test_whoever_stood_at_the_desk_but_has_no_mail_was_given_the_receipt_in_hand():
    conversation = a_conversation(channel="front-desk")

    note(conversation, "receipt-1", "unreachable", reason="no mail address")

    assert conversation.recorded == [ReceiptDelivered(via="in-hand", at=LATER)]


def test_whoever_wrote_a_letter_and_has_no_mail_has_no_receipt():
    conversation = a_conversation(channel="letter")

    note(conversation, "receipt-1", "unreachable", reason="no mail address")

    assert conversation.recorded == [ReceiptFailed(via="email", at=LATER, reason="no mail address")]


def test_the_time_to_object_begins_when_the_answer_is_delivered():
    conversation = delivered(a_conversation())

    assert conversation.recorded == [OutcomeDelivered(round=1, via="email")]
    assert conversation.answer.consent_until == REGULATION.working_calendar.due_at(LATER, REGULATION.consent.silence)


def test_without_an_address_the_answer_is_delivered_by_tracking_at_once():
    conversation = Conversation.begin(registered(), reachable=False, at=MONDAY)

    answered(conversation)

    assert conversation.recorded[-1] == OutcomeDelivered(round=1, via="tracking")


def test_an_answer_that_no_letter_carries_is_there_to_be_read_by_tracking():
    conversation = answered(a_conversation())

    note(conversation, "answer-1", "failed", reason="mailbox full")

    assert conversation.recorded == [OutcomeDelivered(round=1, via="tracking", reason="mailbox full")]


def test_agreeing_closes_the_complaint_and_asks_how_we_did():
    conversation = closed()

    assert conversation.recorded[1:] == [
        OutcomeAgreed(round=1),
        ComplaintClosed(outcome="upheld", agreed=True, rounds=1),
    ]
    assert conversation.letters[-1].kind == "closing"


def test_agreeing_twice_changes_nothing_the_second_time():
    conversation = closed()
    before = conversation.model_copy(deep=True)

    agree(conversation)

    assert conversation == before


def test_whoever_agreed_cannot_dispute_afterwards():
    conversation = closed()

    with pytest.raises(AlreadyAnswered):
        dispute(conversation)


def test_a_dispute_says_why_and_leaves_the_complaint_open_for_another_round():
    conversation = delivered(a_conversation())

    dispute(conversation)

    assert conversation.recorded[-1] == OutcomeDisputed(round=1, reason="仍然漏电")
    assert conversation.status == "disputed"


def test_whoever_disputed_is_not_taken_to_agree_by_silence():
    conversation = delivered(a_conversation())
    dispute(conversation)

    conversation.ring(LATER + timedelta(days=365), REGULATION)

    assert conversation.status == "disputed"


def test_a_reply_before_the_letter_arrived_counts_as_delivery_by_tracking():
    conversation = answered(a_conversation())

    agree(conversation)

    assert conversation.recorded[0] == OutcomeDelivered(round=1, via="tracking")
    assert [letter.name for letter in conversation.waiting(LATER)] == ["receipt-1", "closing-1"]


def test_the_link_of_an_earlier_answer_no_longer_decides():
    conversation = delivered(a_conversation())
    dispute(conversation)
    conversation.reopen()
    answered(conversation, 2)

    with pytest.raises(Superseded):
        agree(conversation, 1)


def test_a_second_answer_can_be_agreed_with_after_the_first_was_disputed():
    conversation = delivered(a_conversation())
    dispute(conversation)
    conversation.reopen()
    delivered(conversation, 2)

    agree(conversation, 2)

    assert conversation.recorded[-1] == ComplaintClosed(outcome="upheld", agreed=True, rounds=2)


def test_nothing_can_be_agreed_with_while_the_matter_is_looked_at_again():
    conversation = delivered(a_conversation())
    conversation.reopen()

    with pytest.raises(WrongState):
        agree(conversation)


def test_nothing_can_be_agreed_with_before_there_is_an_answer():
    with pytest.raises(WrongState):
        agree(a_conversation(), 0)


@pytest.mark.parametrize("rounds", [1, 3, 4])
def test_a_dispute_never_closes_the_complaint_however_many_rounds_there_were(rounds: int):
    conversation = a_conversation()

    for round_ in range(1, rounds + 1):
        delivered(conversation, round_)
        dispute(conversation, round_)
        conversation.reopen()

    assert not any(isinstance(message, ComplaintClosed) for message in conversation.recorded)


def test_an_answer_that_has_overtaken_the_one_before_waits_for_it():
    with pytest.raises(NotYet):
        answered(a_conversation(), 2)


def test_an_answer_that_has_overtaken_the_reopening_waits_for_it():
    with pytest.raises(NotYet):
        answered(delivered(a_conversation()), 2)


def test_a_reopening_that_has_overtaken_the_answer_waits_for_it():
    with pytest.raises(NotYet):
        a_conversation().reopen()


def test_a_reopened_answer_whose_letter_still_waits_is_not_sent_any_more():
    conversation = answered(a_conversation())

    conversation.reopen()

    assert [letter.name for letter in conversation.waiting(LATER)] == ["receipt-1"]


def test_silence_until_the_time_to_object_is_over_counts_as_agreement():
    conversation = delivered(a_conversation())
    until = conversation.answer.consent_until
    assert until

    conversation.ring(until, REGULATION)

    assert conversation.recorded[1:] == [
        OutcomeAgreed(round=1, reason="silence"),
        ComplaintClosed(outcome="upheld", agreed=True, rounds=1),
    ]


def test_silence_does_not_count_a_moment_too_early():
    conversation = delivered(a_conversation())
    until = conversation.answer.consent_until
    assert until

    conversation.ring(until - timedelta(milliseconds=1), REGULATION)

    assert (conversation.status, conversation.alarm_at) == ("answered", MONDAY)


def test_an_undelivered_answer_is_never_agreed_with_by_silence():
    conversation = answered(a_conversation())

    conversation.ring(LATER + timedelta(days=365), REGULATION)

    assert conversation.status == "answered"


def test_a_declined_complaint_is_closed_and_its_letter_says_why():
    conversation = a_conversation()

    conversation.decline("不属于受理范围", at=LATER)

    assert conversation.recorded == [ComplaintClosed(outcome="declined", agreed=False, rounds=0)]
    assert conversation.letters[-1].text == "不属于受理范围"


def test_a_withdrawn_complaint_is_closed_and_its_letter_confirms_it():
    conversation = a_conversation()

    conversation.withdraw(at=LATER)

    assert conversation.recorded == [ComplaintClosed(outcome="withdrawn", agreed=False, rounds=0)]
    assert conversation.letters[-1].kind == "withdrawn"


def test_what_happens_after_the_end_changes_nothing():
    conversation = a_conversation()
    conversation.withdraw(at=LATER)
    before = conversation.model_copy(deep=True)

    answered(conversation)
    conversation.reopen()
    conversation.decline("too late", at=LATER)
    conversation.report_progress("inspection", None, at=LATER)

    assert conversation == before


def test_progress_that_the_answer_has_overtaken_is_not_reported():
    conversation = answered(a_conversation())

    conversation.report_progress("inspection", None, at=LATER)

    assert not any(letter.kind == "progress" for letter in conversation.letters)


def test_nobody_is_asked_about_a_complaint_that_was_declined():
    conversation = a_conversation()
    conversation.decline("out of scope", at=LATER)

    with pytest.raises(NotFound):
        conversation.complete_survey(SurveyCompleted(csat=5), "f")


def test_a_completed_survey_is_published_once_however_often_it_is_sent():
    conversation = closed()
    said = SurveyCompleted(csat=4, nps=9, ces=6)

    conversation.complete_survey(said, "f")
    conversation.complete_survey(said, "f")

    assert conversation.recorded[3:] == [said]


def test_a_survey_is_answered_once():
    conversation = closed()
    conversation.complete_survey(SurveyCompleted(csat=4), "f")

    with pytest.raises(AlreadyAnswered):
        conversation.complete_survey(SurveyCompleted(csat=1), "g")


def test_a_survey_is_reminded_of_as_often_as_the_regulation_says_and_then_expires():
    conversation = closed()
    for letter in [letter.name for letter in conversation.letters if letter.state == "waiting"]:
        note(conversation, letter)

    while conversation.alarm_at:
        now = conversation.alarm_at
        conversation.ring(now, REGULATION)
        for letter in [letter.name for letter in conversation.waiting(now)]:
            note(conversation, letter)

    assert [letter.name for letter in conversation.letters if letter.kind == "reminder"] == ["reminder-1", "reminder-2"]
    assert conversation.recorded[-1] == SurveyExpired()


def test_an_expired_survey_takes_no_more_answers():
    conversation = closed()
    conversation.ring(conversation.asked_survey.due_at, REGULATION)

    with pytest.raises(SurveyClosed):
        conversation.complete_survey(SurveyCompleted(csat=1), "f")


def test_a_completed_survey_neither_reminds_nor_expires():
    conversation = closed()
    conversation.complete_survey(SurveyCompleted(csat=4), "f")
    before = len(conversation.recorded)

    conversation.ring(conversation.asked_survey.due_at, REGULATION)

    assert len(conversation.recorded) == before


def test_an_attempt_noted_on_a_letter_settled_meanwhile_changes_nothing():
    conversation = a_conversation()
    note(conversation, "receipt-1")

    note(conversation, "receipt-1", "failed", reason="late")

    assert conversation.recorded == [ReceiptDelivered(via="email", at=LATER)]


def test_a_conversation_that_was_stored_is_the_same_again():
    conversation = closed()

    assert Conversation.model_validate(conversation.model_dump()).model_dump() == conversation.model_dump()


def the_last_answer() -> Conversation:
    conversation = a_conversation()
    conversation.put_answer(
        Answer(text=sealed("不属实。"), outcome="not-upheld", last=True), 1, at=MONDAY, regulation=REGULATION
    )
    return conversation


def test_a_dispute_of_the_last_answer_closes_the_complaint_without_agreement():
    conversation = the_last_answer()

    dispute(conversation)

    assert conversation.recorded[-2:] == [
        OutcomeDisputed(round=1, reason="仍然漏电"), ComplaintClosed(outcome="not-upheld", agreed=False, rounds=1),
    ]  # fmt: skip


def test_whoever_does_not_agree_with_the_last_answer_is_asked_how_we_did_like_everybody():
    conversation = the_last_answer()

    dispute(conversation)

    assert (conversation.asked_survey.status, conversation.letters[-1].kind) == ("asked", "closing")


def test_the_last_answer_can_be_agreed_with():
    conversation = the_last_answer()

    agree(conversation)

    assert conversation.status == "agreed"
