"""Whatever a pack can say can be told in both languages."""

from typing import Any, get_args

import pytest

from shared.contracts.values import Channel, Language, Milestone, Role, Rung, Severity, Tier
from shared.regulations import words
from shared.regulations.parts import AdmissibilityTest, RegisterField, Start
from shared.regulations.statements import PARTS
from shared.worktime import Duration, Unit, phrases

TABLES = [
    (words.MILESTONES, Milestone), (words.SEVERITIES, Severity), (words.CHANNELS, Channel), (words.TIERS, Tier),
    (words.RUNGS, Rung), (words.ROLES, Role), (words.STARTS, Start), (words.FIELDS, RegisterField),
    (words.TESTS, AdmissibilityTest),
]  # fmt: skip


@pytest.mark.parametrize(("table", "values"), TABLES)
def test_every_value_has_words(table: dict[str, words.Words], values: Any) -> None:
    assert set(table) == set(get_args(values))


def test_a_limit_in_every_unit_has_chinese_words() -> None:
    assert set(phrases.UNITS) == set(get_args(Unit))


@pytest.mark.parametrize("table", [*(table for table, _ in TABLES), words.HEADINGS, words.PHRASES])
def test_all_words_are_said_in_both_languages(table: dict[str, words.Words]) -> None:
    assert {frozenset(said) for said in table.values()} == {frozenset(get_args(Language))}


def test_every_part_of_an_explanation_has_a_heading() -> None:
    assert list(PARTS) == list(words.HEADINGS)


@pytest.mark.parametrize(("text", "start", "english", "chinese"), [
    ("5 working days", "receipt", "within 5 working days of receipt", "自收到起5个工作日内"),
    ("1 week", "acceptance", "within 1 week of acceptance", "自受理起1周内"),
    ("same day", "receipt", "on the day of receipt", "收到当日"),
    ("next day", "receipt", "on the working day after receipt", "收到次日"),
    ("30 minutes", "closing", "within 30 minutes of closing", "自办结起30分钟内"),
])  # fmt: skip
def test_a_limit_is_told_with_what_it_counts_from(text: str, start: Start, english: str, chinese: str) -> None:
    limit = Duration.parse(text)

    assert (words.counted(limit, start, "en"), words.counted(limit, start, "zh-CN")) == (english, chinese)
