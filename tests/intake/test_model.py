"""What a complainant is shown of a complaint, and what may still be done to it."""

import random
from collections.abc import Callable, Sequence
from itertools import permutations

import pytest

from services.intake.handlers import SUBSCRIPTIONS
from services.intake.model import MOST_SUPPLEMENTS, Complaint
from shared.contracts.archive import RecordArchived
from shared.contracts.event import Event
from shared.contracts.feedback import ComplaintClosed
from shared.contracts.intake import ComplaintAccepted, ComplaintDeclined, ComplaintRegistered, ComplaintWithdrawn
from shared.contracts.sla import Counting, TargetMoved
from shared.errors import NotYet, WrongState
from tests.intake.given import (
    RECEIVED,
    SEALED,
    a_complaint,
    accepted,
    heard,
    later,
    reopened,
    resolved,
    routed,
    transferred,
)

BOOKKEEPING = {"moved_at", "moved_by"}
CLOSED = heard(ComplaintClosed(outcome="upheld", agreed=True, rounds=2), 70)
ARCHIVED = heard(RecordArchived(catalogue_number="2026-SQ-1"), 71)
COUNTING = Counting(start=RECEIVED, within="5 working days", calendar="cn")
PROMISES = [
    heard(TargetMoved(milestone="resolution", due_at=later(minute * 100), counting=COUNTING), minute)
    for minute in (1, 12, 33)
]
STORY = [
    routed(10), accepted(20), transferred(30, "quality"), accepted(40), resolved(50), reopened(55), accepted(58),
    resolved(60), CLOSED, ARCHIVED, *PROMISES,
]  # fmt: skip


def hear(complaint: Complaint, events: Sequence[Event]) -> Complaint:
    """Hear the events in this order, those that are not ready again at the end."""
    waiting = list(events)
    for _ in range(200):
        if not waiting:
            return complaint
        event = waiting.pop(0)
        try:
            SUBSCRIPTIONS.events[type(event)](complaint, event, None)  # type: ignore[arg-type]  # none looks at it
        except NotYet:
            waiting.append(event)
    raise AssertionError(f"never ready: {waiting}")


def told(complaint: Complaint) -> list[str]:
    return [entry.what for entry in complaint.timeline]


def test_a_registered_complaint_says_all_that_others_need() -> None:
    complaint = a_complaint(place="广州")

    assert complaint.recorded == [
        ComplaintRegistered(
            channel="hotline", regulation="service-quality", regulation_version="1", received_at=RECEIVED,
            narrative=SEALED, complainant=complaint.complainant, place="广州",
        )
    ]  # fmt: skip


def test_an_acceptance_is_said_and_shown() -> None:
    complaint = a_complaint(needs_decision=True)

    complaint.accept(by="olga", reason="", at=later(1))

    assert (complaint.recorded[-1], told(complaint)[-1]) == (ComplaintAccepted(by="olga"), "accepted")


def test_a_refusal_is_shown_with_its_reason() -> None:
    complaint = a_complaint()

    complaint.decline(by="olga", reason="not ours", at=later(1))

    assert (complaint.recorded[-1], complaint.timeline[-1].note) == (
        ComplaintDeclined(by="olga", reason="not ours"),
        "not ours",
    )


def test_an_assigned_complaint_is_accepted_where_nobody_decides() -> None:
    complaint = hear(a_complaint(), [routed(10)])

    assert told(complaint) == ["registered", "accepted", "assigned"]


def test_a_complaint_that_is_decided_on_is_not_assigned_before() -> None:
    with pytest.raises(NotYet):
        a_complaint(needs_decision=True).assign("service", routed(10))


def test_the_department_of_a_transfer_is_the_one_it_went_to() -> None:
    complaint = hear(a_complaint(), [routed(10), transferred(20, "quality")])

    assert complaint.department == "quality"


def test_a_complaint_may_be_withdrawn_until_it_is_closed() -> None:
    complaint = hear(a_complaint(), [routed(10), resolved(50)])

    complaint.withdraw(by="complainant", reason="settled", at=later(60))

    assert complaint.recorded[-1] == ComplaintWithdrawn(by="complainant", reason="settled")


def decide(complaint: Complaint) -> None:
    complaint.accept(by="olga", reason="", at=later(80))


def decline(complaint: Complaint) -> None:
    complaint.decline(by="olga", reason="not ours", at=later(80))


def withdraw(complaint: Complaint) -> None:
    complaint.withdraw(by="complainant", reason="", at=later(80))


def supplement(complaint: Complaint) -> None:
    complaint.supplement(SEALED, by="complainant", at=later(80))


@pytest.mark.parametrize("command", [decide, decline, withdraw, supplement])
@pytest.mark.parametrize("status", ["closed", "archived", "declined", "withdrawn"])
def test_a_finished_complaint_takes_no_commands(status: str, command: Callable[[Complaint], None]) -> None:
    complaint = a_complaint(status=status)

    with pytest.raises(WrongState):
        command(complaint)


def test_a_complaint_is_added_to_so_often_and_no_more() -> None:
    complaint = a_complaint(supplements=[SEALED] * MOST_SUPPLEMENTS)

    with pytest.raises(WrongState, match="no more can be added"):
        supplement(complaint)


def test_a_new_promise_for_the_same_time_is_not_a_moved_one() -> None:
    complaint = a_complaint(promises={"resolution": later(100)})

    complaint.promise("resolution", later(100), at=later(1))

    assert told(complaint) == ["registered"]


def test_a_moved_promise_is_shown_when_it_moved() -> None:
    complaint = a_complaint(promises={"resolution": later(100)})

    complaint.promise("resolution", later(200), at=later(7))

    assert [(entry.what, entry.at) for entry in complaint.timeline][1:] == [("promise-moved", later(7))]


def test_a_promise_that_is_owed_no_more_is_shown_no_more_and_that_it_was_dropped_is() -> None:
    complaint = a_complaint(promises={"resolution": later(100)})

    complaint.promise("resolution", None, at=later(7))

    assert (complaint.promises, told(complaint)[-1]) == ({}, "promise-dropped")


def test_a_promise_that_was_made_again_is_shown_whichever_is_heard_last() -> None:
    complaint = a_complaint(promises={"resolution": later(100)})
    complaint.promise("resolution", later(100), at=later(8), counting=COUNTING)

    complaint.promise("resolution", None, at=later(7))

    assert complaint.promises == {"resolution": later(100)}


@pytest.mark.parametrize("seed", range(50))
def test_events_in_any_order_show_the_same_in_the_end(seed: int) -> None:
    shuffled = random.Random(seed).sample(STORY, len(STORY))
    in_order = hear(a_complaint(), STORY)

    complaint = hear(a_complaint(), shuffled)

    assert complaint.model_dump(exclude=BOOKKEEPING) == in_order.model_dump(exclude=BOOKKEEPING)


def test_an_overtaken_event_is_shown_but_changes_nothing() -> None:
    complaint = hear(a_complaint(), [routed(10), resolved(50), accepted(20)])

    assert (complaint.status, told(complaint)[-2:]) == ("answered", ["in-progress", "answered"])


IN_ONE_BREATH = [
    [accepted(20, 1), resolved(20, 2)],
    [accepted(20, 1), transferred(20, "quality", 2)],
    [accepted(20, 1), transferred(20, "quality", 2), transferred(20, "general-affairs", 3)],
]


@pytest.mark.parametrize("events", IN_ONE_BREATH, ids=lambda events: events[-1].kind())
def test_what_a_department_does_in_one_breath_ends_the_same_in_whatever_order_it_arrives(events: list[Event]) -> None:
    in_order = hear(a_complaint(), [routed(10), *events])

    others = [hear(a_complaint(), [routed(10), *shuffled]) for shuffled in permutations(events)]

    assert [entry.id for entry in in_order.timeline][-len(events) :] == [event.id for event in events]
    assert others == [in_order] * len(others)


def test_a_reopened_complaint_is_shown_as_assigned_again() -> None:
    complaint = hear(a_complaint(), [routed(10), accepted(20), resolved(50), reopened(55)])

    assert (complaint.status, told(complaint)[-2:]) == ("assigned", ["reopened", "assigned"])


def test_a_withdrawn_complaint_stays_withdrawn_whatever_the_department_does() -> None:
    complaint = a_complaint()
    withdraw(complaint)

    hear(complaint, [heard(event, 90 + place) for place, event in enumerate(STORY)])

    assert complaint.status == "withdrawn"
