"""The line of progress: the life of a complaint as the complainant sees it, and where on it the complaint is."""

from typing import Literal

from pydantic import BaseModel

from services.intake.model import Complaint
from services.intake.words import STATUS
from shared.contracts.values import Language, Status

LINE: tuple[Status, ...] = ("registered", "accepted", "assigned", "in-progress", "answered", "closed")
"""The stations when everything goes its way."""

AT: dict[Status, Status] = {"archived": "closed", "reopened": "assigned"}
"""Where on the line a complaint is whose status is not a station of its own."""


class Station(BaseModel):
    """One station on the line."""

    text: str
    place: Literal["passed", "here", "ahead"]


def progress(complaint: Complaint, language: Language) -> list[Station]:
    """The line of progress; a complaint that was declined or withdrawn ends where it left the line."""
    here = AT.get(complaint.status, complaint.status)
    if here not in LINE:
        return _ended_early(complaint, language)
    nth = LINE.index(here)
    named = [*LINE[:nth], complaint.status, *LINE[nth + 1 :]]
    return [_station(status, language, place - nth) for place, status in enumerate(named)]


def _ended_early(complaint: Complaint, language: Language) -> list[Station]:
    passed = {entry.what for entry in complaint.timeline}
    stations = [_station(status, language, -1) for status in LINE if status in passed]
    return [*stations, _station(complaint.status, language, 0)]


def _station(status: Status, language: Language, distance: int) -> Station:
    place: Literal["passed", "here", "ahead"] = "here" if distance == 0 else "passed" if distance < 0 else "ahead"
    return Station(text=STATUS[status][language], place=place)
