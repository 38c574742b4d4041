"""The office that tells people of notices: one letter for each recipient, and a note of what was told.

A crash between the letter and the note means that the letter goes out again; nothing is lost.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Self

import structlog

from services.sla.config import Settings
from services.sla.digests.contacts import Contacts
from services.sla.digests.letter import write
from services.sla.model import Clock
from services.sla.model.notice import TOLD_NOBODY, Told
from services.sla.notices import Waiting, told_to_nobody, untold
from shared.contracts.values import Department, Role
from shared.document import Step, in_place
from shared.messenger import Messenger, NotSent, Refused, Unreachable, messenger_for
from shared.processor import commit
from shared.service import Running

log = structlog.get_logger(__name__)

GATHERED = 5000
"""Clocks whose notices are gathered into one round of letters."""
NOTED = 500
"""Clocks on which it is noted in one write."""


class Addressee(NamedTuple):
    """Whom a notice is for."""

    role: Role
    department: Department | None


@dataclass
class Office:
    """What telling people takes; between two rounds of letters lies at least `pause`."""

    messenger: Messenger
    contacts: Contacts
    public_url: str
    pause: timedelta
    closed_until: datetime | None = None
    is_open: bool = False

    @classmethod
    def of(cls, running: Running[Any]) -> Self:
        """The office of a running sla service."""
        settings = running.settings
        if not isinstance(settings, Settings):
            raise TypeError("sla runs with its own settings")
        pause = timedelta(seconds=settings.digest_seconds)
        return cls(messenger_for(settings), Contacts.read(settings.contacts), settings.public_url.rstrip("/"), pause)

    def knows(self, role: Role, department: Department | None) -> bool:
        """Whether there is an address for a role in a department."""
        return self.contacts.of(role, department) is not None

    async def send(self, addressee: Addressee, waiting: Sequence[Waiting], now: datetime) -> str:
        """Send one digest; returns how it went, empty where it has to be tried again."""
        role, department = addressee
        contact = self.contacts.of(role, department)
        if contact is None:
            log.warning("notice_without_address", role=role, department=department, notices=len(waiting))
            return TOLD_NOBODY
        try:
            return await self.messenger.send(write(role, department, contact, waiting, self.public_url, now))
        except NotSent as error:
            log.warning("digest_not_sent", role=role, department=department, notices=len(waiting), reason=str(error))
            return TOLD_NOBODY if isinstance(error, Refused | Unreachable) else ""


async def send_digests(running: Running[Clock]) -> None:
    """Tell everybody what waits to be told to them, in one letter each."""
    office: Office = running.kit
    now = running.clock()
    if office.closed_until and now < office.closed_until:
        return
    waiting = await untold(running, GATHERED)
    if not waiting:
        return
    office.closed_until = now + office.pause
    told = await _send(office, waiting, now)
    await _note(running, list(told), lambda clock: clock.note_told(told[clock.number]), now)


async def tell_again(running: Running[Clock]) -> None:
    """Once after the start, when the contacts have been read: who had no address then may have one now."""
    office: Office = running.kit
    if not office.is_open:
        await _note(
            running, await told_to_nobody(running), lambda clock: clock.tell_again(office.knows), running.clock()
        )
        office.is_open = True


async def _send(office: Office, waiting: Sequence[Waiting], now: datetime) -> Mapping[str, dict[str, Told]]:
    """Send what waits; returns how each notice was told, by complaint and notice."""
    letters: dict[Addressee, list[Waiting]] = defaultdict(list)
    for one in waiting:
        letters[Addressee(one.notice.role, one.notice.department)].append(one)
    ways = await asyncio.gather(*(office.send(addressee, theirs, now) for addressee, theirs in letters.items()))
    told: dict[str, dict[str, Told]] = defaultdict(dict)
    for via, theirs in zip(ways, letters.values(), strict=True):
        for number, notice, *_ in theirs if via else ():
            told[number][notice.id] = Told(notice.at, via, None if via == TOLD_NOBODY else now)
    return told


async def _note(running: Running[Clock], numbers: Sequence[str], note: Callable[[Clock], None], now: datetime) -> None:
    """Note something on these clocks, many in one write."""
    for place in range(0, len(numbers), NOTED):
        documents = list((await running.repository.load(numbers[place : place + NOTED])).values())
        for document in documents:
            document.apply(Step(in_place(note), now))
        await commit(running.repository, documents)
