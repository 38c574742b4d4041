"""`redress demo`: every step of the journey happens; one that does not is named."""

import io
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import pytest
from rich.console import Console

from deploy.local.demo import follow
from deploy.local.journey import Journey, StepFailed, check
from deploy.local.steps import STEPS, Step
from deploy.local.timeline import Timeline
from tests.local.instance import COMMAND, ROOT

NOBODY = cast(Journey, None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def demo(folder: Path) -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("REDRESS_")}
    return subprocess.run(
        [*COMMAND, "demo"], env=own | {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder)}, cwd=folder,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def a_timeline() -> tuple[Timeline, io.StringIO]:
    printed = io.StringIO()
    return Timeline(Console(file=printed, width=120)), printed


async def happens(_: Any) -> Iterable[str]:
    return ["as promised"]


async def does_not_happen(_: Any) -> Iterable[str]:
    raise StepFailed("case.routed did not come within 5 s.")


async def answers_nonsense(_: Any) -> Iterable[str]:
    return [{}["number"]]


def test_one_complaint_goes_all_the_way_from_the_post_to_the_archive(demo: subprocess.CompletedProcess[str]):
    assert demo.returncode == 0, demo.stdout + demo.stderr


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_the_timeline_tells_of_every_step(demo: subprocess.CompletedProcess[str], step: Step):
    assert f"{step.name}\n" in demo.stdout


def test_nothing_is_left_behind(demo: subprocess.CompletedProcess[str], folder: Path):
    assert demo.stdout
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("failing", [does_not_happen, answers_nonsense])
async def test_a_step_that_does_not_happen_ends_the_journey_and_is_named(failing: Any):
    timeline, printed = a_timeline()
    steps = [Step("It is registered", happens), Step("It is classified", failing), Step("It is archived", happens)]

    assert not await follow(NOBODY, steps, timeline)
    assert "It is classified: did not happen" in printed.getvalue()
    assert "It is archived" not in printed.getvalue()


def test_a_check_that_does_not_hold_says_what_was_seen():
    with pytest.raises(StepFailed, match=r"that it is closed\. Seen: open"):
        check(False, "it is closed", "open")
