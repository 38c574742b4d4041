"""Somebody who calls the HTTP API: a channel, a member of staff, a complainant with a link."""

from http import HTTPStatus
from types import TracebackType
from typing import Any, NamedTuple, Self

import aiohttp


class Refused(Exception):
    """Somebody was not given what they asked for; the text says what it was, and why."""


class Reply(NamedTuple):
    """What came back."""

    status: int
    body: Any

    def granted(self, what: str) -> Any:
        """What was asked for. Raises `Refused` where the answer is no success; `what` names it for people."""
        if not HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES:
            why = self.body.get("detail") if isinstance(self.body, dict) else self.body
            raise Refused(f"{what} was refused ({self.status}): {why}")
        return self.body


class Visitor:
    """Calls one installation."""

    def __init__(self, url: str) -> None:
        self._session = aiohttp.ClientSession(url)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def get(self, path: str, token: str = "", *, language: str = "en") -> Reply:
        """Read something."""
        return await self._ask("GET", path, token, {"Accept-Language": language})

    async def post(self, path: str, body: Any, token: str = "", *, key: str = "", language: str = "en") -> Reply:
        """Send something; `key` makes repeating it harmless."""
        headers = {"Accept-Language": language} | ({"Idempotency-Key": key} if key else {})
        return await self._ask("POST", path, token, headers, json=body)

    async def _ask(self, method: str, path: str, token: str, headers: dict[str, str], **more: Any) -> Reply:
        if token:
            headers = headers | {"Authorization": f"Bearer {token}"}
        async with self._session.request(method, path, headers=headers, **more) as response:
            return Reply(response.status, await response.json(content_type=None))
