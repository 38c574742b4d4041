"""When a dossier is complete, what its entry in the catalogue says, and how long it is kept."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.archive.model import Incomplete, Record, years_after
from shared.contracts.archive import RecordArchived
from tests.archive.examples import (
    COMPLETE,
    DATA,
    KEY,
    NUMBER,
    REGULATIONS,
    START,
    arrived,
    complaint,
    event,
    record_of,
)

PACK = REGULATIONS.get("service-quality")


def filed(*kinds: str) -> Record:
    """A record of these events, filed."""
    record = record_of(complaint(*(kinds or COMPLETE)))
    record.file(PACK, ["term"], START + timedelta(days=1))
    return record


def test_the_timeline_is_in_the_order_in_which_things_happened():
    record = record_of(reversed(complaint(*COMPLETE)))

    assert [entry["type"] for entry in record.timeline] == list(COMPLETE)


def test_what_is_sealed_stays_sealed_on_the_timeline():
    record = record_of(complaint("complaint.registered"))

    assert record.timeline[0]["data"]["narrative"] == DATA["complaint.registered"]["narrative"]


def test_what_a_newer_version_says_besides_is_kept_on_the_timeline():
    record = record_of([arrived("case.accepted", {"handler": "zhao", "desk": 7})])

    assert record.timeline[0]["data"] == {"handler": "zhao", "desk": 7}


def test_what_an_older_version_did_not_say_yet_is_not_missed():
    record = record_of([arrived(kind, DATA[kind]) for kind in (*COMPLETE, "sla.target-breached", "sla.target-met")])

    record.file(PACK, [], START)

    assert "breached-resolution" in record.catalogue.tags


def test_hearing_something_leaves_what_was_loaded_as_it_is_stored():
    stored = record_of(complaint("complaint.registered")).stored()

    Record.model_validate(stored).hear(event("case.routed"), START)

    assert [entry["type"] for entry in stored["timeline"]] == ["complaint.registered"]


def test_the_record_remembers_which_key_opens_it():
    assert record_of(complaint("case.routed", "complaint.registered")).key_id == KEY.id


@pytest.mark.parametrize(
    ("kinds", "missing"),
    [
        ([], ["registration", "answer", "closing"]),
        (["complaint.registered"], ["answer", "closing"]),
        (["complaint.registered", "complaint.closed"], ["answer"]),
        (["case.resolved", "complaint.closed"], ["registration"]),
        (["complaint.registered", "case.resolved", "complaint.closed"], []),
        (["complaint.registered", "complaint.declined", "complaint.closed"], []),
        (["complaint.registered", "complaint.withdrawn", "complaint.closed"], []),
    ],
)
def test_a_dossier_says_what_it_lacks(kinds, missing):
    assert record_of(complaint(*kinds)).missing() == missing


def test_an_incomplete_dossier_is_not_filed():
    record = record_of(complaint("complaint.registered", "complaint.closed"))

    with pytest.raises(Incomplete, match="lacks answer"):
        record.file(PACK, [], START)


def test_a_dossier_that_lacks_something_waits():
    assert record_of(complaint("complaint.closed", "complaint.registered")).alarm_at is None


def test_a_dossier_that_lacks_nothing_any_more_is_looked_through_at_once():
    assert record_of(complaint("complaint.closed", "complaint.registered", "case.resolved")).alarm_at == START


def test_a_filed_record_is_archived_and_says_so():
    record = filed()

    assert (record.status, record.recorded) == (
        "archived",
        [RecordArchived(catalogue_number=f"2026-D3-{NUMBER}", retain_until=date(2029, 11, 23))],
    )


def test_the_catalogue_says_what_the_record_is_found_by():
    entry = filed().catalogue.model_dump(exclude={"tags", "catalogue_number", "retain_until"})

    assert entry == {
        "archived_at": START + timedelta(days=1),
        "received_at": START,
        "closed_at": START + timedelta(hours=3),
        "regulation": "service-quality",
        "channel": "hotline",
        "department": "quality",
        "category": "product",
        "severity": "major",
        "outcome": "upheld",
        "subject_line": "空调漏水",
        "product": "挂机空调 KFR-35",
        "batch": "B2026-07",
        "place": "上海",
    }


def test_the_tags_name_everything_it_is_sorted_by_and_every_broken_promise():
    assert filed(*COMPLETE, "sla.target-breached").catalogue.tags == [
        "breached-resolution", "hotline", "installation", "major", "product", "quality", "service-quality", "upheld",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kinds", "department"),
    [
        ([], None),
        (["case.routed"], "quality"),
        (["case.routed", "case.transferred"], "service"),
        (["case.transferred", "case.routed"], "quality"),
        (["case.routed", "case.reopened"], "service"),
    ],
)
def test_the_department_is_the_one_that_had_the_case_last(kinds, department):
    assert record_of(complaint("complaint.registered", *kinds)).department == department


def test_a_declined_complaint_is_filed_without_category_and_department():
    entry = filed("complaint.registered", "complaint.declined", "complaint.closed").catalogue

    assert (entry.category, entry.severity, entry.department) == (None, None, None)


def test_retention_counts_from_the_local_day_of_closing():
    late = event("complaint.closed", after=datetime(2026, 12, 31, 17, tzinfo=UTC) - START)
    record = record_of([*complaint("complaint.registered", "case.resolved"), late])

    record.file(PACK, [], START + timedelta(days=60))

    assert record.catalogue.retain_until == date(2030, 1, 1)


@pytest.mark.parametrize(
    ("expires_on", "number", "until"),
    [
        ("2027-06-30", "2026-D1", date(2028, 6, 30)),
        ("2028-02-29", "2026-D1", date(2029, 2, 28)),
        ("2024-06-30", "2026-D1", date(2027, 11, 23)),
        (None, "2026-D6", date(2032, 11, 23)),
    ],
)
def test_retention_counts_from_the_products_expiry_where_the_regulation_says_so_and_it_is_known(
    expires_on, number, until
):
    registered = event("complaint.registered", product={"name": "胶囊", "batch": "260701", "expires_on": expires_on})
    record = record_of([registered, *complaint(*COMPLETE)[1:]])

    record.file(REGULATIONS.get("medicine"), [], START + timedelta(days=1))

    assert (record.catalogue.catalogue_number, record.catalogue.retain_until) == (f"{number}-{NUMBER}", until)


def test_the_products_expiry_changes_nothing_where_retention_counts_from_closing():
    registered = event("complaint.registered", product={"name": "空调", "expires_on": "2040-01-01"})
    record = record_of([registered, *complaint(*COMPLETE)[1:]])

    record.file(PACK, [], START + timedelta(days=1))

    assert record.catalogue.retain_until == date(2029, 11, 23)


@pytest.mark.parametrize(
    ("day", "years", "until"),
    [
        (date(2026, 11, 23), 3, date(2029, 11, 23)),
        (date(2028, 2, 29), 3, date(2031, 2, 28)),
        (date(2028, 2, 29), 4, date(2032, 2, 29)),
    ],
)
def test_a_period_of_years_ends_on_the_same_day_or_with_the_month(day, years, until):
    assert years_after(day, years) == until


def test_a_promise_that_was_found_to_be_kept_in_time_is_not_marked_as_broken():
    kept = event("sla.target-met", **DATA["sla.target-breached"] | {"lateness": -60.0})
    record = record_of([*complaint(*COMPLETE), event("sla.target-breached"), kept])

    record.file(PACK, set(), START)

    assert "breached-resolution" not in record.catalogue.tags


def test_what_is_heard_after_filing_is_added_and_looked_through_again():
    record = filed()

    record.hear(event("survey.completed", after=timedelta(days=2)), START + timedelta(days=2))

    assert (record.timeline[-1]["type"], record.alarm_at) == ("survey.completed", START + timedelta(days=2))


def test_a_record_that_is_renewed_keeps_its_number_and_is_archived_once():
    record = filed()
    before = record.catalogue

    record.hear(event("sla.target-breached", after=timedelta(days=2)), START + timedelta(days=2))
    record.file(PACK, [], START + timedelta(days=2))

    assert len(record.recorded) == 1
    assert record.catalogue == before.model_copy(update={"tags": record.catalogue.tags})
    assert "breached-resolution" in record.catalogue.tags


def test_each_reading_of_personal_data_is_noted_with_who_when_and_why():
    record = filed()

    record.unmask(by="chen", reason="court order", at=START)

    assert [access.model_dump() for access in record.accesses] == [{"by": "chen", "at": START, "reason": "court order"}]
