"""A stranger who knows one service can guess the paths of the others."""

import ast
from importlib import import_module
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any

import pytest

from tests.shape.source import ROOT, SERVICES, module, sources

MANDATORY = {"__init__", "__main__", "app", "config", "model", "handlers", "api"}
USUAL = {"store", "forms", "words", "pages"}
"""What a service has where it needs it: queries, bodies and answers, texts in both languages, web pages."""
OWN = {
    "archive": {"dossier", "facts", "index"},
    "feedback": {"letters", "post"},
    "intake": {"kit", "moves", "progress", "promises", "receipts", "reception", "webform"},
    "routing": {
        "assessing",
        "briefing",
        "casework",
        "classifier",
        "commands",
        "deadlines",
        "desk",
        "keeping",
        "kit",
        "learning",
        "lexicon",
        "masses",
        "routes",
        "showing",
        "teams",
        "visibility",
        "worklist",
    },
    "sla": {
        "board",
        "commands",
        "conformance",
        "counting",
        "digests",
        "kit",
        "notices",
        "policies",
        "rules",
        "supervision",
    },
}
"""The domain parts that a service has of its own; each is a noun of the field, or of the service's trade."""
VAGUE = {"base", "common", "helper", "helpers", "manager", "misc", "tools", "util", "utils"}
PRODUCTION = ("services", "shared", "deploy", "bench", "docs")
LONGEST_FILE = 300
LONGEST_FUNCTION = 40


def parts(service: str) -> set[str]:
    """The names in a service's folder, files and folders alike."""
    found = (ROOT / "services" / service).iterdir()
    return {path.stem for path in found if path.name != "__pycache__"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_the_parts_that_all_have(service: str) -> None:
    assert parts(service) >= MANDATORY


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_nothing_beside_them_but_what_is_named_here(service: str) -> None:
    assert parts(service) - MANDATORY - USUAL == OWN[service]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_called_what_its_folder_is_called(service: str) -> None:
    assert import_module(f"services.{service}.app").SERVICE.name == service


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_says_in_one_paragraph_what_it_owns_hears_and_says(service: str) -> None:
    words = " ".join((import_module(f"services.{service}").__doc__ or "").split())

    assert [verb for verb in ("own", "hear", "say") if verb not in words] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_page_stands_on_one_page(service: str) -> None:
    assert len((ROOT / f"services/{service}/app.py").read_text().splitlines()) <= 30


def test_every_module_has_a_name_that_says_what_is_in_it() -> None:
    names = [module(path) for path in sources("services", "shared", "deploy", "bench", "docs", "tests")]

    assert [name for name in names if VAGUE & set(name.split("."))] == []


def test_every_file_can_be_read_in_one_go() -> None:
    lengths = {module(path): len(path.read_text().splitlines()) for path in sources(*PRODUCTION)}

    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_every_function_can_be_seen_in_one_look() -> None:
    lengths = {f"{module(path)}.{f.name}": lines(f) for path in sources(*PRODUCTION) for f in functions(path)}

    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


@pytest.mark.parametrize("service", SERVICES)
def test_handlers_are_plain_functions_and_only_effects_await(service: str) -> None:
    subscriptions = import_module(f"services.{service}.app").SERVICE.subscriptions
    handlers = {*subscriptions.events.values(), subscriptions.alarm} - {None}

    assert [handler for handler in handlers if iscoroutinefunction(handler)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_handler_is_called_after_the_event_it_handles(service: str) -> None:
    table = import_module(f"services.{service}.app").SERVICE.subscriptions.events
    handlers = {handler.__name__ for handler in table.values()}

    assert [name for name in handlers if not name.startswith("on_")] == []


def functions(path: Path) -> list[Any]:
    tree = ast.walk(ast.parse(path.read_text()))
    return [node for node in tree if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def lines(function: Any) -> int:
    return int(function.end_lineno) - int(function.lineno) + 1
