"""Pages for people: one layout and style for all services, rendered on the server, working without scripts."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import jinja2
import orjson
import yaml
from aiohttp import hdrs, web

from shared.contracts.values import Language
from shared.web.reading import LANGUAGE_COOKIE, preferred_language
from shared.worktime import calendar_named

TEMPLATES = Path(__file__).with_name("templates")

STATIC = {"style.css": "text/css", "icon.svg": "image/svg+xml"}
"""Files of every service that its pages are dressed with."""

STAFF_COOKIE = "redress_token"
"""Keeps the token of staff who have signed in with their browser."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Accept, Accept-Language, Cookie",
}
"""What every page tells the browser: run nothing, frame nothing, keep nothing, do not say where the reader comes from.

Links carry tokens, hence no Referer (RFC 9110, 10.1.3) and no copy in a cache (RFC 9111, 5.2.2.5).
"""

ZONE = calendar_named("cn").zone
"""The office's time, in which every page tells moments."""

YEAR = 365 * 24 * 3600
"""In seconds."""


class Pages:
    """The pages of one service: templates and `words.yaml` in `folder`, on top of the shared ones."""

    def __init__(self, service: str, folder: Path | None = None) -> None:
        self._service = service
        self.path = f"/{service}" if service else ""
        self._folders = [folder, TEMPLATES] if folder else [TEMPLATES]

    def render(self, request: web.Request, template: str, status: int = 200, **values: Any) -> web.Response:
        """The page that `template` makes of `values`, in the reader's language."""
        language = preferred_language(request)
        other = "en" if language == "zh-CN" else "zh-CN"
        values |= {
            "in_other_language": str(request.rel_url.update_query(lang=other)),
            "language": language,
            "request": request,
            "token": request.query.get("token", ""),
            "base": self.path,
            "service": self._service,
            "style": _digest("style.css"),
            "say": self.words(language),
            "moment": lambda at: moment(at, language),
            "day": lambda at: day(at, language),
        }
        text = self._environment.get_template(template).render(values)
        response = web.Response(text=text, status=status, content_type="text/html", headers=HEADERS)
        if request.query.get("lang") == language:
            response.set_cookie(LANGUAGE_COOKIE, language, path="/", max_age=YEAR, httponly=True, samesite="Lax")
        return response

    def words(self, language: Language) -> "Words":
        """What the pages say in this language."""
        return Words(self._words, language)

    def fault(self, request: web.Request, answer: web.StreamResponse) -> web.StreamResponse:
        """The page that tells a person what a problem document tells a program; pages are left as they are."""
        if not isinstance(answer, web.Response) or answer.content_type != "application/problem+json":
            return answer
        problem = orjson.loads(answer.body)  # type: ignore[arg-type]  # a problem document is always bytes
        page = self.render(request, "fault.html", answer.status, code=problem["code"], detail=problem["detail"])
        for name in (hdrs.RETRY_AFTER, hdrs.ALLOW, hdrs.WWW_AUTHENTICATE):
            if name in answer.headers:
                page.headers[name] = answer.headers[name]
        if STAFF_COOKIE in request.cookies and answer.status == web.HTTPUnauthorized.status_code:
            page.del_cookie(STAFF_COOKIE, path=self.path)
        return page

    @cached_property
    def _environment(self) -> jinja2.Environment:
        return jinja2.Environment(
            loader=jinja2.FileSystemLoader(self._folders), autoescape=True, undefined=jinja2.StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip

    @cached_property
    def _words(self) -> dict[str, dict[Language, str]]:
        words: dict[str, dict[Language, str]] = {}
        for folder in reversed(self._folders):
            words |= yaml.safe_load((folder / "words.yaml").read_text(encoding="utf-8"))
        return words


class Words:
    """What the pages say, in one language."""

    def __init__(self, words: Mapping[str, Mapping[Language, str]], language: Language) -> None:
        self._words, self._language = words, language

    def __call__(self, key: str, **values: object) -> str:
        """The words under a key, with `values` put in. Raises KeyError where nobody has written them."""
        return self._words[key][self._language].format(**values)

    def __contains__(self, key: str) -> bool:
        return key in self._words

    def maybe(self, *keys: object) -> str:
        """The words under the first of these keys that has any; else the last key itself."""
        found = (self._words[key][self._language] for key in map(str, keys) if key in self._words)
        return next(found, str(keys[-1]))


def moment(at: datetime, language: Language) -> str:
    """A moment as people write it, in the time of the office: `2026年11月27日 18:00`, `27 November 2026, 18:00`."""
    local = at.astimezone(ZONE)
    return f"{day(local, language)}{' ' if language == 'zh-CN' else ', '}{local:%H:%M}"


def day(on: date, language: Language) -> str:
    """A day, or the day of a moment, as people write it: `2026年11月27日`, `27 November 2026`."""
    on = on.astimezone(ZONE) if isinstance(on, datetime) else on
    return f"{on.year}年{on.month}月{on.day}日" if language == "zh-CN" else f"{on.day} {on:%B} {on.year}"


async def static(request: web.Request) -> web.Response:
    """A file that pages are dressed with; its address changes with its content, so that it may be kept for ever."""
    name = request.path.rpartition("/")[2]
    headers = {"Cache-Control": f"public, max-age={YEAR}, immutable", "X-Content-Type-Options": "nosniff"}
    return web.Response(body=_content(name), content_type=STATIC[name], charset="utf-8", headers=headers)


def see_other(address: str) -> web.Response:
    """Send the browser to another page, so that reloading it does not send the form again (RFC 9110, 15.4.4)."""
    return web.Response(status=303, headers=HEADERS | {hdrs.LOCATION: address})


@cache
def _content(name: str) -> bytes:
    return (TEMPLATES / name).read_bytes()


@cache
def _digest(name: str) -> str:
    return hashlib.sha256(_content(name)).hexdigest()[:12]
