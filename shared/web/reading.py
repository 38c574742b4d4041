"""Who reads the answer: a person or a program, in which language, and from where they ask."""

from functools import lru_cache

from aiohttp import hdrs, web

from shared.contracts.values import Language

LANGUAGE_COOKIE = "redress_language"
"""Keeps the language that a reader has chosen."""


def wants_page(request: web.Request) -> bool:
    """Whether a person's browser is asking: programs do not name text/html among what they accept."""
    return "text/html" in request.headers.get(hdrs.ACCEPT, "")


def sender(request: web.Request, proxies: int) -> str:
    """The address that a request comes from, behind so many `proxies` that are trusted.

    Each of them adds to `X-Forwarded-For` whom it was asked by; anybody may have written what stands further left.
    """
    forwarded = ",".join(request.headers.getall(hdrs.X_FORWARDED_FOR, ())).split(",")
    way = [*(address.strip() for address in forwarded if address.strip()), request.remote or ""]
    return way[-1 - proxies :][0]


def preferred_language(request: web.Request) -> Language:
    """The language chosen by `?lang=`, else chosen earlier, else by `Accept-Language` (RFC 9110, 12.5.4)."""
    chosen = request.query.get("lang") if request.query_string else None
    earlier = request.cookies.get(LANGUAGE_COOKIE) if hdrs.COOKIE in request.headers else None
    for said in (chosen, earlier):
        if said in ("zh-CN", "en"):
            return said  # type: ignore[return-value]  # just compared with the two languages there are
    return ranked_language(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))


@lru_cache(maxsize=256)
def ranked_language(header: str) -> Language:
    """`en` where it ranks above Chinese in an `Accept-Language` header, else `zh-CN`."""
    ranks = {"zh": 0.0, "en": 0.0}
    for place, part in enumerate(header.split(",")):
        tag, _, weight = part.strip().partition(";q=")
        main = tag.split("-")[0].lower()
        if main in ranks:
            ranks[main] = max(ranks[main], _quality(weight) - place / 1000)
    return "en" if ranks["en"] > ranks["zh"] else "zh-CN"


def _quality(weight: str) -> float:
    try:
        return float(weight) if weight else 1.0
    except ValueError:
        return 0.0
