"""Conflict of interest: for whoever a complaint is about it does not exist, whatever their role (S18.3).

Every service asks this one rule, at every door for staff. A complainant's own link is hindered by nothing.
"""

from collections.abc import Collection
from typing import Protocol

from shared.contracts.values import Department
from shared.errors import NotFound
from shared.identity import Caller
from shared.regulations import Regulations
from shared.text import names


class Complained(Protocol):
    """What a service has of a complaint: whom it is against, and by which version of which regulation it is handled.

    It is about the departments that are `concerned` as far as routing has said so.
    """

    @property
    def number(self) -> str:
        """The complaint's number."""

    @property
    def respondent(self) -> str:
        """Whom it is against, in the complainant's words."""

    @property
    def concerned(self) -> Collection[Department]:
        """The departments that it is about."""

    @property
    def regulation(self) -> str:
        """The name of the regulation."""

    @property
    def regulation_version(self) -> str:
        """Its version."""


def is_about(caller: Caller, respondent: str, concerned: Collection[Department]) -> bool:
    """Whether a complaint against `respondent` names this member of staff, or is about a department of theirs."""
    if caller.kind != "staff":
        return False
    return not caller.departments.isdisjoint(concerned) or names(respondent, caller.name, caller.full_name)


def sees(caller: Caller, regulations: Regulations, complaint: Complained) -> bool:
    """Whether a complaint exists for somebody.

    Which departments it is about is told by its regulation, and by routing, which knows their staff.
    """
    respondent = complaint.respondent
    if caller.kind != "staff" or not respondent:
        return True
    regulation = regulations.get(complaint.regulation, complaint.regulation_version)
    return not is_about(caller, respondent, {*regulation.concerned(respondent, {}), *complaint.concerned})


def must_see(caller: Caller, regulations: Regulations, complaint: Complained) -> None:
    """What is about oneself is not there: raises `NotFound` in the words that are said of what there never was."""
    if not sees(caller, regulations, complaint):
        raise NotFound.of(type(complaint), complaint.number)
