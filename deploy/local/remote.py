"""Virtual hosts on a RabbitMQ of your own, through its management API."""

import os
from dataclasses import dataclass
from urllib.error import URLError
from urllib.parse import quote, unquote, urlsplit
from urllib.request import HTTPBasicAuthHandler, HTTPPasswordMgrWithPriorAuth, Request, build_opener

from deploy.local.process import ServerFailed

EVERYTHING = b'{"configure": ".*", "write": ".*", "read": ".*"}'


@dataclass(frozen=True)
class RemoteRabbitMQ:
    """A broker given by `REDRESS_AMQP_URL`, managed at `REDRESS_RABBITMQ_MANAGEMENT_URL` or port 15672 of its host."""

    url: str

    @property
    def management_url(self) -> str:
        """Where the management API answers."""
        default = f"http://{urlsplit(self.url).hostname or 'localhost'}:15672"
        return os.environ.get("REDRESS_RABBITMQ_MANAGEMENT_URL", default).rstrip("/")

    def create_vhost(self, name: str) -> None:
        """Make a virtual host in which the user of the URL may do everything."""
        user, _ = self._credentials()
        self._send("PUT", f"/api/vhosts/{quote(name, safe='')}")
        self._send("PUT", f"/api/permissions/{quote(name, safe='')}/{quote(user, safe='')}", EVERYTHING)

    def delete_vhost(self, name: str) -> None:
        """Remove a virtual host with its queues and messages."""
        self._send("DELETE", f"/api/vhosts/{quote(name, safe='')}")

    def _credentials(self) -> tuple[str, str]:
        parts = urlsplit(self.url)
        return unquote(parts.username or "guest"), unquote(parts.password or "guest")

    def _send(self, method: str, path: str, body: bytes = b"{}") -> None:
        passwords = HTTPPasswordMgrWithPriorAuth()
        passwords.add_password(None, self.management_url, *self._credentials(), is_authenticated=True)
        headers = {"Content-Type": "application/json"}
        request = Request(self.management_url + path, data=body, headers=headers, method=method)
        try:
            build_opener(HTTPBasicAuthHandler(passwords)).open(request, timeout=10).close()
        except URLError as failure:
            raise ServerFailed(
                f"{method} {request.full_url}: {failure}. Making virtual hosts on your own RabbitMQ needs its "
                "management plugin (REDRESS_RABBITMQ_MANAGEMENT_URL) and an administrator in REDRESS_AMQP_URL."
            ) from failure
