"""Faults as `application/problem+json` (RFC 9457)."""

from http import HTTPStatus
from typing import Any

import orjson
from aiohttp import hdrs, web

from shared.errors import BUG, Fault, problem

CODES = {404: "no-such-path", 405: "method-not-allowed", 413: "body-too-large"}


def of_fault(fault: Fault) -> web.Response:
    """The problem document of a fault."""
    return _response(fault.document, headers_of(fault))


def headers_of(fault: Fault) -> dict[str, str]:
    """What a fault says besides: when to ask again (RFC 9110, 10.2.3), how to say who one is (11.6.1)."""
    headers: dict[str, str] = {}
    if fault.retry_after is not None:
        headers[hdrs.RETRY_AFTER] = str(fault.retry_after)
    if fault.status == HTTPStatus.UNAUTHORIZED:
        headers[hdrs.WWW_AUTHENTICATE] = "Bearer"
    return headers


def of_http(error: web.HTTPException) -> web.Response:
    """The problem document of what aiohttp itself refuses: a wrong path, method or size."""
    headers: dict[str, str] = {hdrs.ALLOW: error.headers[hdrs.ALLOW]} if hdrs.ALLOW in error.headers else {}
    return _response(problem(error.status, CODES.get(error.status, "refused"), error.text or error.reason), headers)


def of_bug() -> web.Response:
    """The problem document of an error of ours."""
    return _response(BUG, {})


def _response(document: dict[str, Any], headers: dict[str, str]) -> web.Response:
    body = orjson.dumps(document, default=str)
    status = document["status"]
    return web.Response(body=body, status=status, content_type="application/problem+json", headers=headers)
