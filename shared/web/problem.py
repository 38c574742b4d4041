"""Faults as `application/problem+json` (RFC 9457)."""

from http import HTTPStatus
from typing import Any

import orjson
from aiohttp import hdrs, web

from shared.errors import Fault, Unavailable

CODES = {404: "no-such-path", 405: "method-not-allowed", 413: "body-too-large"}


def of_fault(fault: Fault) -> web.Response:
    """The problem document of a fault; an unavailable part says when to ask again (RFC 9110, 10.2.3)."""
    headers: dict[str, str] = {hdrs.RETRY_AFTER: str(fault.retry_after)} if isinstance(fault, Unavailable) else {}
    if fault.status == HTTPStatus.UNAUTHORIZED:
        headers[hdrs.WWW_AUTHENTICATE] = "Bearer"
    return problem(fault.status, fault.code, str(fault), headers, **fault.extra)


def of_http(error: web.HTTPException) -> web.Response:
    """The problem document of what aiohttp itself refuses: a wrong path, method or size."""
    headers: dict[str, str] = {hdrs.ALLOW: error.headers[hdrs.ALLOW]} if hdrs.ALLOW in error.headers else {}
    return problem(error.status, CODES.get(error.status, "refused"), error.text or error.reason, headers)


def of_bug() -> web.Response:
    """The problem document of an error of ours; what it was stands in the log only."""
    return problem(500, "internal", "Something went wrong on our side. It is in our log.", {})


def problem(status: int, code: str, detail: str, headers: dict[str, str], **extra: Any) -> web.Response:
    """A problem document: `title` is the status in words, `code` is stable, `detail` is for people."""
    document = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    body = orjson.dumps(document | extra, default=str)
    return web.Response(body=body, status=status, content_type="application/problem+json", headers=headers)
