"""A client that believes no answer: each is held against the service's own OpenAPI document."""

import re
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson
from jsonschema import Draft202012Validator

from shared.identity import issue_staff_token
from tests.harness import JWT_SECRET


@dataclass(frozen=True)
class Answer:
    """What came back: status, body, headers."""

    status: int
    body: Any
    headers: Any = field(repr=False)

    @property
    def pointers(self) -> list[str]:
        """Where a problem document says the faults are."""
        return sorted(error["pointer"] for error in self.body.get("errors", ()))


@dataclass
class Client:
    """Asks over HTTP; fails where an answer is not what the document of its service promises."""

    http: aiohttp.ClientSession
    channel_key: str = ""
    _documents: dict[str, Any] = field(default_factory=dict)

    async def ask(self, method: str, path: str, json: Any = None, token: str = "", **options: Any) -> Answer:
        """The answer, after it was held against the document."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= options.pop("headers", {})
        if json is not None:
            options["data"] = orjson.dumps(json)
            headers.setdefault("Content-Type", "application/json")
        async with self.http.request(method, path, headers=headers, **options) as response:
            body = orjson.loads(await response.read())
            answer = Answer(response.status, body, response.headers)
        self._check(await self._document(path.split("/")[1]), method, path.partition("?")[0], answer)
        return answer

    async def staff(
        self, method: str, path: str, json: Any = None, *, roles: str = "administrator", departments: str = "",
        name: str = "amy",
    ) -> Answer:  # fmt: skip
        """The same as staff with these roles, of these departments, both separated by blanks."""
        token = issue_staff_token(JWT_SECRET, name, roles.split(), departments.split())
        return await self.ask(method, path, json, token)

    async def _document(self, service: str) -> Any:
        if service not in self._documents:
            async with self.http.get(f"/{service}/openapi.json") as response:
                self._documents[service] = await response.json() if response.status == 200 else NO_SERVICE
        return self._documents[service]

    def _check(self, document: Any, method: str, path: str, answer: Answer) -> None:
        responses = _operation(document, method, path).get("responses", UNKNOWN)
        promised = responses.get(str(answer.status)) or responses["default"]
        content_type = answer.headers["Content-Type"].partition(";")[0]
        (promised_type, content), *_ = promised.get("content", {content_type: {}}).items()
        assert content_type == promised_type, f"{method} {path}: {content_type}"
        Draft202012Validator(content.get("schema", {}) | {"components": document["components"]}).validate(answer.body)


PROBLEM = {"application/problem+json": {"schema": {"type": "object", "required": ["status", "code", "detail"]}}}
UNKNOWN = {"default": {"content": PROBLEM}}
NO_SERVICE: dict[str, Any] = {"paths": {}, "components": {}}


def _operation(document: Any, method: str, path: str) -> Any:
    for template, operations in document["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return operations.get(method.lower(), {})
    return {}
