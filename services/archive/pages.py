"""Archive's web pages for staff: sign in, search, read a dossier."""

from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from services.archive.facts import Teller
from services.archive.forms import DossierView, RecordLine
from services.archive.model import Record
from shared.contracts.values import Department, Language
from shared.errors import Fault
from shared.identity import STAFF_HOURS, Forbidden, Unauthenticated
from shared.service import Running
from shared.web import Call, Page, Route
from shared.web.pages import STAFF_COOKIE, Pages, Words, see_other
from shared.web.submitted import status_of, submitted

Archive = Running[Record]

PAGES = Pages("archive", Path(__file__).with_suffix(""))

PATH = "/archive"

CRITERIA = ("q", "number", "person", "product", "batch", "tag", "department", "from", "to")


async def start(call: Call[Archive]) -> web.Response:
    """The empty search, for whoever has signed in."""
    return _search(call, None, None) if call.caller.kind == "staff" else _sign_in(call)


async def search(call: Call[Archive], shown: Page[RecordLine] | Fault) -> web.Response:
    """What was found, or why nothing could be looked for (S1.4)."""
    if isinstance(shown, Fault):
        return _sign_in(call, shown) if _is_stranger(shown) else _search(call, None, shown)
    return _search(call, shown, None)


async def dossier(call: Call[Archive], shown: DossierView | Fault) -> web.Response:
    """The whole record of a complaint, in order of time."""
    if isinstance(shown, Fault):
        if isinstance(shown, Unauthenticated):
            return _sign_in(call, shown)
        raise shown
    say = PAGES.words(call.language)
    teller = Teller(say, call.language, _departments(call))
    return PAGES.render(
        call.request,
        "dossier.html",
        shown=shown,
        regulation=_regulation(call, shown, call.language),
        told=[(entry, list(teller.facts(entry.data))) for entry in shown.timeline],
        value=_values(call, say),
    )


async def sign_in(call: Call[Archive]) -> web.Response:
    """Keep a staff token in the browser, where it stands in no address and no page can read it (RFC 6265, 4.1.2.6)."""
    token = (await submitted(call.request)).get("token", "").strip()
    try:
        caller = await call.service.identity.of(token)
    except Unauthenticated as fault:
        return _sign_in(call, fault)
    if caller.kind != "staff":
        return _sign_in(call, Unauthenticated("This is not a staff token."))
    answer = see_other(f"{PATH}/")
    answer.set_cookie(
        STAFF_COOKIE, token, path=PATH, httponly=True, samesite="Strict",
        secure=call.service.settings.public_url.startswith("https:"), max_age=int(STAFF_HOURS.total_seconds()),
    )  # fmt: skip
    return answer


async def sign_out(call: Call[Archive]) -> web.Response:
    """Forget the token."""
    answer = see_other(f"{PATH}/")
    answer.del_cookie(STAFF_COOKIE, path=PATH)
    return answer


ROUTES = [
    Route("GET", "/", start, page=True),
    Route("POST", "/sign-in", sign_in, page=True),
    Route("POST", "/sign-out", sign_out, page=True),
    Route("GET", "/records", search, page=True),
    Route("GET", "/records/{number}", dossier, page=True),
]


def _is_stranger(fault: Fault) -> bool:
    return isinstance(fault, Unauthenticated | Forbidden)


def _sign_in(call: Call[Archive], fault: Fault | None = None) -> web.Response:
    return PAGES.render(call.request, "sign-in.html", status_of(fault), wrong=call.request.method == "POST")


def _search(call: Call[Archive], found: Page[RecordLine] | None, fault: Fault | None) -> web.Response:
    query = call.request.query
    following = call.request.rel_url.update_query(cursor=found.next) if found and found.next else None
    return PAGES.render(
        call.request,
        "search.html",
        status_of(fault),
        typed={name: query.get(name, "") for name in CRITERIA},
        wrong={"q": fault.code} if fault else {},
        found=found,
        following=str(following) if following else "",
        departments=_departments(call),
        value=_values(call, PAGES.words(call.language)),
    )


def _departments(call: Call[Archive]) -> dict[Department, str]:
    """Every department's name, by the word that stands for it."""
    packs = call.service.regulations
    return {name: entry.title[call.language] for pack in packs for name, entry in pack.departments.items()}


def _values(call: Call[Archive], say: Words) -> Callable[[str], str]:
    """Says a word of the catalogue, be it a department or anything else, as people say it."""
    departments = _departments(call)
    return lambda word: departments.get(word) or say.maybe(f"value-{word}", word)


def _regulation(call: Call[Archive], shown: DossierView, language: Language) -> str:
    return call.service.regulations.get(shown.catalogue.regulation).title[language] if shown.catalogue else ""
