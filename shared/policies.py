"""Policies: the calendars and regulation packs in force, each in every version there has been.

They are kept in a database beside the services', as documents that are written once and never changed or taken away: a
deadline can be counted again by the calendar it was counted by, and a complaint is handled under the version that it
was registered under or moved to, in every service and after every restart. Every replica looks for new ones every few
seconds.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, Generic, TypeVar

import structlog
from motor.motor_asyncio import AsyncIOMotorCollection
from pydantic import BaseModel, ValidationError
from pymongo import ReturnDocument

from shared.database import Database, by_majority
from shared.errors import Conflict
from shared.regulations import PackFolder, Regulation, Regulations
from shared.repository import answering
from shared.telemetry import REFUSED, service_name
from shared.worktime import CALENDARS, CalendarEdition

log = structlog.get_logger(__name__)

P = TypeVar("P", bound=BaseModel)

POLICIES = "policies"
"""What the database is called where they are kept."""

MakeWay = Callable[[Regulations], Awaitable[None]]
"""Prepares for packs that are about to come into force; they do not where it raises."""


class Shelf(Generic[P]):
    """The policies of one kind, by `name:version`; what was once put there stays as it is."""

    def __init__(self, collection: AsyncIOMotorCollection[Any], kind: type[P]) -> None:
        self._collection = by_majority(collection)
        self._kind = kind

    async def put(self, key: str, policy: P) -> P:
        """Keep a policy unless its key is taken; returns the one that is kept. Raises `Unavailable`."""
        kept = {"$setOnInsert": {"policy": policy.model_dump(mode="json")}}
        with answering():
            raw = await self._collection.find_one_and_update(
                {"_id": key}, kept, upsert=True, return_document=ReturnDocument.AFTER
            )
        return self._kind.model_validate(raw["policy"])

    async def others(self, seen: Collection[str]) -> list[dict[str, Any]]:
        """The documents of the policies that are not among those seen, by key. Raises `Unavailable`."""
        with answering():
            found: list[dict[str, Any]] = (
                await self._collection.find({"_id": {"$nin": [*seen]}}).sort("_id").to_list(None)
            )
        return found

    def read(self, raw: Mapping[str, Any]) -> P | None:
        """The policy in a document; None for one that this version of Redress cannot read, which is said aloud."""
        try:
            return self._kind.model_validate(raw["policy"])
        except ValidationError as error:
            refuse(raw["_id"], str(error))
            return None


class Policies:
    """What is in force in one service: calendars for the whole process, packs as `regulations`.

    `regulations` is replaced as a whole and never changed, so that whoever took it sees one consistent set.
    """

    def __init__(self, database: Database, regulations: Regulations, folder: PackFolder, make_way: MakeWay) -> None:
        self.regulations = regulations
        self._calendar_shelf = Shelf(database["calendars"], CalendarEdition)
        self._pack_shelf = Shelf(database["regulations"], Regulation)
        self._folder, self._make_way = folder, make_way
        self._calendars: set[str] = set()
        self._packs: dict[str, Regulation | None] = {}
        self._offered = list(regulations)

    async def look(self) -> None:
        """Take in what others have entered since, and what stands in the folder for the first time.

        Raises `Unavailable`, RegulationError for a wrong pack in the folder, and what making way raises; whatever has
        not come into force does at a later look.
        """
        await self._take_in()
        self._offered += await asyncio.to_thread(self._folder.changed)
        for pack in self._offered:
            await self._keep(pack)
        self._offered = []
        await self._take_in()

    async def look_at_calendars(self) -> None:
        """Take in the editions of calendars that others have entered. Raises `Unavailable`."""
        for raw in await self._calendar_shelf.others(self._calendars):
            if edition := self._calendar_shelf.read(raw):
                _enter(edition)
            self._calendars.add(raw["_id"])

    async def enter(self, edition: CalendarEdition) -> None:
        """Bring an edition of a calendar into force, here at once and elsewhere at the next look.

        Raises `Conflict` where somebody else was quicker, and `Unavailable`.
        """
        if await self._calendar_shelf.put(key_of(edition), edition) != edition:
            raise Conflict(f"Edition {edition.version} of the calendar {edition.name} has just been entered otherwise.")
        _enter(edition)

    async def _take_in(self) -> None:
        """Take in what is new, calendars before the packs that name them and after these were looked for."""
        raws = await self._pack_shelf.others(self._packs)
        await self.look_at_calendars()
        if not raws:
            return
        packs = self._packs | {raw["_id"]: self._pack_shelf.read(raw) for raw in raws}
        regulations = Regulations(pack for pack in packs.values() if pack)
        await self._make_way(regulations)
        self.regulations, self._packs = regulations, packs
        log.info("regulations_entered", regulations=[raw["_id"] for raw in raws])

    async def _keep(self, pack: Regulation) -> None:
        """Keep a pack that is offered for the first time; refuse one that says otherwise than the one there is."""
        key = key_of(pack)
        kept = self._packs[key] if key in self._packs else await self._put(pack)
        if kept != pack:
            refuse(key, "the version is in force with other content; give what has changed a version of its own")

    async def _put(self, pack: Regulation) -> Regulation:
        owners = {other.name for other in self._packs.values() if other and other.prefix == pack.prefix} - {pack.name}
        if owners:
            refuse(key_of(pack), f"the number prefix {pack.prefix} belongs to {owners.pop()}")
            return pack
        return await self._pack_shelf.put(key_of(pack), pack)


async def recalled(database: Database, load: Callable[[], Regulations]) -> Regulations:
    """Every pack that is kept, and what `load` finds beside them once the calendars that are kept are known here.

    For commands, which read what services have entered. Raises `Unavailable`, and whatever `load` raises.
    """
    calendars, packs = Shelf(database["calendars"], CalendarEdition), Shelf(database["regulations"], Regulation)
    for raw in await calendars.others(()):
        if edition := calendars.read(raw):
            _enter(edition)
    kept = [pack for raw in await packs.others(()) if (pack := packs.read(raw))]
    return Regulations([*load(), *kept])


def key_of(policy: CalendarEdition | Regulation) -> str:
    """What a policy is kept under: name and version."""
    return f"{policy.name}:{policy.version}"


def _enter(edition: CalendarEdition) -> None:
    try:
        CALENDARS.enter(edition)
    except ValueError as error:
        refuse(key_of(edition), str(error))
    else:
        log.info("calendar_entered", calendar=edition.name, edition=edition.version)


def refuse(key: str, reason: str) -> None:
    """Say aloud that a policy is not taken in; what was in force stays so."""
    REFUSED.labels(service_name.get()).inc()
    log.error("policy_refused", policy=key, reason=reason)
