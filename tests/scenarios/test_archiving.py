"""S1, archiving: holds for every regulation."""

from datetime import timedelta

import pytest

from services.archive.model import Incomplete, Record
from tests.archive.examples import COMPLETE, DATA, REGULATIONS, START, complaint, record_of


def filed() -> Record:
    """A complete dossier, filed the day after."""
    record = record_of(complaint(*COMPLETE))
    record.file(REGULATIONS.get("service-quality"), ["a hash"], START + timedelta(days=1))
    return record


def test_s1_1_an_incomplete_dossier_is_returned_with_the_list_of_what_is_missing():
    record = record_of(complaint("complaint.registered", "case.routed"))

    with pytest.raises(Incomplete) as returned:
        record.file(REGULATIONS.get("service-quality"), [], START)
    assert returned.value.extra["missing"] == ["answer", "closing"]


def test_s1_2_a_filed_dossier_has_index_and_tags():
    record = filed()

    assert record.catalogue
    assert (record.terms, {"product", "quality", "upheld"} <= set(record.catalogue.tags)) == (["a hash"], True)


def test_s1_6_a_dossier_holds_content_times_parties_and_handling():
    told = {entry["type"]: entry["data"] for entry in filed().timeline}

    assert [
        told["complaint.registered"]["narrative"] == DATA["complaint.registered"]["narrative"],
        told["complaint.registered"]["complainant"]["sealed"].startswith("sealed:v1:"),
        told["case.routed"]["department"],
        told["case.resolved"]["outcome"],
    ] == [True, True, "quality", "upheld"]


def test_s1_6_every_reading_of_personal_data_is_on_record():
    record = filed()

    record.unmask(by="chen", reason="inspection", at=START)

    assert [(access.by, access.reason, access.at) for access in record.accesses] == [("chen", "inspection", START)]
