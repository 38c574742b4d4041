"""What makes a complaint grave: words, channel, tier, money and number, each told the same way."""

from typing import Any

import pytest

from shared.regulations.grading import grade
from shared.regulations.money import largest_amount
from shared.regulations.parts import SeverityRule

TITLE = {"zh-CN": "重大", "en": "Major"}
MAJOR = SeverityRule.model_validate(
    {"title": TITLE, "clause": "R1", "words": {"en": ["lawsuit"]}, "channels": ["media"], "tiers": ["important"],
     "amount": 10_000, "similar": 5}
)  # fmt: skip


@pytest.mark.parametrize(("facts", "because"), [
    ({"text": "a lawsuit will follow"}, "major: lawsuit (R1)"),
    ({"text": "rude staff", "channel": "media"}, "major: channel media (R1)"),
    ({"text": "rude staff", "tier": "important"}, "major: tier important (R1)"),
    ({"text": "损失3万元"}, "major: amount 30,000 (R1)"),
    ({"text": "rude staff", "similar": 7}, "major: 7 similar complaints (R1)"),
])  # fmt: skip
def test_each_criterion_is_enough_and_is_told_with_its_clause(facts: dict[str, Any], because: str) -> None:
    assert grade({"major": MAJOR}, **facts) == ("major", (because,))


@pytest.mark.parametrize("facts", [{"text": "损失九千元"}, {"text": "rude", "similar": 4}, {"text": "no lawsuit yet"}])
def test_what_meets_no_criterion_is_general(facts: dict[str, Any]) -> None:
    assert grade({"major": MAJOR}, **facts).severity == "general"


def test_a_graver_severity_counts_before_another() -> None:
    critical = MAJOR.model_copy(update={"similar": 50})

    assert grade({"critical": critical, "major": MAJOR}, "", similar=60).severity == "critical"


@pytest.mark.parametrize(("text", "amount"), [
    ("损失3万元", 30_000), ("赔偿三万五千元", 35_000), ("¥12,000.50", 12_000.5), ("they took $500 and then $80", 500),
    ("rmb 2万", 20_000), ("花了5000多块", 5000), ("1,200 dollars", 1200), ("usd 3k", 3000), ("一亿元", 100_000_000),
    ("两百块", 200), ("电话13800001234", 0), ("2026年11月", 0), ("订单号100000", 0), ("", 0),
])  # fmt: skip
def test_money_is_read_with_its_currency_and_nothing_else_is(text: str, amount: float) -> None:
    assert largest_amount(text) == amount


def test_an_endless_number_takes_no_time() -> None:
    assert largest_amount("九" * 100_000 + "1" * 100_000 + "元") > 0
