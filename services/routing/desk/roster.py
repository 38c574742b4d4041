"""The roster: who is on duty where, who has how much in hand, and so whose turn it is."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Self

import structlog

from services.routing.keeping import amend
from services.routing.model import AT_WORK, Case, Colleague, Duty
from shared.contracts.values import Department
from shared.repository import Repository, answering
from shared.service import Running

log = structlog.get_logger(__name__)

UNDER_WAY = timedelta(seconds=10)
"""How long a case that was given to somebody counts as theirs although the database does not say so yet."""


class Roster:
    """The collection `duty` of routing's database, one document for each department.

    `staff` is who is known to belong where, as it was read last; every replica reads it anew every few seconds.
    """

    def __init__(self, duties: Repository[Duty], cases: Repository[Case]) -> None:
        self._duties, self._cases = duties, cases
        self._turn = asyncio.Lock()
        self._given: dict[str, tuple[str, datetime]] = {}
        """Cases given out whose commit may still be under way, to whom and when."""
        self.staff: Mapping[Department, Collection[str]] = {}

    @classmethod
    def of(cls, running: Running[Case]) -> Self:
        """The roster of a running service."""
        return cls(
            Repository(running.database["duty"], Duty, running.bus.publisher, running.direct.command),
            running.repository,
        )

    async def duty(self, department: Department) -> Duty:
        """Who is on duty in a department."""
        return (await self._duties.load([department]))[department].aggregate or Duty(number=department)

    async def note(self, department: Department, colleague: Colleague) -> Duty:
        """Put on record that somebody is on duty or is not. Raises `Conflict`, `Unavailable`."""
        duty = await amend(self._duties, department, lambda duty: duty.note(colleague), colleague.since)
        await self.read()
        return duty

    async def read(self) -> None:
        """Learn who belongs where."""
        with answering():
            found = self._duties.collection.find({}, {"state": 1})
            duties = [Duty.model_validate(raw["state"]) async for raw in found]
        self.staff = {
            duty.number: {name for one in duty.colleagues for name in (one.person, one.full_name) if name}
            for duty in duties
        }

    async def in_hand(self, people: Collection[str]) -> Counter[str]:
        """How many cases each of these people is to handle."""
        asked = {"state.handler": {"$in": list(people), "$gt": ""}, "state.status": {"$in": list(AT_WORK)}}
        with answering():
            found = self._cases.collection.find(asked, {"state.handler": 1})
            held = {raw["_id"]: raw["state"]["handler"] async for raw in found}
        under_way = {number: person for number, (person, _) in self._given.items()}
        return Counter((under_way | held).values())

    async def whose_turn(self, case: Case, now: datetime) -> str | None:
        """The person on duty with the least in hand who may handle a case; None where there is nobody."""
        async with self._turn:
            present = (await self.duty(case.department)).present
            people = [one.person for one in present if case.may_be_handled_by(one.person, one.full_name)]
            if not people:
                return None
            self._given = {number: given for number, given in self._given.items() if now - given[1] < UNDER_WAY}
            load = await self.in_hand(people)
            person = min(people, key=load.__getitem__)
            self._given[case.number] = person, now
            return person


async def keep_roster(running: Running[Case]) -> None:
    """Follow who belongs where, as long as the service runs."""
    roster: Roster = running.kit.roster
    while True:
        try:
            await roster.read()
        except Exception as error:
            log.warning("roster_not_read", error=repr(error))
        await asyncio.sleep(running.settings.look_every.total_seconds())


async def find_handler(case: Case, context: Any) -> Callable[[Case], Case]:
    """Whose turn it is to handle a case that waits for somebody; the step that gives it to them."""
    if not case.is_unclaimed:
        return _unchanged
    person = await context.kit.roster.whose_turn(case, context.now)
    return partial(_given, person=person, at=context.now) if person else _unchanged


def _unchanged(case: Case) -> Case:
    return case


def _given(case: Case, *, person: str, at: datetime) -> Case:
    case.give_to(person, at=at)
    return case
