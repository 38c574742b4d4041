"""A private RabbitMQ: one node with a name service, a cookie and a data folder of its own."""

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from deploy.local import packages, ports
from deploy.local.process import Process, ServerFailed
from deploy.local.server import Server

AMQP_GREETING = b"AMQP\x00\x00\x09\x01"
CONVENIENT_PLUGINS = ("rabbitmq_management", "rabbitmq_prometheus")

CONFIGURATION = """\
listeners.tcp.1 = {host}:{amqp}
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 50MB
log.console = false
log.file.level = warning
"""
PLUGIN_CONFIGURATION = {
    "rabbitmq_management": "management.tcp.ip = {host}\nmanagement.tcp.port = {management}\n",
    "rabbitmq_prometheus": "prometheus.tcp.ip = {host}\nprometheus.tcp.port = {prometheus}\n",
}

# Schedulers that spin while waiting take the processor from the services on the same machine.
ERLANG_ARGUMENTS = "+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}"

ADD_VHOST = """\
rabbit_vhost:add(<<"{name}">>, <<"local">>),
ok = rabbit_auth_backend_internal:set_permissions(
    <<"guest">>, <<"{name}">>, <<".*">>, <<".*">>, <<".*">>, <<"local">>).
"""
DELETE_VHOST = 'rabbit_vhost:delete(<<"{name}">>, <<"local">>).\n'


class RabbitMQ(Server):
    """RabbitMQ on the loopback interface; user and password are `guest`."""

    title = "RabbitMQ"
    default_ports: ClassVar[dict[str, int]] = {
        "amqp": 5672,
        "management": 15672,
        "prometheus": 15692,
        "distribution": 25672,
        "names": 14369,
    }

    def __init__(
        self, directory: Path, *, prefer_defaults: bool = True, plugins: Sequence[str] = CONVENIENT_PLUGINS
    ) -> None:
        super().__init__(directory, prefer_defaults=prefer_defaults)
        self._plugins = tuple(plugins)
        self._name_service: Process | None = None

    @property
    def url(self) -> str:
        """What a client needs to connect to the default virtual host."""
        return f"amqp://guest:guest@{ports.LOOPBACK}:{self.ports['amqp']}/"

    @property
    def management_url(self) -> str | None:
        """The management pages and API, where the plugin is enabled."""
        if "rabbitmq_management" not in self._plugins:
            return None
        return f"http://guest:guest@{ports.LOOPBACK}:{self.ports['management']}"

    def prepare(self) -> Process:
        """Write configuration and cookie, start the node's name service, and return the node."""
        root = packages.rabbitmq_root()
        self._write_files()
        self._name_service = self._epmd()
        self._name_service.spawn()
        return Process([str(root / packages.RABBITMQ_SERVER)], log=self.directory / "node.log", env=self._environment())

    def ready(self) -> bool:
        """Say whether the node speaks AMQP."""
        return ports.answers(self.ports["amqp"], greeting=AMQP_GREETING)

    def close(self, *, gently: bool = True) -> None:
        """Stop the node, then its name service."""
        super().close(gently=gently)
        self.clear_away()

    def clear_away(self) -> None:
        """End the node and its name service at once."""
        super().clear_away()
        if self._name_service:
            self._name_service.kill()

    def create_vhost(self, name: str) -> None:
        """Make a virtual host in which `guest` may do everything."""
        self._evaluate(ADD_VHOST.format(name=_checked(name)))

    def delete_vhost(self, name: str) -> None:
        """Remove a virtual host with its queues and messages."""
        self._evaluate(DELETE_VHOST.format(name=_checked(name)))

    def _write_files(self) -> None:
        for folder in ("data", "log", "home"):
            (self.directory / folder).mkdir(exist_ok=True)
        lines = CONFIGURATION + "".join(PLUGIN_CONFIGURATION.get(plugin, "") for plugin in self._plugins)
        configuration = lines.format(host=ports.LOOPBACK, **self.ports)
        (self.directory / "rabbitmq.conf").write_text(configuration)
        (self.directory / "enabled_plugins").write_text(f"[{','.join(self._plugins)}].\n")
        cookie = self.directory / "home" / ".erlang.cookie"
        if not cookie.exists():
            cookie.write_text(secrets.token_hex(16))
            cookie.chmod(0o400)

    def _environment(self) -> dict[str, str]:
        inherited = {
            key: value
            for key, value in packages.environment().items()
            if not key.startswith(("RABBITMQ_", "ERL_", "NOTIFY_"))
        }
        return inherited | {
            "HOME": str(self.directory / "home"),
            "ERL_EPMD_PORT": str(self.ports["names"]),
            "ERL_EPMD_ADDRESS": ports.LOOPBACK,
            "RABBITMQ_NODENAME": "redress@localhost",
            "RABBITMQ_DIST_PORT": str(self.ports["distribution"]),
            "RABBITMQ_MNESIA_BASE": str(self.directory / "data"),
            "RABBITMQ_LOG_BASE": str(self.directory / "log"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(self.directory / "generated"),
            "RABBITMQ_SCHEMA_DIR": str(self.directory / "schema"),
            "RABBITMQ_CONFIG_FILE": str(self.directory / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.directory / "advanced.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.directory / "enabled_plugins"),
            "RABBITMQ_CONF_ENV_FILE": os.devnull,
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": ERLANG_ARGUMENTS,
            # The start script then becomes the node instead of waiting for it: one process, one signal.
            "detached": "yes",
        }

    def _epmd(self) -> Process:
        argv = [self._erlang_program("epmd"), "-port", str(self.ports["names"])]
        return Process(argv, log=self.directory / "epmd.log", env=self._environment())

    def _erlang_program(self, name: str) -> str:
        program = shutil.which(name, path=packages.environment().get("PATH"))
        if not program:
            raise ServerFailed(f"Erlang's `{name}` is missing beside RabbitMQ.\n{packages.WAYS_OUT}")
        return program

    def _evaluate(self, expression: str) -> None:
        """Run an Erlang expression on the node (milliseconds, where `rabbitmqctl` takes a second or two)."""
        node = f"{ports.LOOPBACK}:{self.ports['distribution']}"
        call = subprocess.run(
            [self._erlang_program("erl_call"), "-address", node, "-e"],
            input=expression,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if call.returncode or not call.stdout.startswith("{ok,"):
            raise ServerFailed(f"RabbitMQ refused: {call.stdout}{call.stderr}\n{expression}")


def _checked(name: str) -> str:
    if not re.fullmatch(r"[\w.-]+", name, re.ASCII):
        raise ValueError(f"a virtual host is named with letters, digits, dots, dashes and underscores, not {name!r}")
    return name
