"""Archive's web pages for staff: sign in, search, read a dossier."""

from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from services.archive.facts import Teller
from services.archive.forms import DossierView, RecordLine
from services.archive.model import Record
from shared.contracts.values import Language
from shared.errors import Fault
from shared.identity import Forbidden, Unauthenticated
from shared.service import Running
from shared.web import Call, Page, Route
from shared.web.pages import Pages, Words
from shared.web.sign_in import SignIn
from shared.web.submitted import status_of

Archive = Running[Record]

PAGES = Pages("archive", Path(__file__).with_suffix(""))

SIGN_IN = SignIn(PAGES)

CRITERIA = ("q", "number", "person", "product", "batch", "tag", "department", "from", "to")


async def start(call: Call[Archive]) -> web.Response:
    """The empty search, for whoever has signed in."""
    return _search(call, None, None) if call.caller.kind == "staff" else SIGN_IN.page(call)


async def search(call: Call[Archive], shown: Page[RecordLine] | Fault) -> web.Response:
    """What was found, or why nothing could be looked for (S1.4)."""
    if isinstance(shown, Fault):
        return SIGN_IN.page(call, shown) if _is_stranger(shown) else _search(call, None, shown)
    return _search(call, shown, None)


async def dossier(call: Call[Archive], shown: DossierView | Fault) -> web.Response:
    """The whole record of a complaint, in order of time."""
    if isinstance(shown, Fault):
        if isinstance(shown, Unauthenticated):
            return SIGN_IN.page(call, shown)
        raise shown
    say = PAGES.words(call.language)
    teller = Teller(say, call.language, call.service.regulations.titles(call.language))
    return PAGES.render(
        call.request,
        "dossier.html",
        shown=shown,
        regulation=_regulation(call, shown, call.language),
        told=[(entry, list(teller.facts(entry.data))) for entry in shown.timeline],
        value=_values(call, say),
    )


ROUTES = [
    Route("GET", "/", start, page=True),
    *SIGN_IN.routes,
    Route("GET", "/records", search, page=True),
    Route("GET", "/records/{number}", dossier, page=True),
]


def _is_stranger(fault: Fault) -> bool:
    return isinstance(fault, Unauthenticated | Forbidden)


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
        departments=call.service.regulations.titles(call.language),
        value=_values(call, PAGES.words(call.language)),
    )


def _values(call: Call[Archive], say: Words) -> Callable[[str], str]:
    """Says a word of the catalogue, be it a department or anything else, as people say it."""
    departments = call.service.regulations.titles(call.language)
    return lambda word: departments.get(word) or say.maybe(f"value-{word}", word)


def _regulation(call: Call[Archive], shown: DossierView, language: Language) -> str:
    return call.service.regulations.get(shown.catalogue.regulation).title[language] if shown.catalogue else ""
