"""What is asked and shown of claims and of who is on duty."""

from pydantic import BaseModel

from shared.contracts.values import Department, Instant
from shared.web import Body, Line


class Claim(Body):
    """Where to claim a case from; from all of one's departments, where nothing is said."""

    department: Department | None = None


class DutyNote(Body):
    """Somebody is on duty in a department, or is not; without `person` it is whoever says so."""

    department: Department
    on_duty: bool
    person: Line = ""


class DutyQuery(Body):
    """Whose duty is asked for."""

    department: Department


class ColleagueView(BaseModel):
    """Somebody on duty, and how many cases they have in hand."""

    person: str
    since: Instant
    in_hand: int


class DutyView(BaseModel):
    """Who is on duty in a department, whoever came first in front."""

    department: Department
    present: list[ColleagueView]
