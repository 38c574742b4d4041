"""What archive hears, what it makes of it, and what readers get to see."""

import json
from datetime import timedelta
from types import MappingProxyType

import pytest

from services.archive.dossier import DESTROYED, MOST_CHARACTERS, MOST_IN_ALL, Dossier
from services.archive.handlers import HEARD, SUBSCRIPTIONS
from services.archive.index import Terms
from services.archive.words import WHAT
from shared.contracts import EVENTS
from shared.privacy import Keyring
from tests.archive.examples import (
    COMPLETE,
    DATA,
    KEYRING,
    MASTER_KEY,
    START,
    complaint,
    context,
    event,
    record_of,
    sealed,
)

TERMS = Terms(MASTER_KEY)


def filed(*, keyring=KEYRING, changes=MappingProxyType({})):
    """A record after its alarm rang; `changes` are what the registration said otherwise."""
    record = None
    for heard in [event("complaint.registered", **changes), *complaint(*COMPLETE)[1:]]:
        record = SUBSCRIPTIONS.handle(record, heard, context())
    SUBSCRIPTIONS.alarm(record, context(keyring=keyring))
    return record


def shown(kind, *, masked, keyring=KEYRING):
    """What readers see of an example event."""
    record = record_of(complaint("complaint.registered", kind))
    return Dossier(record, keyring).shown(record.timeline[-1]["data"], masked=masked)


def test_it_hears_everything_but_what_it_says_itself():
    assert {kind.kind() for kind in HEARD} == {kind for kind in EVENTS if not kind.startswith("record.")}


@pytest.mark.parametrize("kind", DATA)
def test_any_event_may_come_first(kind):
    record = SUBSCRIPTIONS.handle(None, event(kind), context())

    assert [entry["type"] for entry in record.timeline] == [kind]


def test_every_event_has_words_for_both_languages():
    assert {kind: set(words) for kind, words in WHAT.items()} == {kind.kind(): {"zh-CN", "en"} for kind in HEARD}


def test_a_complete_dossier_is_filed_when_its_alarm_rings():
    record = filed()

    assert (record.status, record.alarm_at, record.recorded[0].kind()) == ("archived", None, "record.archived")


@pytest.mark.parametrize("query", ["漏水", "free of charge", "王小芳", "空调 KFR", "B2026 07"])
def test_a_filed_record_is_found_by_what_was_sealed_and_by_what_was_not(query):
    assert TERMS.of(query) <= set(filed().terms)


@pytest.mark.parametrize(("field", "query"), [("person", "小芳"), ("product", "空调")])
def test_a_filed_record_is_found_by_person_and_product(field, query):
    assert TERMS.of(query, field) <= set(filed().terms)


def test_the_person_is_not_found_by_what_the_narrative_says():
    assert not TERMS.of("漏水", "person") <= set(filed().terms)


def test_what_is_said_after_filing_can_be_found_too():
    record = filed()
    SUBSCRIPTIONS.handle(record, event("survey.completed", after=timedelta(days=3)), context())

    SUBSCRIPTIONS.alarm(record, context(START + timedelta(days=3)))

    assert TERMS.of("friendly fitters") <= set(record.terms)


def test_a_record_whose_key_was_destroyed_is_filed_by_what_is_in_clear():
    record = filed(keyring=Keyring())

    assert TERMS.of("空调漏水") <= set(record.terms)
    assert not TERMS.of("电话") <= set(record.terms)


def test_masked_nobody_is_recognised():
    data = shown("complaint.registered", masked=True)

    assert data["narrative"] == "我是王**，新装的空调漏水，电话*******1234。"
    assert data["complainant"] == {
        "name": "王**", "phone": "*******1234", "email": "f***@example.com", "address": "幸****",
        "tier": "standard", "anonymous": False, "language": "zh-CN",
    }  # fmt: skip


@pytest.mark.parametrize("field", ["subject_line", "claim", "place", "respondent"])
def test_masked_nobody_is_recognised_by_what_stands_in_clear(field):
    record = record_of([event("complaint.registered", **{field: "王小芳, 13800001234, fang@example.com"})])

    data = Dossier(record, KEYRING).shown(record.timeline[0]["data"], masked=True)

    assert data[field] == "王**, *******1234, f***@example.com"


def test_masked_nobody_is_recognised_by_the_reasons_given():
    record = record_of([event("complaint.registered"), event("outcome.disputed", reason="王小芳 is not content")])

    data = Dossier(record, KEYRING).shown(record.timeline[-1]["data"], masked=True)

    assert data["reason"] == "王** is not content"


def test_a_moment_is_told_whatever_the_complainant_is_called():
    person = {"sealed": sealed(json.dumps({"name": "2026-11"}))}
    record = record_of([event("complaint.registered", complainant=person)])

    data = Dossier(record, KEYRING).shown(record.timeline[0]["data"], masked=True)

    assert data["received_at"] == record.timeline[0]["data"]["received_at"]


def test_masked_nobody_is_recognised_by_the_catalogue():
    record = filed(changes={"subject_line": "王小芳 waits", "place": "幸福路1号"})

    entry = Dossier(record, KEYRING).catalogued(masked=True)

    assert (entry.subject_line, entry.place) == ("王** waits", "幸****")


def test_endless_texts_are_found_by_their_beginnings_only():
    narrative = sealed("".join(map(chr, range(0x4E00, 0x9E00))))

    record = filed(changes={"narrative": narrative})

    assert MOST_CHARACTERS < len(record.terms) < MOST_IN_ALL


def test_many_texts_together_make_no_more_terms_than_there_is_room_for():
    record = record_of(complaint(*COMPLETE))
    for block in range(0x4E00, 0x9600, 0x200):
        record.hear(event("complaint.supplemented", what=sealed("".join(map(chr, range(block, block + 0x200))))), START)

    assert len(Dossier(record, KEYRING).terms(TERMS)) <= MOST_IN_ALL


def test_what_was_cut_off_before_hashing_is_not_found():
    record = filed(changes={"narrative": sealed("x " * MOST_CHARACTERS + "zebra")})

    assert not TERMS.of("zebra") <= set(record.terms)


def test_unmasked_everything_is_readable():
    data = shown("complaint.registered", masked=False)

    assert data["narrative"] == "我是王小芳，新装的空调漏水，电话13800001234。"
    assert data["complainant"]["phone"] == "13800001234"


def test_a_text_whose_key_was_destroyed_is_shown_as_destroyed():
    data = shown("complaint.registered", masked=False, keyring=Keyring())

    assert (data["narrative"], data["complainant"]["name"]) == (DESTROYED, DESTROYED)


@pytest.mark.parametrize("kind", DATA)
def test_what_is_in_clear_is_shown_as_it_came(kind):
    stored = event(kind).model_dump(mode="json", exclude={"type"})
    clear = {name for name, value in stored.items() if "sealed:" not in str(value)}
    data = shown(kind, masked=True)

    assert {name: data[name] for name in clear} == {name: stored[name] for name in clear}
