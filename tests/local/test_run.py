"""`redress run`: the samples go all the way, secrets are kept, Ctrl-C ends it, refusals say the way out."""

import io
import os
import re
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import aio_pika
import pytest
from rich.console import Console

from deploy.local.board import Board
from deploy.local.installation import port_for
from deploy.local.keys import JWT_SECRET, MASTER_KEY, LocalKeys
from deploy.local.samples import load_samples
from deploy.local.visitor import Visitor
from deploy.local.witness import Witness
from shared.contracts.event import Envelope, Event
from shared.contracts.routing import CaseRouted
from shared.contracts.sla import TargetSet
from shared.contracts.values import Category
from tests.harness import Site
from tests.local.instance import COMMAND, ROOT, Instance, environment, started

NUMBER = "SQ-20261123-00017K"
SAMPLES = load_samples()


@contextmanager
def a_taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def variables(file: Path) -> dict[str, str]:
    """What a shell knows after reading the file."""
    shown = subprocess.run(["bash", "-c", f". '{file}'; env -0"], capture_output=True, text=True, check=True, env={})
    return dict(pair.partition("=")[::2] for pair in shown.stdout.split("\0") if pair)


def shown(witness: Witness, width: int) -> str:
    """The board as a terminal of that width shows it."""
    console = Console(file=io.StringIO(), width=width, height=40, force_terminal=True, color_system=None)
    console.print(Board(witness, console, "note"))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def a_witness_of(*events: Event) -> Witness:
    witness = Witness()
    for second, event in enumerate(events):
        at = datetime(2026, 11, 23, 9, 0, second, tzinfo=UTC)
        event.enveloped(Envelope(f"{second:026}", "/redress/test", NUMBER, at, ""))
        witness.note(event)
    return witness


ROUTED = CaseRouted(
    category="product", severity="critical", priority="urgent", department="quality", confidence=0.9, because=["shock"]
)
PROMISED = TargetSet(milestone="resolution", due_at=datetime(2026, 11, 27, 10, tzinfo=UTC))


def test_every_sample_is_registered_and_given_to_a_department(instance: Instance):
    assert instance.prints(lambda text: text.count("case.routed") >= len(SAMPLES))


def test_the_samples_are_of_every_category(instance: Instance):
    instance.prints(lambda text: text.count("case.routed") >= len(SAMPLES))

    assert set(re.findall(r"case\.routed +(\w+),", instance.output())) == set(get_args(Category))


def test_simulated_departments_and_complainants_carry_samples_into_the_archive(instance: Instance):
    agreeing = [sample for sample in SAMPLES if sample.complainant]

    assert instance.prints(lambda text: text.count("record.archived") >= len(agreeing))


def test_a_disputed_answer_is_followed_by_another_one(instance: Instance):
    def story(text: str) -> list[str]:
        disputed = re.search(r"(\S+)  outcome\.disputed", text)
        return re.findall(rf"{disputed[1]}  (case\.\w+|record\.archived)", text) if disputed else []

    assert instance.prints(lambda text: story(text)[-1:] == ["record.archived"])
    assert story(instance.output()).count("case.resolved") == 2


def test_simulated_people_are_refused_nothing(instance: Instance):
    instance.prints(lambda text: text.count("record.archived") >= 6)

    assert "was refused" not in instance.output()


def test_it_says_that_departments_are_simulated(instance: Instance):
    assert "SIMULATED" in instance.output()


def test_letters_to_complainants_can_be_read(instance: Instance):
    assert instance.prints(lambda _: list((instance.directory / ".local" / "letters").glob("*.answer-1.txt")))


async def test_the_samples_leave_no_dead_letters(instance: Instance):
    instance.prints(lambda text: text.count("record.archived") >= 6)
    connection = await aio_pika.connect(variables(instance.directory / ".local" / "redress.env")["REDRESS_AMQP_URL"])
    async with connection:
        channel = await connection.channel()
        queues = [
            await channel.get_queue(f"{name}.dead") for name in ("intake", "routing", "sla", "feedback", "archive")
        ]

    assert [queue.declaration_result.message_count for queue in queues] == [0] * 5


def test_other_commands_know_the_installation_from_the_file_it_writes(instance: Instance):
    known = variables(instance.directory / ".local" / "redress.env") | {"PYTHONPATH": str(ROOT)}
    command = [*COMMAND, "token", "--role", "handler", "--department", "quality"]
    token = subprocess.run(command, env=os.environ | known, capture_output=True, text=True, check=False)

    assert token.stdout.count(".") == 2, token.stderr


@pytest.mark.parametrize("name", ["secrets.env", "redress.env"])
def test_only_their_owner_reads_the_secrets(instance: Instance, name: str):
    assert stat.S_IMODE((instance.directory / ".local" / name).stat().st_mode) == 0o600


async def test_without_simulated_departments_work_orders_wait_in_their_queue(site: Site, tmp_path: Path):
    complaint = {"channel": "hotline", "narrative": "The kettle leaks current.", "complainant": {"anonymous": True}}
    with started(site, tmp_path, "--no-samples", "--departments", "none") as running:
        async with Visitor(running.url) as visitor:
            key = variables(tmp_path / ".local" / "redress.env")["HOTLINE_KEY"]
            await visitor.post("/intake/complaints", complaint, key)
        assert running.prints(lambda text: "case.routed" in text)
        connection = await aio_pika.connect(site.amqp_url)
        async with connection:
            queue = await (await connection.channel()).get_queue("department.quality")
            assert await queue.get(timeout=10)


def test_ctrl_c_ends_it_cleanly_and_within_seconds(site: Site, tmp_path: Path):
    with started(site, tmp_path) as running:
        begun = time.monotonic()

        assert running.interrupt() == 0
        assert time.monotonic() - begun < 10


def test_started_again_it_uses_the_secrets_it_made(site: Site, tmp_path: Path):
    keys = []
    for _ in range(2):
        with started(site, tmp_path, "--no-samples") as running:
            keys.append((tmp_path / ".local" / "secrets.env").read_text())
            running.interrupt()

    assert keys[0] == keys[1]


def test_a_port_that_is_taken_is_refused_with_the_way_out(site: Site, tmp_path: Path):
    with a_taken_port() as port:
        refused = subprocess.run(
            [*COMMAND, "run", "--port", str(port)],
            cwd=tmp_path, env=environment(site), capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert refused.returncode == 1
    assert f"Port {port} is taken" in refused.stderr
    assert "Ways out" in refused.stderr


@pytest.mark.parametrize(
    ("variable", "nowhere", "server"),
    [
        ("REDRESS_MONGODB_URL", "mongodb://me:secret@127.0.0.1:9/", "MongoDB"),
        ("REDRESS_AMQP_URL", "amqp://me:secret@127.0.0.1:9/", "RabbitMQ"),
    ],
)
def test_a_server_that_does_not_answer_is_named_with_the_way_out(
    variable: str, nowhere: str, server: str, site: Site, tmp_path: Path
):
    refused = subprocess.run(
        [*COMMAND, "run"], cwd=tmp_path, env=environment(site) | {variable: nowhere},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert refused.returncode == 1
    assert f"{server} does not answer at 127.0.0.1:9:" in refused.stderr
    assert "secret" not in refused.stderr


def test_where_no_port_is_asked_for_a_free_one_is_found():
    first = port_for(None)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first))
        taken.listen()

        assert port_for(None) > first


def test_the_environment_comes_before_the_kept_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    kept = LocalKeys(tmp_path / "secrets.env")[JWT_SECRET]
    monkeypatch.setenv(JWT_SECRET, "from the environment")

    assert LocalKeys(tmp_path / "secrets.env")[JWT_SECRET] == "from the environment" != kept


def test_secrets_of_the_environment_are_not_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(MASTER_KEY, "from-the-environment")
    LocalKeys(tmp_path / "secrets.env")

    assert "from-the-environment" not in (tmp_path / "secrets.env").read_text()


def test_the_board_shows_who_answers_until_when():
    line = next(line for line in shown(a_witness_of(ROUTED, PROMISED), 170).splitlines() if NUMBER in line)

    assert re.search(r"product +critical +quality +assigned +11-27 18:00 +product, critical → quality", line)


def test_the_board_fits_a_narrow_terminal():
    board = shown(a_witness_of(ROUTED, PROMISED), 80)

    assert NUMBER in board
    assert all(len(line) <= 80 for line in board.splitlines())
