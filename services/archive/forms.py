"""What readers of the archive ask, and what they get."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from services.archive.model import Access, Catalogue, RecordStatus
from shared.contracts.values import Day, Instant
from shared.web import Body, Line
from shared.web.body import Paging

Moment = Annotated[
    Instant | Annotated[Day, Field(ge=date(1900, 1, 1), le=date(2999, 12, 31))] | None,
    BeforeValidator(lambda value: value or None),
]
"""A moment, or a whole local day; empty is none."""


class Search(Paging):
    """What records are found by (S1.4); all of what is given must hold.

    `q`: a complaint or catalogue number, or words of the text. `from` is included; of `to` a day is, a moment is not.
    """

    q: Line = ""
    number: Line = ""
    tag: Line = ""
    department: Line = ""
    since: Moment = Field(None, alias="from")
    until: Moment = Field(None, alias="to")
    product: Line = ""
    batch: Line = ""
    person: Line = ""


class Reading(Body):
    """How a record is read: masked, or in full for a reason, which is put on record."""

    unmask: Line | None = None


class RecordLine(Catalogue):
    """One record in a list."""

    number: str


class EntryView(BaseModel):
    """One event of the timeline, its sealed values masked or opened."""

    id: str
    type: str
    text: str
    source: str
    time: Instant
    data: dict[str, Any]


class DossierView(BaseModel):
    """A whole record; `missing` says what it lacks before it can be filed (S1.1)."""

    number: str
    status: RecordStatus
    missing: list[str]
    masked: bool
    catalogue: Catalogue | None
    timeline: list[EntryView]
    accesses: list[Access]
