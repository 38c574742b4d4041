"""Intake's web pages: the form, the receipt, and tracking with what a complainant can do there."""

import re
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import web

from services.intake.forms import ComplaintView
from services.intake.kit import Kit
from services.intake.model import FINISHED, Complaint
from services.intake.progress import progress
from services.intake.promises import promises
from services.intake.reception import KeyReused
from services.intake.webform import DEFAULTS, read_registration
from shared.errors import Fault
from shared.identity import Access
from shared.ids import ulid
from shared.privacy import TRACK
from shared.regulations import Regulation, Regulations
from shared.service import Running
from shared.web import Call, Route
from shared.web.pages import Pages, see_other
from shared.web.problem import headers_of
from shared.web.reading import sender
from shared.web.submitted import mistakes_in, status_of, submitted

Intake = Running[Complaint]

PAGES = Pages("intake", Path(__file__).with_suffix(""))

COMPLAINANT = Access(purpose=TRACK)


async def form(call: Call[Intake]) -> web.Response:
    """The form in which anybody can complain."""
    return _form(call, {"regulation": call.request.query.get("regulation", "")})


async def register(call: Call[Intake]) -> web.Response:
    """Register what was typed; sent twice, it is registered once. What is wrong stands beside its field."""
    typed = await submitted(call.request)
    kit: Kit = call.service.kit
    try:
        kit.throttle.admit(sender(call.request, kit.settings.trusted_proxies))
        registration = read_registration(typed, _offered(call))
        registered = await kit.reception.register(registration, "web", typed.get("key", "")[:200], call.language)
    except KeyReused as fault:
        return _form(call, typed | {"key": ""}, fault)
    except Fault as fault:
        return _form(call, typed, fault)
    token = call.service.tokens.issue(registered.number, TRACK)
    return see_other(f"/intake/complaints/{registered.number}/receipt?token={token}")


async def receipt(call: Call[Intake]) -> web.Response:
    """The receipt (回执): number, promises, tracking link, steps to come (S12.1, S16.2)."""
    complaint, regulation = await _known(call)
    department = regulation.departments[complaint.department or regulation.department_for("other")]
    return PAGES.render(
        call.request,
        "receipt.html",
        complaint=complaint,
        promises=promises(complaint, regulation, call.language),
        process=[step[call.language] for step in regulation.process],
        department=department.title[call.language],
        place=department.place[call.language],
        link=_tracking(call.number, call.request.query.get("token", "")),
        public_url=call.service.settings.public_url,
    )


async def find(call: Call[Intake]) -> web.Response:
    """Where number and tracking code are typed in."""
    return PAGES.render(call.request, "find.html", typed={}, wrong="")


async def go_track(call: Call[Intake]) -> web.Response:
    """Lead to the tracking page of number and code, or say that they do not belong together."""
    typed = await submitted(call.request)
    number = typed.get("number", "").strip().upper()
    token = _token_in(typed.get("token", ""))
    if call.service.tokens.read(token) != (number, TRACK):
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return PAGES.render(call.request, "find.html", status, typed=typed, wrong="not-together")
    return see_other(_tracking(number, token))


async def track(call: Call[Intake], shown: ComplaintView) -> web.Response:
    """How far the complaint has got, and what the complainant can do about it (S3.4)."""
    complaint, regulation = await _known(call)
    return PAGES.render(
        call.request,
        "track.html",
        shown=shown,
        steps=progress(complaint, call.language),
        promises=promises(complaint, regulation, call.language),
        regulation=regulation.title[call.language],
        department=regulation.departments[shown.department].title[call.language] if shown.department else "",
        open=shown.status not in FINISHED,
        done=call.request.query.get("done"),
    )


async def supplement(call: Call[Intake], shown: ComplaintView) -> web.Response:
    """Back to tracking after something was added."""
    return see_other(_tracking(shown.number, call.request.query.get("token", ""), done="supplemented"))


async def ask_withdrawal(call: Call[Intake]) -> web.Response:
    """Whether the complainant is sure."""
    return PAGES.render(call.request, "withdraw.html", number=call.number)


async def withdraw(call: Call[Intake], shown: ComplaintView) -> web.Response:
    """Back to tracking after the withdrawal."""
    return see_other(_tracking(shown.number, call.request.query.get("token", ""), done="withdrawn"))


ROUTES = [
    Route("GET", "/", form, page=True),
    Route("POST", "/form", register, page=True),
    Route("GET", "/track", find, page=True),
    Route("POST", "/track", go_track, page=True),
    Route("GET", "/complaints/{number}", track, page=True),
    Route("GET", "/complaints/{number}/receipt", receipt, COMPLAINANT, page=True),
    Route("POST", "/complaints/{number}/supplements", supplement, page=True),
    Route("GET", "/complaints/{number}/withdrawal", ask_withdrawal, COMPLAINANT, page=True),
    Route("POST", "/complaints/{number}/withdrawal", withdraw, page=True),
]


def _offered(call: Call[Intake]) -> Regulations:
    """The regulations that the public may complain under, each in its newest version."""
    unlisted, packs = call.service.kit.settings.unlisted, call.service.regulations.newest.values()
    return Regulations(pack for pack in packs if pack.admits("web") and pack.name not in unlisted)


def _form(call: Call[Intake], typed: dict[str, str], fault: Fault | None = None) -> web.Response:
    offered = _offered(call).newest
    wanted = [typed.get("regulation", ""), DEFAULTS["regulation"], *offered]
    chosen = next((name for name in wanted if name in offered), "")
    page = PAGES.render(
        call.request,
        "form.html",
        status_of(fault),
        typed=typed | {"key": typed.get("key") or ulid(), "regulation": chosen},
        wrong=mistakes_in(fault) if fault else {},
        regulations=offered.values(),
        required=offered[chosen].requires if chosen else (),
    )
    if fault:
        page.headers.update(headers_of(fault))
    return page


async def _known(call: Call[Intake]) -> tuple[Complaint, Regulation]:
    """The complaint, and the regulation that it is handled under."""
    complaint = (await call.service.repository.get(call.number)).present
    return complaint, call.service.regulations.get(complaint.regulation, complaint.regulation_version)


def _tracking(number: str, token: str, **more: str) -> str:
    return f"/intake/complaints/{number}?{urlencode({'token': token} | more)}"


def _token_in(typed: str) -> str:
    """The tracking code in what was typed, be it the code or the whole link, with whatever follows there."""
    return re.split("[&#]", typed.strip().rpartition("token=")[2])[0]
