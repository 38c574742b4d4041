"""`redress regulations list|check|explain|diff` answer on the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shared.regulations import load_regulations
from shared.regulations.commands import regulations
from shared.regulations.loader import SHIPPED

NAMES = [pack.name for pack in load_regulations()]


def run(*words: str, lang: str = "en_GB.UTF-8") -> Result:
    """Runs `redress regulations` as a shell with this LANG would."""
    return CliRunner(env={"LANG": lang}).invoke(regulations, words)


def own_pack(folder: Path, right: str = "", changed: str = "") -> str:
    """The property pack as an operator's own version 2, with one change."""
    text = (SHIPPED / "property.yaml").read_text(encoding="utf-8")
    file = folder / "own.yaml"
    file.write_text(text.replace('version: "1"', 'version: "2"').replace(right, changed), encoding="utf-8")
    return str(file)


def test_the_list_names_every_pack():
    printed = json.loads(run("list", "--json").stdout)

    assert [pack["name"] for pack in printed] == NAMES


def test_the_list_has_one_line_a_pack():
    assert len(run("list").stdout.splitlines()) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_pack_is_called_right(name):
    result = run("check", str(SHIPPED / f"{name}.yaml"))

    assert (result.exit_code, result.stdout) == (0, f"{name}.yaml: right\n")


def test_a_wrong_pack_is_refused_with_its_mistake(tmp_path):
    result = run("check", own_pack(tmp_path, "years: 3", "years: 0"))

    assert result.exit_code == 1
    assert result.stderr.startswith("own.yaml, line ")


def test_the_mistakes_can_be_had_as_json(tmp_path):
    printed = json.loads(run("check", own_pack(tmp_path, "years: 3", "years: 0"), "--json").stdout)

    assert (printed["right"], len(printed["mistakes"])) == (False, 1)


@pytest.mark.parametrize(
    "words", [("check", "/nowhere.yaml"), ("explain", "/nowhere.yaml"), ("explain", "alchemy"), ("diff", "property")]
)
def test_what_does_not_exist_is_misuse(words):
    assert run(*words).exit_code == 2


@pytest.mark.parametrize(
    "line",
    [
        "resolution: within 3 working days of receipt (S6.6)",
        "first reply [Danger to persons or property]: within 15 minutes of receipt (S6.5)",
        "filing: within 5 working days of closing (S1.1)",
        "written supervision: supervisor, 4 hours after the deadline (S6.5)",
        "Danger to persons or property: manager, within 15 minutes, day and night (S6.5)",
        "while somebody is waited for, 10 working days at most in all (S6.8)",
        "Building and facilities: Maintenance",
        "Maintenance [engineering]: Maintenance, property service centre",
        "General complaint [general]: whatever is none of these (S6.6)",
        "3 years after closing (S1.5; Civil Code, Art. 188)",
        "time, place",
    ],
)
def test_a_pack_is_explained_line_by_line_with_its_clauses(line):
    assert f"  {line}\n" in run("explain", "property").stdout


@pytest.mark.parametrize(
    ("pack", "line"),
    [
        ("vehicle-repair", "处理结果：自受理起5个工作日内（S7.3）"),
        ("vehicle-repair", "受理决定：收到次日（S7.2）"),
        ("group", "首次答复 [热线电话、来访]：收到当日（S2.5）"),
        ("group", "首次答复 [书面]：自收到起2个工作日内（S2.5）"),
        ("group", "重大投诉、重大投诉（危及人身安全）：主管领导，15分钟内，不分昼夜（S2.7）"),
        ("medicine-gmp", "提级督办 [第三类（严重不良反应或直接危害健康）]：总经理，超时1小时后（S20.5）"),
        ("medicine", "产品有效期后1年、有效期不明的，办结后6年（S19.4）"),
        ("customer-service", "处理结果 [重要客户]：自收到起24小时内（S4.5）"),
    ],
)
def test_a_pack_is_explained_in_chinese_in_its_own_words(pack, line):
    assert f"  {line}\n" in run("explain", pack, lang="zh_CN.UTF-8").stdout


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_target_of_every_pack_is_explained(name, language):
    pack = load_regulations().get(name)

    printed = json.loads(run("explain", name, "--lang", language, "--json").stdout)

    assert len(printed["parts"]["targets"]) == len(pack.targets)


def test_an_explanation_as_json_has_keys_that_do_not_depend_on_the_language():
    english, chinese = (
        json.loads(run("explain", "group", "--json", "--lang", language).stdout)["parts"]
        for language in ("en", "zh-CN")
    )

    assert [row["key"] for row in english["targets"]] == [row["key"] for row in chinese["targets"]]


def test_a_pack_does_not_differ_from_itself():
    result = run("diff", "property", "property 1")

    assert (result.exit_code, result.stdout) == (0, "property 1 → property 1\n")


def test_a_changed_promise_is_told_as_it_was_and_as_it_is(tmp_path):
    result = run("diff", "property", own_pack(tmp_path, "within: 3 working days", "within: 2 working days"))

    assert (result.exit_code, result.stdout) == (
        1,
        "property 1 → property 2\n"
        "Deadlines\n"
        "  resolution\n"
        "    - within 3 working days of receipt\n"
        "    + within 2 working days of receipt\n",
    )


@pytest.mark.parametrize(
    ("right", "changed", "told"),
    [
        ("clause: S6.6}", "clause: S6.7}", ["- S6.6", "+ S6.7"]),
        ("sms, app", "app", ["- text message"]),
        ("触电, 漏电", "触电, 漏电, 漏水", ["+ 漏水"]),
        ("role: handler", "role: dispatcher", ["- handler, 30 minutes after", "+ dispatcher, 30 minutes after"]),
        ("requires: [occurred_at, place]", "requires: [place]", ["- time"]),
        ("rounds: 3", "rounds: 2", ["- what is disputed in round 3", "+ what is disputed in round 2"]),
        ("years: 3", "years: 5", ["- 3 years after closing", "+ 5 years after closing"]),
        ("at once and a handler is named", "and a handler is named", ["- Your complaint is", "+ Your complaint is"]),
    ],
)
def test_only_what_differs_is_told(tmp_path, right, changed, told):
    lines = run("diff", "property", own_pack(tmp_path, right, changed)).stdout.splitlines()

    facts = [line.strip() for line in lines if line.startswith("    ")]
    assert [fact[: len(start)] for fact, start in zip(facts, told, strict=True)] == told


def test_a_comparison_as_json_names_part_and_key(tmp_path):
    own = own_pack(tmp_path, "within: 3 working days", "within: 2 working days")

    assert json.loads(run("diff", "property", own, "--json").stdout) == {
        "a": "property 1",
        "b": "property 2",
        "differences": [
            {
                "part": "targets",
                "key": "resolution",
                "subject": "resolution",
                "gone": ["within 3 working days of receipt"],
                "new": ["within 2 working days of receipt"],
            }
        ],
    }
