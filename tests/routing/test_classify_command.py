"""`redress classify`: one text a line in, one JSON object a line out."""

import json
import subprocess
import sys
from time import perf_counter

import pytest
from click.testing import CliRunner, Result

from services.routing.commands import classify
from tests.shape.source import ROOT


def run(given: str | bytes, *arguments: str) -> Result:
    return CliRunner().invoke(classify, arguments, input=given)


def answers(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_line_of_text_gets_a_line_of_json():
    assert answers(run("送货延误\n"))[0]["category"] == "service"


def test_an_answer_has_category_severity_confidence_and_reasons():
    assert {"category", "severity", "confidence", "because"} <= answers(run("送货延误"))[0].keys()


def test_whoever_asks_for_json_as_of_every_command_gets_it():
    assert answers(run("送货延误", "--json")) == answers(run("送货延误"))


def test_json_lines_and_plain_lines_may_be_mixed():
    given = '冰箱不制冷\n{"text": "送货延误", "id": 7}\nThe fee is too high.\n'

    assert [answer["category"] for answer in answers(run(given))] == ["product", "service", "other"]


def test_an_empty_line_is_answered_too():
    assert [answer["confidence"] > 0.1 for answer in answers(run("送货延误\n\n冰箱不制冷\n"))] == [True, False, True]


def test_no_input_gives_no_output():
    assert run("").stdout == ""


def test_the_subject_line_of_a_json_line_counts():
    assert answers(run('{"text": "", "subject_line": "冰箱不制冷"}'))[0]["category"] == "product"


@pytest.mark.parametrize("line", ["{not json", '{"txt": "x"}', '{"text": 5}', '{"text": "x", "category": "bananas"}'])
def test_a_bad_json_line_is_misuse_and_named_by_its_number(line):
    result = run(f"送货延误\n{line}\n")

    assert (result.exit_code, "line 2:" in result.stderr) == (2, True)


def test_the_lines_before_a_bad_one_are_answered():
    assert len(answers(run("送货延误\n{bad\n"))) == 1


def test_bytes_that_are_not_utf8_are_read_as_far_as_they_go():
    assert run("送货延误".encode() + b"\xff\n").exit_code == 0


def test_a_carriage_return_inside_a_line_does_not_end_it():
    assert len(answers(run(b"one\rtwo\r\nthree\n"))) == 2


def test_a_pack_adds_its_own_criteria_of_severity():
    assert answers(run("已联系记者曝光\n", "--pack", "service-quality"))[0]["severity"] == "major"


def test_a_pack_never_makes_a_danger_smaller():
    assert answers(run("老人被困电梯\n", "--pack", "service-quality"))[0]["severity"] == "critical"


def test_an_unknown_pack_is_misuse():
    assert run("x\n", "--pack", "nowhere").exit_code == 2


def test_a_thousand_texts_are_answered_line_by_line():
    assert len(answers(run("质量没问题，就是送得慢\n" * 1_000))) == 1_000


COMMAND = [sys.executable, "-c", "from shared.cli import main; main()", "classify"]


def test_a_thousand_texts_take_seconds_from_the_shell_its_start_included():
    begun = perf_counter()

    given = "质量没问题，就是送得慢，客服没人接\n" * 1_000
    done = subprocess.run(COMMAND, input=given, capture_output=True, text=True, cwd=ROOT, check=True)

    assert len(done.stdout.splitlines()) == 1_000
    assert perf_counter() - begun < 5


def test_it_waits_for_no_broker_and_no_database():
    program = "import sys, services.routing.commands; print({'motor', 'aio_pika', 'aiohttp'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)

    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("line", ["\x00\x00", "[1, 2]", "😀" * 10_000, "{}" * 3, "a" * 1_000_000])
def test_whatever_is_in_a_line_it_is_answered_or_misuse(line):
    assert run(f"{line}\n").exit_code in (0, 2)
