"""Until when a department has to answer: as on the receipt, and as it was moved since, told by the work order."""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from services.routing.classifier import Classifier, load_lexicon
from services.routing.handlers import SUBSCRIPTIONS
from services.routing.kit import Kit
from services.routing.model import Case
from shared.contracts.departments import ResolveReply, WorkOrder
from shared.contracts.event import Message
from shared.contracts.feedback import OutcomeDisputed
from shared.contracts.intake import ComplaintAccepted
from shared.contracts.sla import Counting, Standstill, TargetDropped, TargetMoved
from shared.errors import NotYet
from shared.handling import Context
from shared.privacy import Keyring, Tokens
from shared.regulations import load_regulations
from shared.testing.builders import BEGAN, a_number, registered, travelled
from shared.testing.calendars import as_they_were
from shared.testing.keys import a_key
from shared.worktime import CALENDARS, CalendarEdition

KEY, NUMBER = a_key(), a_number()
WITHIN = "5 working days"
LATER = BEGAN + timedelta(days=20)


@cache
def classifier() -> Classifier:
    return Classifier(load_lexicon())


def after(hours: float) -> datetime:
    return BEGAN + timedelta(hours=hours)


def hear(case: Case | None, message: Message, at: datetime = BEGAN) -> Case:
    context = Context(at, load_regulations(), Keyring([KEY]), Tokens(b"k" * 32), Kit(classifier(), "https://redress"))
    heard: Any = SUBSCRIPTIONS.handle(case, travelled(message, NUMBER, at), context)
    return heard  # type: ignore[no-any-return]


def a_case(**changes: Any) -> Case:
    return hear(None, registered(NUMBER, KEY, **changes))


def moved(due_at: datetime = LATER, *pauses: Standstill, edition: int = 0, **fields: Any) -> TargetMoved:
    counting = Counting(start=BEGAN, within=WITHIN, calendar="cn", edition=edition, pauses=pauses)
    return TargetMoved(milestone="resolution", due_at=due_at, counting=counting, **fields)


def answered(case: Case) -> Case:
    return hear(case, ResolveReply(number=NUMBER, by="amy", outcome="upheld", answer="换新。"), after(2))


def orders(case: Case) -> list[WorkOrder]:
    return [message for message in case.recorded if isinstance(message, WorkOrder)]


def shut(day: date) -> CalendarEdition:
    days = [{"first": day, "worked": False, "reason": "检修"}]
    return CalendarEdition.model_validate({"name": "cn", "version": 1, "title": "公司", "days": days})


def test_a_department_at_work_is_told_of_a_deadline_that_moved() -> None:
    case = hear(a_case(), moved(), after(1))

    assert (orders(case)[-1].due["resolution"], case.due_at) == (LATER, LATER)


def test_a_moved_deadline_is_told_with_what_it_waited_for() -> None:
    case = hear(a_case(), moved(LATER, Standstill(since=after(24), until=after(48), reason="照片")), after(49))

    assert any("照片" in line for line in orders(case)[-1].derivation["resolution"])


def test_what_the_department_was_told_already_is_not_told_again() -> None:
    case = a_case()

    hear(case, moved(orders(case)[-1].due["resolution"]), after(1))

    assert len(orders(case)) == 1


def test_of_two_moves_the_later_counts_whichever_comes_last() -> None:
    case = hear(hear(a_case(), moved(LATER), after(2)), moved(LATER - timedelta(days=9)), after(1))

    assert (case.due_at, len(orders(case))) == (LATER, 2)


def test_what_is_due_no_more_does_not_stand_in_the_work_order() -> None:
    case = hear(hear(a_case(), moved(), after(1)), TargetDropped(milestone="resolution", due_at=LATER), after(2))

    assert ("resolution" in orders(case)[-1].due, case.due_at) == (False, None)


def test_a_case_that_waits_for_nobody_any_more_is_not_ordered_again() -> None:
    case = answered(a_case())

    hear(case, moved(), after(3))

    assert len(orders(case)) == 1


def test_what_moved_the_answer_of_an_earlier_round_does_not_move_the_next_one() -> None:
    case = answered(hear(a_case(), moved(), after(1)))

    hear(case, OutcomeDisputed(round=1, reason="nobody came"), after(3))

    assert orders(case)[-1].due["resolution"] == CALENDARS.get("cn").deadline(after(3), _limit()).due_at


def test_what_moves_the_answer_of_this_round_counts() -> None:
    case = hear(answered(a_case()), OutcomeDisputed(round=1, reason="nobody came"), after(3))

    hear(case, moved(), after(4))

    assert orders(case)[-1].due["resolution"] == LATER


def test_what_counts_from_acceptance_stands_in_the_first_work_order() -> None:
    case = a_case(regulation="vehicle-repair")

    hear(case, ComplaintAccepted(by="olga"), after(1))
    (order,) = orders(case)
    hear(case, moved(order.due["resolution"]), after(1))

    assert (len(orders(case)), case.due_at) == (1, order.due["resolution"])


def test_a_department_is_told_what_the_receipt_says_whatever_edition_came_into_force_since() -> None:
    before = orders(a_case(calendar_edition=0))[0].due

    with as_they_were():
        CALENDARS.enter(shut(BEGAN.date() + timedelta(days=1)))

        assert orders(a_case(calendar_edition=0))[0].due == before


def test_a_move_by_an_edition_that_is_not_known_here_is_waited_with() -> None:
    with pytest.raises(NotYet):
        hear(a_case(), moved(edition=99), after(1))


def _limit() -> Any:
    return load_regulations().get("service-quality").targets_for()["resolution"].within
