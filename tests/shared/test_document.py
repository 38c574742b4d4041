"""A document keeps its steps, so that they can be taken again, and its time never goes back."""

from datetime import UTC, datetime, timedelta

from shared.aggregate import Aggregate
from shared.contracts.routing import CaseAccepted
from shared.document import Document, Step

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
EARLIER = NOW - timedelta(milliseconds=30)


class Tally(Aggregate):
    """Counts how often something happened."""

    count: int = 0


def counted(tally: Tally | None) -> Tally:
    tally = tally or Tally(number="SQ-20261123-00017E")
    tally.count += 1
    tally.record(CaseAccepted(handler=f"number {tally.count}"))
    return tally


def stumbling(tally: Tally | None) -> Tally:
    counted(tally)
    raise RuntimeError("half-way")


def stored(count: int, at: datetime) -> Document[Tally]:
    raw = {"version": 1, "at": at, "state": {"number": "SQ-20261123-00017E", "count": count}, "inbox": []}
    return Document.found(Tally, "SQ-20261123-00017E", raw)


def test_what_is_recorded_is_never_older_than_the_change_before_it() -> None:
    document = stored(1, at=NOW)

    document.apply(Step(counted, EARLIER))

    assert document.outbox[0].time == "2026-11-23T09:30:00.000Z"


def test_a_step_that_stumbles_leaves_the_document_as_it_was() -> None:
    document = stored(1, at=EARLIER)
    document.apply(Step(counted, NOW, "first"))

    errors = document.attempt(Step(stumbling, NOW, "second"))

    assert (document.present.count, len(document.outbox), [name for name, _ in errors]) == (2, 1, ["second"])


def test_steps_are_taken_again_on_what_is_stored_now() -> None:
    document = stored(1, at=EARLIER)
    document.apply(Step(counted, NOW, "first"))

    document.redo(stored(7, at=NOW).loaded)

    assert (document.present.count, document.inbox) == (8, ["first"])
