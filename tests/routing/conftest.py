"""Intake and routing on the real servers, and a client that checks their answers."""

import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.local.packages import obtain
from tests.harness import Site, Town, serving
from tests.openapi import Client
from tests.shape.source import ROOT

DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
async def town(module_site: Site) -> AsyncIterator[Town]:
    async with serving(module_site, "intake", "routing") as running:
        yield running


@pytest.fixture(scope="module")
def client(town: Town) -> Client:
    return Client(town.http, town.channel_key)


@pytest.fixture(scope="session")
def node_consumer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documented consumer in JavaScript, with amqplib beside it; Node.js is installed where there is none."""
    folder = tmp_path_factory.mktemp("node")
    if not shutil.which("npm"):
        obtain("nodejs", "npm")
    install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "amqplib@2.3.1"]
    subprocess.run(install, cwd=folder, check=True, timeout=120)
    return Path(shutil.copy(DOCS / "department_consumer.mjs", folder))
