"""Intake's HTTP face: register, decide, track, supplement, withdraw, and the register."""

from collections.abc import Callable
from functools import partial

from services.intake import moves, store
from services.intake.forms import (
    ComplaintView,
    Decision,
    MoveOrder,
    Receipt,
    RegisterLine,
    Registration,
    RegulationMove,
    Supplement,
    TimelineEntry,
    Withdrawal,
)
from services.intake.kit import Kit
from services.intake.model import Complaint
from services.intake.promises import promises
from services.intake.reception import BadKey
from services.intake.words import STATUS, next_step, told
from shared.conflict import must_see, sees
from shared.contracts.values import Channel, Instant, Language, Milestone, Status
from shared.handling import Context
from shared.identity import ALL_STAFF, Access, Caller, staff
from shared.privacy import TRACK, Keyring, mask_text
from shared.regulations import Regulation
from shared.service import Running
from shared.web import Answer, Call, Line, Page, Route
from shared.web.body import Paging

Intake = Running[Complaint]

LONGEST_KEY = 200
READERS = staff("officer", "dispatcher", "handler", "supervisor", "manager", "auditor", purpose=TRACK)
COMPLAINANT_OR_OFFICER = staff("officer", purpose=TRACK)


class RegisterQuery(Paging):
    """What the register is filtered by; `since` is included, `until` is not."""

    status: Status | None = None
    channel: Channel | None = None
    regulation: Line = ""
    since: Instant | None = None
    until: Instant | None = None


async def register(call: Call[Intake], body: Registration) -> Answer[Receipt]:
    """Register a complaint. With an Idempotency-Key, the same key and body give the same receipt again."""
    kit: Kit = call.service.kit
    key = call.request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise BadKey(f"An Idempotency-Key has at most {LONGEST_KEY} characters, all of them printable ASCII.")
    number, receipt, is_new = await kit.reception.register(body, call.caller.name, key, call.language)
    return Answer(receipt, 201 if is_new else 200, {"Location": f"/intake/complaints/{number}"})


async def track(call: Call[Intake]) -> ComplaintView:
    """How far the complaint has got: status, what happened, what was promised, what comes next (S3.4)."""
    complaint = (await call.service.repository.get(call.number)).present
    must_see(call.caller, call.service.regulations, complaint)
    return await _shown(call, complaint)


async def decide(call: Call[Intake], body: Decision) -> ComplaintView:
    """Accept the complaint, or decline it with a reason (S7.1, S7.2)."""
    by = call.caller.name

    def decision(complaint: Complaint, context: Context[Kit]) -> None:
        decide = complaint.accept if body.decision == "accept" else complaint.decline
        decide(by=by, reason=body.reason, at=context.now)

    return await _changed(call, decision)


async def move_regulation(call: Call[Intake], body: RegulationMove) -> ComplaintView:
    """Handle the complaint under another version of its regulation, on the record."""
    by, packs = call.caller.name, call.service.regulations

    def move(complaint: Complaint, context: Context[Kit]) -> None:
        to = packs.get(complaint.regulation, body.version)
        complaint.move_regulation(to, by=by, reason=body.reason, at=context.now)

    return await _changed(call, move)


async def order_move(call: Call[Intake], body: MoveOrder) -> Answer[moves.Progress]:
    """Have all open complaints handled under this version of their regulation, each on the record, in the background.

    What that does to their deadlines, `GET /sla/regulations/{name}/moves/{version}` shows first.
    """
    service, path = call.service, call.request.match_info
    to = service.regulations.get(path["name"], path["version"])
    wanted = moves.Order(
        regulation=to.name, version=to.version, origins=service.regulations.origins(to, body.origin),
        by=call.caller.name, reason=body.reason, at=service.clock(),
    )  # fmt: skip
    return Answer(await moves.order(service, wanted), 202)


async def show_move(call: Call[Intake]) -> moves.Progress:
    """How many complaints have been moved to this version, and how many are left."""
    path = call.request.match_info
    return await moves.progress(call.service, path["name"], path["version"])


async def supplement(call: Call[Intake], body: Supplement) -> ComplaintView:
    """Add facts to a complaint that is still open."""
    by = _author(call.caller)

    def add(complaint: Complaint, context: Context[Kit]) -> None:
        facts = context.seal(body.narrative, complaint)
        complaint.supplement(facts, by=by, at=context.now)

    return await _changed(call, add)


async def withdraw(call: Call[Intake], body: Withdrawal) -> ComplaintView:
    """Withdraw the complaint."""
    by = _author(call.caller)
    return await _changed(
        call, lambda complaint, context: complaint.withdraw(by=by, reason=body.reason, at=context.now)
    )


async def list_register(call: Call[Intake], query: RegisterQuery) -> Page[RegisterLine]:
    """The register (台账), latest first, without what is about whoever asks.

    Personal data in a subject line is masked.
    """
    criteria = store.criteria(query.status, query.channel, query.regulation, query.since, query.until)
    documents, seen = call.service.repository.collection, partial(sees, call.caller, call.service.regulations)
    complaints, following = await store.register(documents, criteria, seen, query.limit, query.cursor)
    keyring = await call.service.vault.unlock({complaint.key_id for complaint in complaints})
    return Page(items=[_line(complaint, keyring) for complaint in complaints], next=following)


ROUTES = [
    Route("POST", "/complaints", register, Access(channel=True), {201: "Registered", 200: "Registered before"}),
    Route("GET", "/complaints", list_register, ALL_STAFF),
    Route("GET", "/complaints/{number}", track, READERS),
    Route("POST", "/complaints/{number}/decision", decide, staff("officer")),
    Route("POST", "/complaints/{number}/regulation", move_regulation, staff()),
    Route("PUT", "/regulations/{name}/moves/{version}", order_move, staff(), {202: "Ordered"}),
    Route("GET", "/regulations/{name}/moves/{version}", show_move, staff("auditor", "manager")),
    Route("POST", "/complaints/{number}/supplements", supplement, COMPLAINANT_OR_OFFICER),
    Route("POST", "/complaints/{number}/withdrawal", withdraw, COMPLAINANT_OR_OFFICER),
]


async def _changed(call: Call[Intake], change: Callable[[Complaint, Context[Kit]], object]) -> ComplaintView:
    """Change a complaint, which has to be there for whoever asks, and show it as it is now."""

    def permitted(complaint: Complaint, context: Context[Kit]) -> None:
        must_see(call.caller, context.regulations, complaint)
        change(complaint, context)

    return await _shown(call, await call.service.change(call.number, permitted))


async def _shown(call: Call[Intake], complaint: Complaint) -> ComplaintView:
    """The complaint as whoever asks may see it: to staff the person in it is masked."""
    view = _view(call.service, complaint, call.language)
    if call.caller.kind != "staff":
        return view
    keyring = await call.service.vault.unlock({complaint.key_id})
    person = keyring.person(complaint.complainant.sealed, complaint.number)
    told = [entry.model_copy(update={"text": mask_text(entry.text, person)}) for entry in view.timeline]
    return view.model_copy(update={"subject_line": mask_text(view.subject_line, person), "timeline": told})


def _derivation(complaint: Complaint, regulation: Regulation, language: Language) -> dict[Milestone, list[str]]:
    return {promise.milestone: promise.derivation for promise in promises(complaint, regulation, language)}


def _author(caller: Caller) -> str:
    """Who speaks: a member of staff, or whoever holds the complainant's link."""
    return caller.name if caller.kind == "staff" else "complainant"


def _line(complaint: Complaint, keyring: Keyring) -> RegisterLine:
    own = set(RegisterLine.model_fields) - {"subject_line"}
    person = keyring.person(complaint.complainant.sealed, complaint.number)
    return RegisterLine(**complaint.model_dump(include=own), subject_line=mask_text(complaint.subject_line, person))


def _view(service: Intake, complaint: Complaint, language: Language) -> ComplaintView:
    regulation = service.regulations.get(complaint.regulation, complaint.regulation_version)
    return ComplaintView(
        **complaint.model_dump(include=set(ComplaintView.model_fields) - {"timeline"}),
        derivation=_derivation(complaint, regulation, language),
        status_text=STATUS[complaint.status][language],
        language=language,
        timeline=[
            TimelineEntry(at=entry.at, what=entry.what, text=told(entry, regulation, language))
            for entry in complaint.timeline
        ],
        next_step=next_step(complaint, language),
    )
