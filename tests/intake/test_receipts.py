"""Receipts: what those of one second have in common is found once, and told to nobody whom it does not concern."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import orjson

from services.intake.forms import Receipt
from services.intake.model import Complaint
from services.intake.receipts import Receipts
from shared.contracts.intake import Hints
from shared.contracts.values import Severity
from shared.privacy import Tokens
from shared.regulations import load_regulations
from tests.intake.given import RECEIVED, a_complaint, later

PACKS = load_regulations()


def desk() -> Receipts:
    settings = SimpleNamespace(public_url="https://redress.example")
    running: Any = SimpleNamespace(tokens=Tokens(b"k" * 32), settings=settings, regulations=PACKS)
    return Receipts(running)


def promised(
    number: str, after: float = 0.0, severity: Severity | None = None, pack: str = "service-quality"
) -> Complaint:
    received = RECEIVED + timedelta(seconds=after)
    due = PACKS.get(pack).deadlines(received, severity=severity or "general")
    return a_complaint(
        number=number, received_at=received, hints=Hints(severity=severity), calendar_edition=0, regulation=pack,
        regulation_version=PACKS.get(pack).version,
        promises={milestone: deadline.due_at for milestone, deadline in due.items()},
    )  # fmt: skip


def read(receipts: Receipts, complaint: Complaint, language: Any = "en") -> Receipt:
    return Receipt.model_validate_json(receipts.write(complaint, language))


def test_a_receipt_says_all_that_is_documented_and_nothing_else() -> None:
    written = desk().write(promised("SQ-20261123-00017K"), "en")

    assert set(orjson.loads(written)) == set(Receipt.model_fields)


def test_those_who_come_in_the_same_second_have_promises_of_their_own_to_the_millisecond() -> None:
    receipts = desk()

    first, second = (read(receipts, promised(f"SQ-20261123-{serial}", serial / 1000)) for serial in (1, 2))

    assert second.promises["acknowledgement"] - first.promises["acknowledgement"] == timedelta(milliseconds=1)
    assert second.derivation == first.derivation


def test_a_second_later_the_derivation_begins_a_second_later() -> None:
    receipts = desk()

    starts = [read(receipts, promised("SQ-20261123-1", after)).derivation["resolution"][0] for after in (1, 2)]

    assert ["09:30:01" in starts[0], "09:30:02" in starts[1]] == [True, True]


def test_whoever_reads_another_language_is_told_in_it() -> None:
    receipts, complaint = desk(), promised("SQ-20261123-1")

    assert [read(receipts, complaint, language).contact.department for language in ("en", "zh-CN")] == [
        "General affairs", "综合管理部门",
    ]  # fmt: skip


def test_what_is_graver_is_told_of_its_own_promises() -> None:
    receipts, pack = desk(), "medicine"

    grave, plain = (read(receipts, promised("MD-20261123-1", severity=one, pack=pack)) for one in ("critical", None))

    assert grave.derivation != plain.derivation
    assert (set(grave.derivation), set(plain.derivation)) == (set(grave.promises), set(plain.promises))


def test_a_promise_that_was_moved_by_hand_is_not_told_as_it_was_counted_first() -> None:
    receipts, complaint = desk(), promised("SQ-20261123-1")
    read(receipts, complaint)

    complaint.promise("resolution", later(60 * 24 * 30), later(5))

    assert read(receipts, complaint).derivation["resolution"] == []
