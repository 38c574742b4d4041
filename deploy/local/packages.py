"""Debian packages a private server needs: those installed, or unpacked beside the project without root."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from deploy.local.process import ServerFailed

SYSTEM = Path("/")
UNPACKED = Path(__file__).resolve().parents[2] / ".local" / "packages"
RABBITMQ_SERVER = "usr/lib/rabbitmq/bin/rabbitmq-server"

WAYS_OUT = """Ways out:
  - Debian or Ubuntu: sudo apt-get install rabbitmq-server libcurl4
  - use your own servers: REDRESS_MONGODB_URL=mongodb://… REDRESS_AMQP_URL=amqp://…
  - with Docker: docker compose up"""


def rabbitmq_root() -> Path:
    """Return the root folder under which RabbitMQ and Erlang stand; get them when they are nowhere."""
    if not any((root / RABBITMQ_SERVER).exists() for root in (SYSTEM, UNPACKED)):
        obtain("rabbitmq-server")
    return SYSTEM if (SYSTEM / RABBITMQ_SERVER).exists() else UNPACKED


def environment() -> dict[str, str]:
    """Return this process's environment with the unpacked programs and libraries, where there are any."""
    env = dict(os.environ)
    if UNPACKED.exists():
        env["PATH"] = _joined([UNPACKED / "usr/bin", UNPACKED / "usr/sbin"], env.get("PATH", os.defpath))
        env["LD_LIBRARY_PATH"] = _joined(_library_folders(), env.get("LD_LIBRARY_PATH", ""))
    return env


def obtain(*names: str) -> None:
    """Install packages as root, unpack them as anybody else; raise `ServerFailed` when neither works."""
    if not shutil.which("apt-get"):
        raise ServerFailed(f"{', '.join(names)}: not installed, and there is no apt-get here.\n{WAYS_OUT}")
    try:
        if os.geteuid() == 0:
            _install(names)
        else:
            unpack(names, UNPACKED)
    except subprocess.CalledProcessError as failure:
        said = (failure.stderr or failure.stdout or "").strip()
        raise ServerFailed(f"{', '.join(names)}: apt-get could not get it.\n{said}\n{WAYS_OUT}") from failure


def _install(names: Iterable[str]) -> None:
    print(f"installing {', '.join(names)} with apt-get …", file=sys.stderr)
    os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
    _run("apt-get", "-qq", "update")
    _run("apt-get", "-qq", "install", "--yes", "--no-install-recommends", *names)


def unpack(names: Iterable[str], root: Path) -> None:
    """Download packages and everything they need that this machine lacks, and unpack them below `root`."""
    print(f"unpacking {', '.join(names)} below {root} …", file=sys.stderr)
    archives = root / "archives"
    archives.mkdir(parents=True, exist_ok=True)
    options = _own_lists(root)
    _run("apt-get", *options, "update")
    _run("apt-get", *options, "download", *_needed(options, names, root), cwd=archives)
    for archive in archives.glob("*.deb"):
        _run("dpkg-deb", "-x", str(archive), str(root))
        archive.unlink()
    _relocate_erlang(root)


def _own_lists(root: Path) -> list[str]:
    lists, cache = root / "apt" / "lists", root / "apt" / "cache"
    for folder in (lists, cache):
        folder.mkdir(parents=True, exist_ok=True)
    return ["-qq", "-o", f"Dir::State::Lists={lists}", "-o", f"Dir::Cache={cache}", "-o", "Debug::NoLocking=1"]


def _needed(options: list[str], names: Iterable[str], root: Path) -> list[str]:
    """Name what is missing here, and all of Erlang: half of it installed elsewhere would not fit."""
    nothing_installed = root / "apt" / "status"
    nothing_installed.touch()
    missing = _simulated(options, names)
    everything = _simulated([*options, "-o", f"Dir::State::status={nothing_installed}"], names)
    erlang = {name for name in everything if name.startswith(("erlang-", "rabbitmq-"))}
    return sorted(missing | erlang | set(names))


def _simulated(options: list[str], names: Iterable[str]) -> set[str]:
    plan = _run("apt-get", *options, "--simulate", "--no-install-recommends", "install", *names)
    return set(re.findall(r"^Inst (\S+)", plan, re.MULTILINE))


def _relocate_erlang(root: Path) -> None:
    start = root / "usr/lib/erlang/bin/erl"
    if start.exists():
        start.write_text(re.sub(r"(?<==)/usr/lib/erlang", f'"{root}"/usr/lib/erlang', start.read_text()))


def _library_folders() -> list[Path]:
    return sorted({library.parent for library in UNPACKED.glob("usr/lib/*-linux-gnu/*.so*")})


def _joined(folders: Iterable[Path], rest: str) -> str:
    return os.pathsep.join([*map(str, folders), *([rest] if rest else [])])


def _run(*argv: str, cwd: Path | None = None) -> str:
    return subprocess.run(argv, cwd=cwd, capture_output=True, text=True, check=True).stdout
