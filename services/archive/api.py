"""Archive's HTTP face: search the records, read one."""

from functools import partial

import structlog

from services.archive import store
from services.archive.dossier import Dossier
from services.archive.forms import DossierView, EntryView, Reading, RecordLine, Search
from services.archive.index import Terms
from services.archive.model import Record
from services.archive.words import WHAT, lacking
from shared.conflict import must_see, sees
from shared.contracts.values import Language
from shared.errors import Invalid
from shared.handling import Context
from shared.identity import ALL_STAFF, Caller, Forbidden
from shared.privacy import Keyring
from shared.service import Running
from shared.web import Call, Page, Route

log = structlog.get_logger(__name__)

Archive = Running[Record]

UNMASKING = frozenset({"archivist", "auditor", "manager", "administrator"})
"""Who may read the personal data of any record; handlers may of their own departments'."""


async def search(call: Call[Archive], query: Search) -> Page[RecordLine]:
    """The filed records that fit, latest first: by number, tag, period, department, product, batch, person, text.

    Personal data in a line is masked; records about whoever asks are left out.
    """
    wanted = store.criteria(query, call.service.kit)
    documents, seen = call.service.repository.collection, partial(sees, call.caller, call.service.regulations)
    records, following = await store.find(documents, wanted, seen, query.limit, query.cursor)
    keyring = await call.service.vault.unlock({record.key_id for record in records})
    return Page(items=[_line(record, keyring) for record in records], next=following)


async def read(call: Call[Archive], query: Reading) -> DossierView:
    """The whole record, personal data masked; `unmask` opens it for a reason, put on record first (S1.6)."""
    if query.unmask is not None:
        await _note_access(call, query.unmask)
    document = await call.service.repository.get(call.number)
    record, context = document.present, await call.service.context(document)
    must_see(call.caller, context.regulations, record)
    return _view(record, Dossier(record, context.keyring), call.language, masked=query.unmask is None)


ROUTES = [
    Route("GET", "/records", search, ALL_STAFF),
    Route("GET", "/records/{number}", read, ALL_STAFF),
]


async def _note_access(call: Call[Archive], reason: str) -> None:
    if not reason:
        detail = "Say why you need to read the personal data."
        raise Invalid(detail, errors=[{"pointer": "#/unmask", "detail": detail}])
    reader = call.caller

    def note(record: Record, context: Context[Terms]) -> None:
        must_see(reader, context.regulations, record)
        _check(reader, record)
        record.unmask(by=reader.name, reason=reason, at=context.now)

    await call.service.change(call.number, note)
    log.info("personal_data_unmasked", number=call.number, by=reader.name, reason=reason)


def _check(reader: Caller, record: Record) -> None:
    """Raises `Forbidden` where the reader may see the record masked only."""
    of_the_department = "handler" in reader.roles and record.department in reader.departments
    if not (reader.roles & UNMASKING or of_the_department):
        raise Forbidden("Personal data is for the archivist, auditors, managers, and the handlers of the department.")


def _line(record: Record, keyring: Keyring) -> RecordLine:
    entry = Dossier(record, keyring).catalogued(masked=True)
    return RecordLine(number=record.number, **dict(entry or {}))


def _view(record: Record, dossier: Dossier, language: Language, *, masked: bool) -> DossierView:
    timeline = [
        EntryView(
            id=entry["id"],
            type=entry["type"],
            text=WHAT[entry["type"]][language],
            source=entry["source"],
            time=entry["time"],
            data=dossier.shown(entry["data"], masked=masked),
        )
        for entry in record.timeline
    ]
    return DossierView(
        number=record.number,
        status=record.status,
        missing=lacking(record.missing(), language),
        masked=masked,
        catalogue=dossier.catalogued(masked=masked),
        timeline=timeline,
        accesses=record.accesses,
    )
