"""What is documented is what is there."""

import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from docs.generate import documents
from shared.asyncapi import asyncapi
from shared.settings import Settings
from tests.shape.source import ROOT, SERVICES, log_events, metrics

COMMON = Settings.model_fields
TELEMETRY = (ROOT / "docs/operations/telemetry.md").read_text()


def table(heading: str, keys: int) -> dict[str, set[str]]:
    """The names in the first column below a heading, and those in the column of keys."""
    below = TELEMETRY.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.split("|")[1:] for line in below.splitlines() if line.startswith("| `")]
    return {row[0].strip(" `"): set(re.findall(r"`(\w+)`", row[keys])) for row in rows}


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_a_document_says_what_the_code_says(path: Path) -> None:
    assert path.read_text() == documents()[path], f"{path.name} is out of date: run `make docs`."


def test_every_log_event_is_documented_with_its_keys_and_no_other() -> None:
    assert table("Log events", keys=2) == log_events()


def test_every_metric_is_documented_with_its_labels_and_no_other() -> None:
    assert table("Metrics", keys=1) == metrics()


def test_a_log_event_is_a_fact_in_snake_case() -> None:
    assert [name for name in log_events() if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_setting_has_a_sentence(service: str) -> None:
    fields = import_module(f"services.{service}.config").Settings.model_fields

    assert [name for name, field in fields.items() if not (field.description or "").endswith(".")] == []


@pytest.mark.parametrize("service", SERVICES)
def test_the_page_of_settings_tells_every_default_that_a_service_has_of_its_own(service: str) -> None:
    fields = import_module(f"services.{service}.config").Settings.model_fields
    own = {name for name, field in fields.items() if name not in COMMON or field.default != COMMON[name].default}
    told = (ROOT / "docs/settings.md").read_text().partition(f"\n## {service}\n")[2].partition("\n## ")[0]

    assert set(re.findall(r"`REDRESS_(\w+)`", told)) == {name.upper() for name in own}


def test_every_setting_reads_from_the_environment_under_the_projects_prefix() -> None:
    assert Settings.model_config["env_prefix"] == "REDRESS_"


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from ([part["$ref"]] if isinstance(part.get("$ref"), str) else [])
        part = list(part.values())
    for inner in part if isinstance(part, list) else ():
        yield from references(inner)


def resolves(document: Any, reference: str) -> bool:
    for name in reference.removeprefix("#/").split("/"):
        document = document.get(name, {})
    return bool(document)


@pytest.mark.parametrize("services", [[name] for name in SERVICES] + [list(SERVICES)], ids="-".join)
def test_every_reference_in_an_asyncapi_document_leads_somewhere(services: list[str]) -> None:
    document = asyncapi([import_module(f"services.{name}.app").SERVICE for name in services])

    assert [reference for reference in references(document) if not resolves(document, reference)] == []


def test_every_event_that_somebody_hears_is_said_by_somebody() -> None:
    operations = json.loads((ROOT / "docs/asyncapi.json").read_text())["operations"]
    heard = {name.partition(".hears.")[2] for name in operations if ".hears." in name} - {"department.replies"}

    assert heard <= {name.partition(".says.")[2] for name in operations}


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.name)
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []
