"""How a promise to the complainant was counted, in words: as on the receipt, or as it was moved since."""

from datetime import date, timedelta

from services.intake.model import Complaint
from services.intake.promises import promises
from shared.contracts.sla import Counting, Standstill, TargetMoved
from shared.regulations import load_regulations
from shared.testing.calendars import as_they_were
from shared.worktime import CALENDARS, CalendarEdition, Duration
from tests.intake.given import RECEIVED, a_complaint, heard, later

PACK = load_regulations().get("service-quality")
WITHIN = "5 working days"


def promised(edition: int | None = 0) -> Complaint:
    due = PACK.deadlines(RECEIVED, calendar=CALENDARS.get("cn", edition))
    return a_complaint(
        promises={milestone: deadline.due_at for milestone, deadline in due.items()}, calendar_edition=edition
    )


def moved(complaint: Complaint, *pauses: Standstill, edition: int = 0) -> None:
    """The resolution is counted again, by this edition and with these pauses."""
    counting = Counting(start=RECEIVED, within=WITHIN, calendar="cn", edition=edition, pauses=pauses)
    deadline = CALENDARS.get("cn", edition).deadline(RECEIVED, Duration.parse(WITHIN))
    for pause in pauses:
        deadline = deadline.paused(pause.since, pause.until)
    event = heard(TargetMoved(milestone="resolution", due_at=deadline.due_at, counting=counting), 5000)
    complaint.promise(event.milestone, event.due_at, event.time, event.counting)


def words(complaint: Complaint, milestone: str = "resolution") -> list[str]:
    told = promises(complaint, PACK, "en")
    return next(promise.derivation for promise in told if promise.milestone == milestone)


def shut(day: date) -> CalendarEdition:
    days = [{"first": day, "worked": False, "reason": "检修"}]
    return CalendarEdition.model_validate({"name": "cn", "version": 1, "title": "公司", "days": days})


def test_a_promise_as_on_the_receipt_is_told_by_its_edition_whatever_is_in_force_now() -> None:
    complaint = promised(edition=0)
    before = words(complaint)

    with as_they_were():
        CALENDARS.enter(shut(date(2026, 11, 24)))

        assert (words(complaint), before[-1]) == (before, "due Mon 2026-11-30 18:00, close of business")


def test_a_promise_that_waited_tells_when_and_keeps_the_reason_to_itself() -> None:
    complaint = promised()

    moved(complaint, Standstill(since=later(60 * 24), until=later(60 * 48), reason="the invoice"))

    assert "paused from Tue 2026-11-24 09:30 to Wed 2026-11-25 09:30: 7 h 30 min of working time later" in words(
        complaint
    )


def test_a_promise_moved_by_a_new_edition_is_told_by_that_edition() -> None:
    complaint = promised()

    with as_they_were():
        CALENDARS.enter(shut(date(2026, 11, 24)))
        moved(complaint, edition=1)

        assert "Tue 11-24 off: 检修" in words(complaint)


def test_of_an_edition_that_is_not_known_here_yet_nothing_is_told() -> None:
    complaint = promised()

    with as_they_were():
        CALENDARS.enter(shut(date(2026, 11, 24)))
        moved(complaint, edition=1)

    assert words(complaint) == []


def test_a_time_that_was_agreed_upon_was_not_counted() -> None:
    complaint = promised()

    complaint.promise("resolution", RECEIVED + timedelta(days=3), later(1))

    assert words(complaint) == []
