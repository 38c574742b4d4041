"""Who imports whom, and that importing does nothing."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shape.source import ROOT, module, sources

IMPORTABLE = [
    module(path) for path in sources("services", "shared") if path.stem != "__main__" and "testing" not in path.parts
]

TESTS = ("shared.testing", "tests")

WATCH = """
import importlib, json, os, sys

deeds = []

def watch(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen", "os.fork"):
        deeds.append(f"{event} {arguments[1:]}")
    if event == "open" and isinstance(arguments[0], str):
        path, mode = os.path.realpath(arguments[0]), str(arguments[1])
        installed = "site-packages" in path or "__editable__" in path
        ours = path.startswith(os.getcwd() + os.sep) and not installed
        if (ours and not path.endswith((".py", ".pyc"))) or mode.strip("rbtU") not in ("", "None"):
            deeds.append(f"open {path} {mode}")

sys.addaudithook(watch)
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
print(json.dumps(deeds))
"""


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def imported(path: Path) -> set[str]:
    """Every module that a file names in an import, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found


def test_importing_everything_connects_to_nothing_and_reads_and_writes_nothing() -> None:
    run = python("-c", WATCH, json.dumps(IMPORTABLE))

    assert (run.stdout.strip(), run.stderr) == ("[]", "")


@pytest.mark.parametrize(
    ("code", "deed"),
    [
        ("open('README.md')", "open"),
        ("import socket; socket.create_server(('127.0.0.1', 0))", "socket.bind"),
        ("import subprocess; subprocess.run(['true'])", "subprocess.Popen"),
    ],
)
def test_a_module_that_does_something_when_imported_is_noticed(tmp_path: Path, code: str, deed: str) -> None:
    (tmp_path / "planted.py").write_text(code)
    watch = WATCH.replace("for name in", f"sys.path.insert(0, {str(tmp_path)!r})\nfor name in")

    run = python("-c", watch, json.dumps(["planted"]))

    assert deed in run.stdout


def test_every_import_rule_is_kept() -> None:
    run = python("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache")

    assert run.returncode == 0, run.stdout


def test_production_does_not_know_its_tests() -> None:
    production = [path for path in sources("services", "shared", "deploy", "bench") if "testing" not in path.parts]

    assert [module(path) for path in production if any(name.startswith(TESTS) for name in imported(path))] == []
