"""`redress deadline` answers on the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shared.regulations.commands import deadline
from shared.regulations.loader import SHIPPED


def run(command, *words: str, lang: str = "en_GB.UTF-8") -> Result:
    """Runs a command as a shell with this LANG would."""
    return CliRunner(env={"LANG": lang}).invoke(command, words)


def targets(*words: str) -> dict[str, dict]:
    """The targets that `deadline --json` prints, by milestone."""
    printed = json.loads(run(deadline, *words, "--json").stdout)
    return {target["milestone"]: target for target in printed["targets"]}


def wrong_pack(folder: Path) -> Path:
    file = folder / "own.yaml"
    text = (SHIPPED / "property.yaml").read_text(encoding="utf-8")
    file.write_text(text.replace("years: 3", "years: 0"), encoding="utf-8")
    return file


def test_each_target_is_printed_with_its_clause_and_derivation():
    assert run(deadline, "service-quality", "--received", "2026-09-30T17:40+08:00").stdout == (
        "acknowledgement (S15.2)\n"
        "  counted from Wed 2026-09-30 17:40 (Asia/Shanghai), limit 24 hours\n"
        "  the clock runs without a stop, nights and holidays included\n"
        "  due Thu 2026-10-01 17:40\n"
        "\n"
        "resolution (S15.5)\n"
        "  counted from Wed 2026-09-30 17:40 (Asia/Shanghai), limit 5 working days\n"
        "  the first day is not counted (Civil Code, Art. 201)\n"
        "  Thu 10-01 to Wed 10-07 off: National Day\n"
        "  working day 1 is Thu 10-08\n"
        "  working day 3 is Sat 10-10, a make-up workday\n"
        "  Sun 10-11 off: weekend\n"
        "  working day 5 is Tue 10-13\n"
        "  due Tue 2026-10-13 18:00, close of business\n"
        "\n"
        "filing (S15.7)\n"
        "  within 5 working days of closing\n"
    )


def test_json_gives_instants_in_utc():
    assert targets("service-quality", "--received", "2026-09-30T17:40+08:00")["resolution"] == {
        "milestone": "resolution",
        "clause": "S15.5",
        "within": "5 working days",
        "starts": "receipt",
        "due_at": "2026-10-13T10:00:00.000Z",
        "provisional": False,
        "derivation": [
            "counted from Wed 2026-09-30 17:40 (Asia/Shanghai), limit 5 working days",
            "the first day is not counted (Civil Code, Art. 201)",
            "Thu 10-01 to Wed 10-07 off: National Day",
            "working day 1 is Thu 10-08",
            "working day 3 is Sat 10-10, a make-up workday",
            "Sun 10-11 off: weekend",
            "working day 5 is Tue 10-13",
            "due Tue 2026-10-13 18:00, close of business",
        ],
    }


def test_a_major_complaint_is_due_earlier():
    due = targets("service-quality", "--received", "2026-09-30T17:40+08:00", "--severity", "major")

    assert due["resolution"]["due_at"] == "2026-10-10T10:00:00.000Z"


def test_every_condition_can_be_given():
    words = ("--written", "--channel", "letter", "--tier", "important", "--severity", "critical")

    assert run(deadline, "property", "--received", "2026-09-30T17:40", *words).exit_code == 0


def test_a_time_without_an_offset_is_local_to_the_calendar():
    naive, aware = (targets("property", "--received", time) for time in ("2026-01-09T10:00", "2026-01-09T10:00+08:00"))

    assert naive == aware


@pytest.mark.parametrize(("lang", "word"), [("zh_CN.UTF-8", "截止时间"), ("C.UTF-8", "close of business"), ("", "due")])
def test_the_language_is_the_shells(lang, word):
    assert word in run(deadline, "property", "--received", "2026-01-09T10:00", lang=lang).stdout


def test_the_language_can_be_chosen():
    assert "截止时间" in run(deadline, "property", "--received", "2026-01-09T10:00", "--lang", "zh-CN").stdout


@pytest.mark.parametrize(("language", "words"), [
    ("en", "within 5 working days of acceptance"), ("zh-CN", "自受理起5个工作日内"),
])  # fmt: skip
def test_a_target_that_starts_later_says_when(language, words):
    asked = ("vehicle-repair", "--received", "2026-01-09T10:00", "--lang", language)

    assert (targets(*asked)["resolution"]["due_at"], targets(*asked)["resolution"]["derivation"]) == (None, [words])


def test_a_pack_can_be_named_by_its_file(tmp_path):
    file = tmp_path / "own.yaml"
    file.write_text((SHIPPED / "property.yaml").read_text(encoding="utf-8").replace("24 hours", "8 hours"), "utf-8")

    assert targets(str(file), "--received", "2026-01-09T10:00")["first-reply"]["within"] == "8 hours"


def test_a_pack_can_be_named_with_its_version():
    assert run(deadline, "property 1", "--received", "2026-01-09T10:00").exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("alchemy", "--received", "2026-01-09T10:00"),
        ("property",),
        ("property", "--received", "soon"),
        ("property", "--received", "9999-12-31T10:00"),
        ("property", "--received", "0001-01-01T00:00"),
        ("demo", "--received", "9999-12-31T23:59:59"),
        ("property", "--received", "2026-01-09T10:00", "--severity", "awful"),
        ("property", "--received", "2026-01-09T10:00", "--channel", "fax"),
        ("property", "--received", "2026-01-09T10:00", "--packs", "/nowhere"),
        ("property 1999", "--received", "2026-01-09T10:00"),
        ("/nowhere.yaml", "--received", "2026-01-09T10:00"),
    ],
)
def test_misuse_exits_with_2(words):
    assert run(deadline, *words).exit_code == 2


def test_a_wrong_pack_in_a_folder_is_named(tmp_path):
    wrong_pack(tmp_path)

    result = run(deadline, "property", "--received", "2026-01-09T10:00", "--packs", str(tmp_path))

    assert "retention.years: 0 is wrong" in result.stderr
