"""Digests: one letter for each recipient, the most urgent first, nobody named, nothing lost."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.sla.digests import send_digests, tell_again
from services.sla.digests.contacts import Contact, Contacts, WrongContacts
from services.sla.digests.letter import AT_MOST, write
from services.sla.model import Clock, Notice
from services.sla.notices import Waiting, untold
from shared.contracts.values import Severity
from shared.document import Step
from shared.messenger import NotSent, Refused
from shared.regulations import load_regulations
from shared.service import Running
from shared.testing.builders import a_number
from shared.testing.clocks import SetClock
from tests.feedback.builders import PigeonHole
from tests.harness import Site, service
from tests.sla.given import RECEIVED, hours, rules

BOSS = Contact(address="boss@example.org", language="en")
CONTACTS = Contacts.model_validate({"manager": "boss@example.org", "supervisor": "deputy@example.org"})
LOCAL = load_regulations().get("group").working_calendar.local


def waiting(
    number: str = "GR-20261123-00017K", severity: Severity = "major", kind: Any = "raised", times: int = 1
) -> Waiting:
    notice = Notice(id="raised-1", kind=kind, severity=severity, milestone="resolution", role="manager", at=hours(1),
                    times=times)  # fmt: skip
    return Waiting(number, notice, hours(0), LOCAL)


def letter(*notices: Waiting, contact: Contact = BOSS) -> str:
    return write("manager", None, contact, notices, "https://redress.example", hours(2)).body


def test_the_most_urgent_comes_first() -> None:
    body = letter(waiting("A-1", kind="urge"), waiting("A-2"), waiting("A-3", severity="critical", kind="urge"))

    assert [body.index(number) for number in ("A-3", "A-2", "A-1")] == sorted(
        body.index(number) for number in ("A-1", "A-2", "A-3")
    )


def test_a_digest_says_what_was_due_when_and_where_to_look() -> None:
    body = letter(waiting())

    assert all(
        words in body
        for words in ("resolution was due 2026-11-23 09:30", "https://redress.example/sla/clocks/GR-20261123-00017K")
    )


def test_a_digest_speaks_the_recipients_language() -> None:
    body = letter(waiting(times=2), contact=Contact(address="boss@example.org"))

    assert all(words in body for words in ("提级督办", "处理结果应于 2026-11-23 09:30 前完成", "第 2 次"))


def test_a_digest_counts_what_it_does_not_tell_one_by_one() -> None:
    body = letter(*(waiting(f"A-{nth}") for nth in range(AT_MOST + 3)))

    assert "And 3 more" in body


def test_the_same_notices_make_the_same_letter() -> None:
    letters = {write("manager", None, BOSS, [waiting()], "https://redress.example", hours(at)).id for at in (2, 3)}

    assert len(letters) == 1


def test_a_role_in_a_department_goes_before_the_role_as_such() -> None:
    contacts = Contacts.model_validate({"handler": "all@example.org", "handler@quality": "desk@example.org"})

    found = [contacts.of("handler", "quality"), contacts.of("handler", "service"), contacts.of("manager", None)]

    assert [contact and contact.address for contact in found] == ["desk@example.org", "all@example.org", None]


def test_contacts_are_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "contacts.yaml"
    file.write_text("manager: {address: boss@example.org, language: en}\n")

    assert Contacts.read(file).of("manager", None) == BOSS


@pytest.mark.parametrize(("text", "reason"), [
    ("boss: boss@example.org", "no role"), ("manager: nobody", "no mail address"), ("manager: [", "contacts.yaml"),
    ("manager: {address: a@b.example, langage: en}", "langage"),
])  # fmt: skip
def test_a_wrong_file_of_contacts_says_what_is_wrong(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "contacts.yaml"
    file.write_text(text)

    with pytest.raises(WrongContacts, match=reason):
        Contacts.read(file)


@pytest.fixture
async def sla(site: Site) -> AsyncIterator[Running[Clock]]:
    """The service with its database, its office and a clock that stands; no broker and no tick."""
    one = service("sla")
    running: Running[Clock] = Running(one, site.settings(one.settings), clock=SetClock(RECEIVED))
    kept = {"contacts": CONTACTS, "public_url": "https://redress.example", "pause": timedelta(seconds=10)}
    running.kit = replace(running.kit, messenger=PigeonHole(), **kept)
    yield running
    await running.closing.aclose()


async def graded(sla: Running[Clock], count: int = 1, first: int = 1) -> list[str]:
    """So many complaints of a group, graded a moment ago; their numbers."""
    numbers = [a_number(nth) for nth in range(first, first + count)]
    for number in numbers:
        clock = Clock(number=number, regulation="group", regulation_version="1", channel="visit", severity="major",
                      received_at=RECEIVED)  # fmt: skip
        clock.start(rules("group"), RECEIVED)
        raw = {"_id": number, "version": 1, "state": clock.model_dump(), "inbox": [], "outbox": [], "alarm_at": None}
        await sla.repository.collection.insert_one(raw)
    return numbers


async def notices(sla: Running[Clock], number: str) -> list[Notice]:
    return (await sla.repository.get(number)).present.notices


def sent(sla: Running[Clock]) -> list[str]:
    return [mailing.recipient.email for mailing in sla.kit.messenger.mailings]


async def test_a_burst_of_notices_makes_one_letter_for_each_recipient(sla: Running[Clock]) -> None:
    await graded(sla, 30)

    await send_digests(sla)

    assert sent(sla) == ["deputy@example.org"]


async def test_what_was_told_is_noted_on_every_clock(sla: Running[Clock]) -> None:
    numbers = await graded(sla, 3)

    await send_digests(sla)

    assert [[notice.told_at for notice in await notices(sla, number)] for number in numbers] == [[RECEIVED]] * 3


async def test_nothing_that_was_told_is_told_again(sla: Running[Clock]) -> None:
    await graded(sla)
    await send_digests(sla)
    sla.clock.advance(minutes=1)  # type: ignore[attr-defined]  # the clock of a test

    await send_digests(sla)

    assert len(sent(sla)) == 1


async def test_between_two_letters_notices_gather(sla: Running[Clock]) -> None:
    await graded(sla)
    await send_digests(sla)
    await graded(sla, 2, first=2)

    await send_digests(sla)

    assert len(await untold(sla, 10)) == 2


async def test_a_letter_that_was_not_sent_is_sent_another_time(sla: Running[Clock]) -> None:
    await graded(sla)
    sla.kit.messenger = PigeonHole(NotSent("no answer"))
    await send_digests(sla)
    sla.clock.advance(minutes=1)  # type: ignore[attr-defined]  # the clock of a test

    await send_digests(sla)

    assert sent(sla) == ["deputy@example.org"]


async def test_after_a_crash_between_letter_and_note_the_letter_is_sent_again(
    sla: Running[Clock], monkeypatch: pytest.MonkeyPatch
) -> None:
    await graded(sla)
    with monkeypatch.context() as patched:
        patched.setattr(sla.repository, "load", _power_cut)
        with pytest.raises(SystemError):
            await send_digests(sla)
    sla.clock.advance(minutes=1)  # type: ignore[attr-defined]  # the clock of a test

    await send_digests(sla)

    first, again = sla.kit.messenger.mailings
    assert first.id == again.id


async def _power_cut(*_: object) -> None:
    raise SystemError("the power is gone")


@pytest.mark.parametrize("contacts", [{}, {"manager": "boss@example.org"}])
async def test_a_role_without_an_address_is_logged_and_stands_in_the_list_only(
    sla: Running[Clock], contacts: dict[str, str]
) -> None:
    (number,) = await graded(sla)
    sla.kit.contacts = Contacts.model_validate(contacts)

    with capture_logs() as lines:
        await send_digests(sla)

    (notice,) = await notices(sla, number)
    assert (notice.via, notice.told_at, [line["event"] for line in lines]) == (
        "none", None, ["notice_without_address"],
    )  # fmt: skip


async def test_what_is_refused_for_good_is_not_tried_again(sla: Running[Clock]) -> None:
    (number,) = await graded(sla)
    sla.kit.messenger = PigeonHole(Refused("no such user"))

    await send_digests(sla)

    assert [notice.via for notice in await notices(sla, number)] == ["none"]


async def without_address(sla: Running[Clock]) -> str:
    """A complaint whose notice could be told to nobody, until somebody wrote an address down and started sla again."""
    (number,) = await graded(sla)
    sla.kit.contacts = Contacts.model_validate({})
    await send_digests(sla)
    sla.kit.contacts = CONTACTS
    sla.clock.advance(minutes=1)  # type: ignore[attr-defined]  # the clock of a test
    return number


async def test_what_nobody_could_be_told_of_is_told_when_there_is_an_address(sla: Running[Clock]) -> None:
    number = await without_address(sla)

    await tell_again(sla)
    await send_digests(sla)

    assert (sent(sla), [notice.via for notice in await notices(sla, number)]) == (["deputy@example.org"], ["pigeon"])


async def test_whoever_still_has_no_address_is_not_looked_for_again(sla: Running[Clock]) -> None:
    number = await without_address(sla)
    sla.kit.contacts = Contacts.model_validate({"manager": "boss@example.org"})

    await tell_again(sla)

    assert [notice.via for notice in await notices(sla, number)] == ["none"]


async def test_what_somebody_has_seen_in_the_list_is_not_told_again(sla: Running[Clock]) -> None:
    number = await without_address(sla)
    await sla.repository.collection.update_one({"_id": number}, {"$set": {"state.notices.0.seen_at": RECEIVED}})

    await tell_again(sla)

    assert await untold(sla, 10) == []


async def test_what_has_been_settled_meanwhile_is_not_told_again(sla: Running[Clock]) -> None:
    number = await without_address(sla)
    document = (await sla.repository.load([number]))[number]
    document.apply(Step(_withdrawn, hours(1)))
    await sla.repository.commit([document])

    await tell_again(sla)

    assert await untold(sla, 10) == []


def _withdrawn(clock: Clock | None) -> Clock:
    assert clock
    clock.end(hours(1), rules("group"), hours(1))
    return clock


async def test_after_the_start_nobody_is_looked_for_twice(sla: Running[Clock]) -> None:
    await tell_again(sla)
    await without_address(sla)

    await tell_again(sla)

    assert await untold(sla, 10) == []
