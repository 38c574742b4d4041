"""Every clause is proven by a test that names it, or waits for a capability and says which."""

import ast
import re

import pytest

from tests.scenarios.clauses import CLAUSES, HOW_MANY, named_in
from tests.scenarios.given import PACKS
from tests.scenarios.waiting import WAITING
from tests.shape.source import sources

NAMES = [
    node.name
    for path in sources("tests")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
]
TESTED = {clause for name in NAMES for clause in named_in(name)}
CITED = {
    clause
    for pack in PACKS
    for clause in re.findall(r"\bS\d+\.\d+\b", pack.model_dump_json())
}  # fmt: skip


def test_every_clause_is_tested_or_waits():
    assert [clause for clause in CLAUSES if clause not in TESTED and clause not in WAITING] == []


def test_no_clause_waits_that_is_tested():
    assert sorted(TESTED & set(WAITING)) == []


def test_no_test_and_no_waiting_names_a_clause_that_there_is_not():
    assert sorted((TESTED | set(WAITING)) - set(CLAUSES)) == []


def test_no_pack_cites_a_clause_that_there_is_not():
    assert sorted(CITED - set(CLAUSES)) == []


def test_every_regulation_but_the_archives_is_served_by_a_pack():
    served = {source for pack in PACKS for source in pack.source.split(", ")}

    assert served == set(HOW_MANY) - {"S1"}


@pytest.mark.parametrize(
    ("name", "clauses"),
    [
        ("test_s15_5_major_complaints_are_solved_within_three_working_days", ["S15.5"]),
        ("test_s6_4_and_s6_6_replies_and_results", ["S6.4", "S6.6"]),
        ("test_s13_and_s17_are_about_service", ["S13", "S17"]),
        ("test_s2_10_monthly", ["S2.10"]),
        ("test_what_costs_3_is_told", []),
        ("test_packs_2_are_more", []),
    ],
)
def test_a_test_names_its_clauses(name, clauses):
    assert named_in(name) == clauses
