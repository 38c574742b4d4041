"""What a pack demands before an answer, and how a wrong demand is answered."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.contracts.values import Outcome
from shared.regulations import Regulation, RegulationError, load_regulation
from shared.regulations.casework import Casework, Matter
from shared.regulations.loader import SHIPPED
from shared.regulations.statements import statements

DEPARTMENT = {"title": {"zh-CN": "质量部", "en": "Quality"}, "place": {"zh-CN": "总部", "en": "Head office"}}
TEAM = {"departments": ["quality"], "leader": "manager", "asks": {"zh-CN": "请说明", "en": "Say"}, "clause": "S8.5"}
TITLE = {"zh-CN": "调查", "en": "Investigation"}


def beside(alternate: str) -> dict[str, Any]:
    """The departments of the default pack, with this alternate for the first."""
    others = dict.fromkeys(("service", "general-affairs"), DEPARTMENT)
    return {"quality": DEPARTMENT | {"alternate": {"department": alternate, "clause": "S18.3"}}} | others


def casework(**parts: Any) -> Casework:
    return Casework.model_validate(parts)


def step(**conditions: Any) -> Casework:
    return casework(steps=[{"step": "visit", "title": TITLE, "clause": "S7.4"} | conditions])


def matter(outcome: Outcome = "upheld", *on_record: str) -> Matter:
    return Matter("major", "product", outcome, on_record)


def pack(tmp_path: Path, **changes: Any) -> Regulation:
    """The default pack with these keys changed."""
    keys = yaml.safe_load((SHIPPED / "service-quality.yaml").read_text(encoding="utf-8")) | changes
    file = tmp_path / "ours.yaml"
    file.write_text(yaml.safe_dump(keys, allow_unicode=True), encoding="utf-8")
    return load_regulation(file)


@pytest.mark.parametrize(
    ("conditions", "demanded"),
    [
        ({}, True),
        ({"severity": ["major"]}, True),
        ({"severity": ["general"]}, False),
        ({"category": ["service"]}, False),
        ({"outcome": ["upheld", "partly-upheld"]}, True),
        ({"outcome": ["not-upheld"]}, False),
        ({"given": ["sample", "visit-refused"]}, True),
        ({"given": ["visit-refused"]}, False),
        ({"unless": ["sample"]}, False),
        ({"unless": ["visit-refused"]}, True),
    ],
)
def test_a_demand_counts_where_all_its_conditions_hold(conditions: Any, demanded: bool) -> None:
    assert bool(step(**conditions).missing(matter("upheld", "sample"))) is demanded


def test_what_is_on_record_is_not_missing() -> None:
    assert step().missing(matter("upheld", "visit")) == []


def test_approvers_are_asked_in_the_order_of_the_rows() -> None:
    rows = [{"role": role, "clause": "S20.3"} for role in ("supervisor", "manager", "approver")]

    assert [row.role for row in casework(approvals=rows).chain(matter())] == ["supervisor", "manager", "approver"]


def test_each_thing_that_an_answer_has_to_say_has_its_clause() -> None:
    duties = [{"asks": ["measures", "redress"], "clause": "S7.4"}]

    assert casework(duties=duties).duties_of(matter()) == {"measures": "S7.4", "redress": "S7.4"}


@pytest.mark.parametrize(
    ("changes", "mistake"),
    [
        ({"lead": {"department": "astrology", "clause": "S15.4"}}, "lead.department: there is no department"),
        ({"departments": beside("stars")}, "there is no other department 'stars'"),
        ({"departments": beside("quality")}, "there is no other department 'quality'"),
        ({"teams": [TEAM | {"departments": ["stars"]}]}, "teams.0.departments: there is no department"),
        ({"teams": [TEAM | {"leader": "handler"}]}, "teams.0.leader"),
        ({"dispatch": {"by": "lot", "clause": "S6.3"}}, "dispatch.by"),
        ({"casework": {"approvals": [{"role": "handler", "clause": "S20.3"}]}}, "casework.approvals.0.role"),
        ({"casework": {"steps": [{"step": "Visit!", "title": TITLE, "clause": "S7.4"}]}}, "casework.steps.0.step"),
        ({"casework": {"duties": [{"asks": ["apology"], "clause": "S7.4"}]}}, "casework.duties.0.asks.0"),
        ({"remedies": {"text": {"en": "courts"}, "clause": "S14.4"}}, "say it in zh-CN too"),
    ],
)
def test_a_wrong_demand_is_named_by_its_key(tmp_path: Path, changes: Any, mistake: str) -> None:
    with pytest.raises(RegulationError, match=mistake):
        pack(tmp_path, **changes)


@pytest.mark.parametrize(("ends", "last"), [(True, [False, True]), (False, [False, False])])
def test_the_answer_after_the_rounds_of_consent_is_the_last_where_the_remedies_end_it(
    tmp_path: Path, ends: bool, last: list[bool]
) -> None:
    ours = pack(tmp_path, remedies={"text": TITLE, "clause": "S14.4", "ends": ends})

    assert [ours.is_last(round) for round in (3, 4)] == last


def test_a_pack_without_remedies_has_no_last_answer(tmp_path: Path) -> None:
    assert not pack(tmp_path).is_last(100)


def test_casework_is_explained_with_its_conditions_and_clauses(tmp_path: Path) -> None:
    row = {"role": "manager", "clause": "S5.7", "severity": ["critical"], "given": ["sample"]}
    told = statements(pack(tmp_path, casework={"approvals": [row]}), "en")["casework"]

    assert [(one.key, one.says, one.clause) for one in told] == [
        ("manager severity=critical given=sample", ("approves the answer",), "S5.7")
    ]
