"""An operators' folder with one pack of its own, written again and again while services run."""

from pathlib import Path

from tests.harness import Town, eventually

PACK = """
builds_on: service-quality 1
name: own
version: "{version}"
prefix: OWN
title: {{zh-CN: 自订规程, en: Own regulation}}
source: Company rule 7
{more}
"""

TARGETS = """
targets:
  - {{milestone: resolution, within: {within}, clause: "7"}}
"""

WITH_DEPARTMENT = """
departments:
  workshop:
    title: {zh-CN: 车间, en: Workshop}
    place: {zh-CN: 一号厂房, en: Hall 1}
categories:
  product: {department: workshop, title: {zh-CN: 产品, en: Product}}
  service: {department: workshop, title: {zh-CN: 服务, en: Service}}
  other: {department: workshop, title: {zh-CN: 其他, en: Other}}
lead: {department: workshop, clause: "7"}
"""


def write(folder: Path, version: int, more: str = "", within: str = "5 working days") -> None:
    revision = folder / f"..revision-{len(list(folder.iterdir()))}"
    revision.mkdir()
    text = PACK.format(version=version, more=TARGETS.format(within=within) + more)
    (revision / "own.yaml").write_text(text, encoding="utf-8")
    swap(folder, "..data", revision.name)
    if not (folder / "own.yaml").is_symlink():
        swap(folder, "own.yaml", "..data/own.yaml")


def swap(folder: Path, name: str, target: str) -> None:
    fresh = folder / f"{name}.new"
    fresh.symlink_to(target)
    fresh.rename(folder / name)


def within(town: Town, service: str, version: str | None = None) -> str:
    """What a service knows of the pack's limit."""
    pack = town[service].regulations.get("own", version)
    return str(pack.targets_for()["resolution"].within)


async def in_force(town: Town, version: str, *services: str) -> None:
    """Wait until every service has that version as the newest."""
    for service in services:
        await eventually(lambda name=service: town[name].regulations.get("own").version == version)  # type: ignore[misc]
