"""What the README files promise can be done as it stands there."""

import json
import re
import subprocess
from pathlib import Path

import click
import pytest

from shared.cli import main
from tests.local.instance import ROOT, Instance

READMES = ("README.md", "README.zh-CN.md")
DOCUMENTS = [*READMES, *(str(file.relative_to(ROOT)) for file in sorted((ROOT / "docs").rglob("*.md")))]

readmes = pytest.mark.parametrize("readme", READMES)
documents = pytest.mark.parametrize("document", DOCUMENTS)


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def shell_blocks(document: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", text_of(document), re.MULTILINE | re.DOTALL)


def session(readme: str) -> str:
    return next(block for block in shell_blocks(readme) if "curl" in block)


def played(readme: str, instance: Instance) -> list[dict[str, object]]:
    """The JSON documents that the session prints, one after the other."""
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", session(readme)],
        cwd=instance.directory, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    decoder, answers, rest = json.JSONDecoder(), [], ran.stdout.strip()
    while rest:
        answer, end = decoder.raw_decode(rest)
        answers.append(answer)
        rest = rest[end:].strip()
    return answers


@readmes
def test_the_curl_session_registers_and_tracks_a_complaint(readme: str, instance: Instance):
    receipt, tracked = played(readme, instance)

    assert tracked["number"] == receipt["number"]


@readmes
def test_the_two_commands_are_there(readme: str):
    commands = [line.split("#")[0].strip() for block in shell_blocks(readme) for line in block.splitlines()]

    assert commands[:2] == ["make run", "make test"]


@documents
def test_every_make_target_that_is_named_exists(document: str):
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))

    assert set(re.findall(r"`make ([a-z]+)`|^make ([a-z]+)", text_of(document), re.MULTILINE)) <= {
        pair for target in targets for pair in ((target, ""), ("", target))
    }


@documents
def test_every_redress_command_that_is_named_exists(document: str):
    named = re.findall(r"(?:^|`)(?:\.venv/bin/)?redress ([a-z]+)", text_of(document), re.MULTILINE)

    assert set(named) <= set(main.list_commands(click.Context(main)))


@documents
def test_every_file_that_is_linked_exists(document: str):
    folder = (ROOT / document).parent
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text_of(document))]
    missing = [link for link in links if link and "://" not in link and not (folder / link).exists()]

    assert missing == []


def test_both_languages_lead_to_the_same_files():
    chinese, english = [set(re.findall(r"\]\(([^)\s]+)\)", text_of(readme))) - set(READMES) for readme in READMES]

    assert chinese == english


@readmes
def test_every_folder_of_the_map_exists(readme: str):
    rows = re.findall(r"^\| (`[^|]+) \|", text_of(readme), re.MULTILINE)
    places = [place for row in rows for place in re.findall(r"`([\w./-]+)`", row)]

    assert places
    assert [place for place in places if not Path(ROOT, place).exists()] == []


@pytest.mark.parametrize("page", [page for page in DOCUMENTS if "operations" in page])
def test_log_events_and_metrics_in_the_operations_pages_exist(page: str):
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", text_of(page))) - {"alarm_at"}

    assert [name for name in sorted(named) if name not in text_of("docs/operations/telemetry.md")] == []
