"""Moving all open complaints of a regulation to another version of it: ordered once, carried out batch by batch.

The work that is left is a question to the index: the open complaints under one of the versions they are moved from.
So a crash loses nothing of it, and what a replica has still registered under an older version is found as well.
"""

from datetime import timedelta
from functools import partial
from typing import Any, Literal

import structlog
from pydantic import BaseModel

from services.intake.model import FINISHED, Complaint
from shared.contracts.values import Instant
from shared.document import Document, Step, in_place
from shared.errors import NotFound
from shared.processor import commit
from shared.regulations import Regulation
from shared.repository import answering
from shared.service import Index, Running

log = structlog.get_logger(__name__)

Intake = Running[Complaint]

OPEN = {"state.status": {"$in": sorted(Complaint.TRANSITIONS.keys() - FINISHED)}}
INDEXES: list[Index] = [([("state.regulation", 1), ("state.regulation_version", 1)], {"partialFilterExpression": OPEN})]

AT_ONCE = 200
"""Complaints moved in one batch."""
STANDS = timedelta(minutes=1)
"""How long an order stands at least: until every replica registers under the version that came into force before it."""


class Order(BaseModel):
    """An administrator's order: all open complaints under these versions go over to another one, and why."""

    regulation: str
    version: str
    origins: list[str]
    by: str
    reason: str
    at: Instant
    moved: int = 0
    finished: bool = False

    @property
    def id(self) -> str:
        """What it is kept under."""
        return f"{self.regulation}:{self.version}"

    @property
    def itself(self) -> dict[str, Any]:
        """What finds this very order; the same one, given anew with other words, is another."""
        return {"_id": self.id, "at": self.at}

    @property
    def stands(self) -> dict[str, Any]:
        """What finds it as long as no other has taken its place."""
        return self.itself | {"finished": False}

    @property
    def concerned(self) -> dict[str, Any]:
        """What finds the complaints that are left."""
        return OPEN | {"state.regulation": self.regulation, "state.regulation_version": {"$in": self.origins}}


class Progress(Order):
    """How far an order has got; what is `left` of one that is done has a department that the version does not have."""

    state: Literal["open", "done"]
    left: int


async def order(running: Intake, wanted: Order) -> Progress:
    """Have complaints moved from now on; given twice it stands as it does. Raises `Unavailable`.

    It takes the place of whatever else stands for the regulation: no complaint is to be moved back and forth.
    """
    kept, standing = running.database["moves"], {"regulation": wanted.regulation, "finished": False}
    same = {"_id": wanted.id, **wanted.model_dump(include={"origins", "by", "reason"})}
    with answering():
        await kept.update_many(standing | {"_id": {"$ne": wanted.id}}, {"$set": {"finished": True}})
        if await kept.find_one(standing | same) is None:
            await kept.replace_one({"_id": wanted.id}, wanted.model_dump(), upsert=True)
    return await progress(running, wanted.regulation, wanted.version)


async def progress(running: Intake, regulation: str, version: str) -> Progress:
    """How far a move has got. Raises `NotFound` where nobody has ordered it, and `Unavailable`."""
    with answering():
        kept = await running.database["moves"].find_one({"_id": f"{regulation}:{version}"}, {"_id": 0})
        if kept is None:
            raise NotFound(f"Nobody has ordered a move to {regulation} {version}.")
        left = await running.repository.collection.count_documents(Order(**kept).concerned)
    return Progress(**kept, state="done" if kept["finished"] else "open", left=left)


async def carry_on(running: Intake) -> None:
    """Carry out the orders that stand; one that nothing is left of is finished when it has stood long enough."""
    for kept in await running.database["moves"].find({"finished": False}, {"_id": 0}).to_list(None):
        standing = Order(**kept)
        if await carry_out(running, standing) and running.clock() - standing.at > STANDS:
            await running.database["moves"].update_one(standing.stands, {"$set": {"finished": True}})


async def carry_out(running: Intake, standing: Order) -> bool:
    """Move what can be moved; whether that is all, neither the broker nor another order having held it up.

    Raises `Unavailable`.
    """
    to, stay = running.regulations.get(standing.regulation, standing.version), list[str]()
    orders = running.database["moves"]
    while running.bus.publisher.has_room and await orders.find_one(standing.stands, {"_id": 1}):
        left = running.repository.collection.find(standing.concerned | {"_id": {"$nin": stay}}, {"_id": 1})
        ids = [raw["_id"] for raw in await left.limit(AT_ONCE).to_list(None)]
        if not ids:
            if stay:
                log.warning("complaints_not_moved", regulation=to.edition, complaints=len(stay), example=stay[0])
            return True
        stay += await _move(running, standing, to, ids)
    return False


async def _move(running: Intake, standing: Order, to: Regulation, ids: list[str]) -> list[str]:
    """Move these complaints, each in one guarded commit, on the record; returns those that stay where they are."""
    documents = list((await running.repository.load(ids, by="_id")).values())
    now = running.clock()

    change = in_place(partial(Complaint.move_regulation, to=to, by=standing.by, reason=standing.reason, at=now))
    for document in documents:
        document.attempt(Step(change, now))
    await commit(running.repository, documents)
    stay = [document.key for document in documents if not _is_moved(document)]
    moved = {"$inc": {"moved": len(documents) - len(stay)}}
    await running.database["moves"].update_one(standing.itself, moved)
    return stay


def _is_moved(document: Document[Complaint]) -> bool:
    return bool(document.outbox) and not document.refused
