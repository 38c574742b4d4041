"""What is said apart, for those who know the receipt: promises that were moved, or made since."""

from datetime import date

import pytest

from services.sla.handlers import on_complaint_registered
from services.sla.model import Clock
from services.sla.rules import Rules
from shared.contracts.sla import Counting, Standstill, TargetDropped, TargetMoved
from shared.contracts.values import Instant, Milestone
from shared.errors import NotYet
from shared.regulations import load_regulations
from shared.testing.builders import a_number, registered, travelled
from shared.testing.calendars import as_they_were
from shared.testing.keys import a_key
from shared.worktime import CALENDARS, CalendarEdition
from tests.sla.given import RECEIVED, a_clock, context, hours, promise, rules, said

TUESDAY = date(2026, 11, 24)


def moved(clock: Clock) -> list[tuple[Milestone, Instant | None]]:
    """The milestones that were said to be moved, and when each was due before."""
    return [(event.milestone, event.before) for event in said(clock, TargetMoved)]


def shut(day: date) -> CalendarEdition:
    days = [{"first": day, "worked": False, "reason": "检修"}]
    return CalendarEdition.model_validate({"name": "cn", "version": 1, "title": "公司", "days": days})


def registered_by(edition: int | None) -> Clock:
    """The clock of a complaint whose receipt was counted by this edition of the calendar."""
    number = a_number(1)
    event = registered(number, a_key()).model_copy(update={"calendar_edition": edition, "received_at": RECEIVED})
    return on_complaint_registered(None, travelled(event, number, RECEIVED), context())


def test_what_the_receipt_says_is_not_said_apart() -> None:
    assert moved(a_clock("corporate")) == []


def test_a_promise_that_waited_says_when_it_was_due_and_how_it_was_counted() -> None:
    clock, by = a_clock(), rules()
    before = promise(clock, "resolution").due_at
    clock.pause("photos", "complainant", hours(24), by, hours(24))

    clock.resume(hours(48), by, hours(48))

    waited = Standstill(since=hours(24), until=hours(48), reason="photos")
    counting = Counting(start=RECEIVED, within="5 working days", calendar="cn", pauses=(waited,))
    (event,) = said(clock, TargetMoved)
    assert (event.milestone, event.before, event.counting) == ("resolution", before, counting)


def test_a_promise_kept_while_it_waits_tells_the_waiting_up_to_then() -> None:
    clock, by = a_clock(), rules()
    clock.pause("photos", "complainant", hours(24), by, hours(24))

    clock.meet("resolution", hours(48), by, hours(48))

    (event,) = said(clock, TargetMoved)
    assert [(pause.since, pause.until) for pause in event.counting.pauses] == [(hours(24), hours(48))]


def test_another_severity_moves_what_is_due_sooner() -> None:
    clock = a_clock()

    clock.regrade("major", hours(1), rules(), hours(1))

    assert [milestone for milestone, _ in moved(clock)] == ["resolution"]


def test_what_another_severity_does_not_promise_is_said_to_be_dropped() -> None:
    clock, by = a_clock("medicine-gmp", severity="major"), rules("medicine-gmp")

    clock.regrade("general", hours(1), by, hours(1))

    assert [event.milestone for event in said(clock, TargetDropped)] == ["investigation"]


def test_what_is_promised_again_is_said_again_although_it_is_due_as_before() -> None:
    clock, by = a_clock("medicine-gmp", severity="major"), rules("medicine-gmp")
    clock.regrade("general", hours(1), by, hours(1))
    before = len(said(clock, TargetMoved))

    clock.regrade("major", hours(2), by, hours(2))

    assert ("investigation", None) in moved(clock)[before:]


def test_a_new_round_moves_the_answer_from_when_the_last_one_was_due() -> None:
    clock, by = a_clock(), rules()
    before = promise(clock, "resolution").due_at
    clock.resolved(1, hours(2), by, hours(2))

    clock.reopen(hours(3), by, hours(3))

    assert moved(clock) == [("resolution", before)]


def test_what_counts_from_acceptance_was_not_due_before() -> None:
    clock = a_clock("vehicle-repair")

    clock.accepted(hours(1), rules("vehicle-repair"), hours(1))

    assert moved(clock) == [("resolution", None)]


def test_of_what_counts_from_agreement_and_closing_only_the_measures_are_the_complainants() -> None:
    clock, by = a_clock("corporate"), rules("corporate")
    clock.resolved(1, hours(2), by, hours(2), has_measures=True)
    clock.agreed(1, hours(3), by, hours(3))

    clock.close("upheld", hours(4), by, hours(4))

    assert moved(clock) == [("measures", None)]


def test_a_clock_begins_by_the_edition_of_its_receipt_and_goes_on_by_the_one_in_force() -> None:
    with as_they_were():
        CALENDARS.enter(shut(TUESDAY))
        by_receipt = Rules(load_regulations().get("service-quality"), CALENDARS.get("cn", 0))
        first = by_receipt.due(RECEIVED, "5 working days")

        clock = registered_by(0)

    assert (moved(clock), promise(clock, "resolution").first_due_at) == ([("resolution", first)], first)


@pytest.mark.parametrize("edition", [1, None])
def test_a_clock_whose_receipt_was_counted_by_the_edition_in_force_has_nothing_to_say(edition: int | None) -> None:
    with as_they_were():
        CALENDARS.enter(shut(TUESDAY))

        assert moved(registered_by(edition)) == []


def test_a_clock_waits_for_the_edition_of_its_receipt() -> None:
    with pytest.raises(NotYet):
        registered_by(99)
