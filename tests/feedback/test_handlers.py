import itertools
from datetime import timedelta

import pytest

from services.feedback.handlers import SUBSCRIPTIONS
from services.feedback.model import Conversation
from shared.contracts.event import Event
from shared.contracts.feedback import OutcomeDelivered, ReceiptDelivered, ReceiptFailed
from shared.contracts.intake import ComplaintDeclined, ComplaintWithdrawn
from shared.contracts.routing import CaseProgressed
from shared.errors import NotYet
from shared.messenger import NotSent, Refused, Unreachable
from shared.privacy import Keyring
from tests.feedback.builders import (
    LI,
    MONDAY,
    NUMBER,
    REGULATION,
    PigeonHole,
    a_context,
    after,
    registered,
    reopened,
    resolved,
    rung,
    said,
    sealed,
    travelled,
)

NOBODY = {"name": "", "phone": "", "email": "", "address": ""}


async def letter_after(*events: Event) -> str:
    """The text of the last letter that these events bring about."""
    pigeons = PigeonHole()
    await rung(after(*events), a_context(messenger=pigeons))
    return pigeons.mailings[-1].body


async def test_one_alarm_sends_every_letter_that_waits():
    pigeons = PigeonHole()

    await rung(after(registered(), resolved()), a_context(messenger=pigeons))

    assert [mailing.name for mailing in pigeons.mailings] == ["receipt-1", "answer-1"]


async def test_a_delivered_receipt_names_the_way_it_went():
    conversation = await rung(after(registered()), a_context())

    assert conversation.recorded == [ReceiptDelivered(via="pigeon", at=MONDAY)]
    assert conversation.alarm_at is None


async def test_the_receipt_names_number_promises_steps_and_where_to_look():
    body = await letter_after(registered())

    assert NUMBER in body
    assert "告知处理结果：不迟于 2026-11-30 18:00" in body
    assert "1. 接收投诉并登记" in body
    assert f"https://complaints.example/intake/complaints/{NUMBER}?token={NUMBER}.track." in body


async def test_the_receipt_says_in_words_how_each_deadline_was_counted():
    deadline = REGULATION.deadlines(MONDAY)["resolution"]

    chinese, english = await letter_after(registered()), await letter_after(registered(language="en"))

    assert [deadline.explain("zh-CN") in chinese, deadline.explain("en") in english] == [True, True]


async def test_the_receipt_counts_by_the_edition_of_the_calendar_that_it_was_registered_under():
    with pytest.raises(NotYet):
        await letter_after(registered(calendar_edition=99))


async def test_the_receipt_is_written_in_the_complainants_language():
    body = await letter_after(registered(language="en"))

    assert body.startswith("Dear 李明,")
    assert "- outcome: by 2026-11-30 18:00" in body


async def test_the_answer_is_opened_and_says_how_to_agree_and_what_silence_means():
    body = await letter_after(registered(), resolved(text="更换{新品}，退一赔三。"))

    assert "更换{新品}，退一赔三。" in body
    assert f"/feedback/conversations/{NUMBER}.answer-1." in body
    assert "如至 2026-11-30 18:00 未收到您的意见" in body


async def test_the_answer_says_which_further_remedies_exist():
    assert "12315" in await letter_after(registered(), resolved())


async def test_the_letter_of_a_declined_complaint_gives_the_reason():
    declined = travelled(ComplaintDeclined(by="officer", reason="不属于受理范围"))

    assert "理由：不属于受理范围" in await letter_after(registered(), declined)


async def test_the_letter_of_a_withdrawn_complaint_confirms_it():
    assert "已撤回" in await letter_after(registered(), travelled(ComplaintWithdrawn()))


async def test_progress_meant_for_the_complainant_is_written_to_them():
    step = travelled(CaseProgressed(step="现场检测", note=sealed("已取样"), visible_to_complainant=True))

    body = await letter_after(registered(), step)

    assert "现场检测\n已取样" in body


def test_progress_not_meant_for_the_complainant_is_kept_inside():
    conversation = after(registered(), travelled(CaseProgressed(step="内部会商")))

    assert [letter.kind for letter in conversation.letters] == ["receipt"]


async def test_the_closing_letter_links_to_the_survey():
    pigeons = PigeonHole()
    conversation = await rung(after(registered(), resolved()), a_context(messenger=pigeons))
    until = conversation.alarm_at
    assert until

    await rung(conversation, a_context(until))
    await rung(conversation, a_context(until + timedelta(seconds=1), pigeons))

    assert pigeons.mailings[-1].kind == "closing"
    assert f"/feedback/surveys/{NUMBER}.survey." in pigeons.mailings[-1].body


async def test_a_letter_that_did_not_go_out_is_tried_again_with_growing_pauses():
    conversation, now, tries = after(registered()), MONDAY, []

    while conversation.alarm_at:
        now = conversation.alarm_at
        tries.append(now - MONDAY)
        await rung(conversation, a_context(now, PigeonHole(NotSent("down"))))

    assert tries == [timedelta(0), timedelta(minutes=1), timedelta(minutes=6)]
    assert conversation.recorded == [ReceiptFailed(via="email", at=now, reason="down")]


async def test_a_letter_that_was_refused_for_good_is_not_tried_again():
    conversation = await rung(after(registered()), a_context(messenger=PigeonHole(Refused("550 unknown"))))

    assert conversation.recorded == [ReceiptFailed(via="email", at=MONDAY, reason="550 unknown")]


async def test_one_letter_that_stumbles_does_not_hold_up_the_next():
    pigeons = PigeonHole(NotSent("down"))

    await rung(after(registered(), resolved()), a_context(messenger=pigeons))

    assert [mailing.name for mailing in pigeons.mailings] == ["answer-1"]


async def test_an_answer_to_somebody_no_messenger_reaches_is_delivered_by_tracking():
    conversation = after(registered(dict(NOBODY, phone="13912345678")), resolved())

    await rung(conversation, a_context(messenger=PigeonHole(Unreachable("no mail"), Unreachable("no mail"))))

    assert conversation.recorded[-1] == OutcomeDelivered(round=1, via="tracking", reason="no mail")


async def test_letters_about_a_destroyed_record_fail_instead_of_being_tried_for_ever():
    conversation = await rung(after(registered()), a_context(keyring=Keyring()))

    assert said(conversation) == ["receipt.failed"]
    assert conversation.alarm_at is None


async def test_the_note_on_a_sent_letter_holds_on_a_newer_state_too():
    conversation = after(registered())
    assert SUBSCRIPTIONS.effect
    note = await SUBSCRIPTIONS.effect(conversation, a_context())
    newer = after(registered(), resolved())

    note(newer)

    assert [letter.state for letter in newer.letters] == ["sent", "waiting"]


def test_the_anonymous_without_any_address_have_their_receipt_in_hand():
    conversation = after(registered(NOBODY, anonymous=True))

    assert conversation.recorded == [ReceiptDelivered(via="in-hand", at=MONDAY)]


def test_the_anonymous_with_an_address_are_written_to():
    assert [letter.kind for letter in after(registered(LI, anonymous=True)).letters] == ["receipt"]


def test_a_complaint_registered_again_under_its_number_changes_nothing():
    conversation = after(registered())

    assert SUBSCRIPTIONS.handle(conversation, registered(), a_context()) is conversation


def test_whatever_comes_before_the_registration_waits_for_it():
    with pytest.raises(NotYet):
        SUBSCRIPTIONS.handle(None, resolved(), a_context())


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_any_order_the_broker_may_choose_comes_to_the_same(order: tuple[int, ...]):
    events = [registered(), resolved(1), reopened(), resolved(2, "退款")]
    pending, conversation = [events[place] for place in order], None

    for _ in events:
        for event in list(pending):
            conversation, done = _attempt(conversation, event)
            if done:
                pending.remove(event)

    assert conversation is not None
    assert (pending, conversation.status, conversation.round) == ([], "answered", 2)
    assert conversation.answer.text == events[-1].answer


def _attempt(conversation: Conversation | None, event: Event) -> tuple[Conversation | None, bool]:
    try:
        return SUBSCRIPTIONS.handle(conversation, event, a_context()), True  # type: ignore[return-value]
    except NotYet:
        return conversation, False
