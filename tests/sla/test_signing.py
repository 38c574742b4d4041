"""Who may sign for a notice: handlers for their own department, those above departments for any."""

import pytest

from services.sla.model import Notice
from services.sla.supervision import concerns
from shared.contracts.values import Department, Role
from shared.identity import Caller
from tests.sla.given import RECEIVED


def notice(role: Role, department: Department | None) -> Notice:
    return Notice(id="urge-1", kind="urge", severity="general", role=role, department=department, at=RECEIVED)


def caller(role: str, *departments: str) -> Caller:
    return Caller("staff", "amy", frozenset({role}), frozenset(departments))


@pytest.mark.parametrize(
    ("who", "signs"),
    [
        (caller("handler", "quality"), True),
        (caller("handler", "service"), False),
        (caller("handler"), False),
        (caller("administrator"), True),
    ],
)
def test_a_handler_signs_for_their_own_department_only(who: Caller, signs: bool) -> None:
    assert concerns(who, notice("handler", "quality")) is signs


def test_a_supervisor_signs_whatever_the_department() -> None:
    assert concerns(caller("supervisor"), notice("supervisor", "quality"))


def test_what_came_before_any_department_had_it_concerns_every_handler() -> None:
    assert concerns(caller("handler", "service"), notice("handler", None))
