"""Packages: found where they are, and a clear word where they cannot be had."""

from pathlib import Path

import pytest

from deploy.local import ServerFailed, packages


def test_where_packages_cannot_be_had_the_ways_out_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(ServerFailed, match=r"(?s)rabbitmq-server: not installed.*REDRESS_AMQP_URL.*docker compose up"):
        packages.obtain("rabbitmq-server")


def test_unpacked_programs_and_libraries_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    libraries = tmp_path / "usr/lib/x86_64-linux-gnu"
    libraries.mkdir(parents=True)
    (libraries / "libcurl.so.4").touch()
    monkeypatch.setattr(packages, "UNPACKED", tmp_path)
    monkeypatch.setenv("PATH", "/bin")
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)

    env = packages.environment()

    assert (env["PATH"], env["LD_LIBRARY_PATH"]) == (f"{tmp_path}/usr/bin:{tmp_path}/usr/sbin:/bin", str(libraries))


def test_an_unpacked_rabbitmq_serves_where_none_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = tmp_path / "unpacked" / packages.RABBITMQ_SERVER
    server.parent.mkdir(parents=True)
    server.touch()
    monkeypatch.setattr(packages, "SYSTEM", tmp_path / "nothing here")
    monkeypatch.setattr(packages, "UNPACKED", tmp_path / "unpacked")

    assert packages.rabbitmq_root() == tmp_path / "unpacked"
