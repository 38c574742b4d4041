"""The page on writing a pack says what the code says."""

import re
from typing import Any, get_args

import pytest

from shared.contracts.values import Milestone, Rung
from shared.regulations import Regulation, load_regulation
from shared.regulations.casework import (
    Approval,
    Casework,
    Dispatch,
    Duty,
    Lead,
    OnTheSpot,
    Remedies,
    StepRule,
    SummingUp,
    Tasks,
    Team,
    Wording,
)
from shared.regulations.parts import (
    Admissibility,
    Alert,
    Alternate,
    Consent,
    DepartmentEntry,
    Part,
    Pauses,
    Retention,
    Rise,
    Survey,
    Target,
)
from tests.shape.source import ROOT

PAGE = (ROOT / "docs/regulations.md").read_text(encoding="utf-8")
CODE = set(re.findall(r"`([^`\n]+)`", PAGE))
PARTS: list[type[Part]] = [
    Regulation,
    Target,
    Rise,
    Alert,
    Pauses,
    Consent,
    Survey,
    Retention,
    Admissibility,
    OnTheSpot,
    Casework,
    StepRule,
    Approval,
    Duty,
    Lead,
    Remedies,
    DepartmentEntry,
    Alternate,
    Dispatch,
    Tasks,
    Team,
    SummingUp,
    Wording,
]


@pytest.mark.parametrize("part", PARTS)
def test_every_key_of_a_pack_stands_on_the_page(part: type[Part]) -> None:
    assert [key for key in part.model_fields if key not in CODE] == []


@pytest.mark.parametrize("values", [Milestone, Rung])
def test_every_milestone_and_every_rung_stands_on_the_page(values: Any) -> None:
    assert [value for value in get_args(values) if value not in CODE] == []


def test_the_pack_on_the_page_is_right(tmp_path: Any) -> None:
    file = tmp_path / "our-service.yaml"
    file.write_text(PAGE.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")

    assert load_regulation(file).departments.keys() == {"quality", "service", "general-affairs"}
