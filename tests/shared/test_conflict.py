"""Whom a complaint is about is told by one rule, whatever they are called and whichever role they have."""

from types import SimpleNamespace
from typing import Any

import pytest

from shared.conflict import is_about, must_see, sees
from shared.errors import NotFound
from shared.identity import ANYBODY, Caller
from shared.regulations import load_regulations
from shared.testing.builders import a_number

REGULATIONS = load_regulations()
LI = "送货员李强，工号 liq7"


def staff(name: str, departments: str = "", role: str = "handler", full_name: str = "") -> Caller:
    return Caller("staff", name, frozenset({role}), frozenset(departments.split()), full_name=full_name)


def a_complaint(respondent: str, regulation: str = "service-quality", concerned: tuple[str, ...] = ()) -> Any:
    version = REGULATIONS.get(regulation).version
    return SimpleNamespace(
        number=a_number(), respondent=respondent, concerned=concerned, regulation=regulation, regulation_version=version
    )


@pytest.mark.parametrize(
    ("caller", "about"),
    [
        (staff("liq7"), True),
        (staff("李强"), True),
        (staff("u-83", full_name="李强"), True),
        (staff("LIQ7", role="administrator"), True),
        (staff("李强", role="auditor"), True),
        (staff("liq"), False),
        (staff("", full_name=""), False),
        (Caller("complainant", "李强", purpose="track"), False),
        (Caller("channel", "liq7"), False),
        (ANYBODY, False),
    ],
)
def test_it_is_about_the_staff_that_it_names(caller: Caller, about: bool) -> None:
    assert is_about(caller, LI, []) is about


@pytest.mark.parametrize(
    ("departments", "respondent", "concerned", "seen"),
    [
        ("service", "服务部门", (), False),
        ("quality service", "服务部门", (), False),
        ("quality", "服务部门", (), True),
        ("", "服务部门", (), True),
        ("service", LI, ("service",), False),
        ("quality", LI, ("service",), True),
        ("service", "", (), True),
    ],
)
def test_which_departments_it_is_about_is_told_by_its_regulation_and_by_routing(
    departments: str, respondent: str, concerned: tuple[str, ...], seen: bool
) -> None:
    assert sees(staff("max", departments, "manager"), REGULATIONS, a_complaint(respondent, concerned=concerned)) is seen


def test_a_department_that_has_to_answer_for_want_of_another_sees_what_it_answers() -> None:
    assert sees(staff("max", "quality"), REGULATIONS, a_complaint("质量保证部", "medicine"))


def test_what_is_not_there_for_somebody_is_spoken_of_like_what_never_was() -> None:
    complaint = a_complaint(LI)

    with pytest.raises(NotFound) as fault:
        must_see(staff("liq7"), REGULATIONS, complaint)

    assert str(fault.value) == str(NotFound.of(SimpleNamespace, complaint.number))
