"""Saved views of the worklist: of one person, or shared by a department; one document for each owner."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlencode

from pydantic import BaseModel

from services.routing.keeping import amend
from services.routing.model import State
from shared.aggregate import Aggregate
from shared.contracts.values import Department, Instant, Severity
from shared.errors import Invalid, NotFound
from shared.repository import Repository
from shared.service import Running
from shared.web import Body, Line

MOST = 50
"""How many views one owner keeps."""

LONGEST_NAME = 60


class Filter(Body):
    """What the worklist is narrowed to; what is left out narrows nothing. The handler `me` is whoever asks."""

    department: Department | None = None
    state: State | None = None
    handler: Line = ""
    severity: Severity | None = None
    tag: Line = ""
    due_before: Instant | None = None
    asked: Department | None = None

    @property
    def link(self) -> str:
        """The worklist narrowed like this."""
        given = self.model_dump(mode="json", exclude_defaults=True)
        return f"/routing/cases?{urlencode(given)}" if given else "/routing/cases"


class View(BaseModel):
    """A filter that somebody has given a name."""

    name: str
    filter: Filter


class Shelf(Aggregate):
    """The views of one owner, who stands where other aggregates have a complaint's number."""

    views: list[View] = []

    def keep(self, view: View) -> None:
        """Keep a view, instead of the one that has its name.

        Raises `Invalid` where there are too many, and for a name that nobody could read.
        """
        if not (view.name.strip() and view.name.isprintable() and len(view.name) <= LONGEST_NAME):
            raise Invalid(f"A view's name has up to {LONGEST_NAME} characters that can be read.")
        others = [other for other in self.views if other.name != view.name]
        if len(others) >= MOST:
            raise Invalid(f"There are {MOST} views already; drop one first.")
        self.views = sorted([*others, view], key=lambda one: one.name)

    def drop(self, name: str) -> None:
        """Drop the view of a name. Raises `NotFound`."""
        if name not in [view.name for view in self.views]:
            raise NotFound(f"There is no view {name}.")
        self.views = [view for view in self.views if view.name != name]


def owner_of(person: str, department: Department | None) -> str:
    """Whose shelf it is."""
    return f"department:{department}" if department else f"person:{person}"


class Shelves:
    """The collection `views` of routing's database."""

    def __init__(self, shelves: Repository[Shelf]) -> None:
        self._shelves = shelves

    @classmethod
    def of(cls, running: Running[Any]) -> Self:
        """The shelves of a running service."""
        return cls(Repository(running.database["views"], Shelf, running.bus.publisher, running.direct.command))

    async def of_owners(self, owners: Sequence[str]) -> list[Shelf]:
        """The shelves of these owners, in their order, those left out that have none. Raises `Unavailable`."""
        documents = await self._shelves.load(owners)
        return [shelf for owner in owners if (shelf := documents[owner].aggregate)]

    async def keep(self, owner: str, view: View, now: datetime) -> None:
        """Keep a view on an owner's shelf."""
        await amend(self._shelves, owner, lambda shelf: shelf.keep(view), now)

    async def drop(self, owner: str, name: str, now: datetime) -> None:
        """Drop a view from an owner's shelf. Raises `NotFound`."""
        await amend(self._shelves, owner, lambda shelf: shelf.drop(name), now)
