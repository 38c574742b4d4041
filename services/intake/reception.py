"""The reception: turns what a channel hands in into a registered complaint, once, however often it is handed in."""

import hashlib
from typing import Any, NamedTuple

import orjson

from services.intake.forms import Person, Registration
from services.intake.model import Complaint
from services.intake.receipts import Receipts
from shared.contracts.intake import Settlement
from shared.contracts.values import Channel, Instant, Language
from shared.document import Document, Step
from shared.errors import Conflict, Fault, Invalid
from shared.ids import ulid
from shared.numbers import Numbers
from shared.privacy import DataKey, Keyring, seal
from shared.regulations import Regulation
from shared.service import Running
from shared.telemetry import traceparent

WRITTEN: frozenset[Channel] = frozenset({"letter", "suggestion-box"})
"""Channels that are written whatever the form says; written complaints have limits of their own (S2.5)."""

_TOLD_IN_CLEAR = {
    "channel", "regulation", "subject_line", "occurred_at", "place", "respondent", "claim", "product", "hints",
    "received_by", "written",
}  # fmt: skip
"""What a complaint keeps of the form that it came in with, and never changes; the rest is sealed."""


class BadKey(Fault):
    """The idempotency key is too long, or not plain text."""

    code = "bad-idempotency-key"
    status = 422


class KeyReused(Fault):
    """The idempotency key was used before, for something else."""

    code = "idempotency-key-reused"
    status = 422


class Registered(NamedTuple):
    """A complaint's number and its receipt in JSON, and whether it was registered just now."""

    number: str
    receipt: bytes
    is_new: bool


class Reception:
    """Registers complaints for one running intake."""

    def __init__(self, running: Running[Complaint]) -> None:
        self._running, self._receipts = running, Receipts(running)
        self._numbers = Numbers(running.direct["numbers"], running.settings.number_block)  # type: ignore[attr-defined]
        running.closing.push_async_callback(self._numbers.return_leases)

    async def register(self, form: Registration, channel: str, key: str, language: Language) -> Registered:
        """Register a complaint; the same channel, key and form give the same one again.

        Raises `KeyReused` for another form under the same key, `Invalid` for what the regulation does not take,
        `Unavailable` where it could not be stored, and `Unreadable` where the one that was registered is destroyed.
        """
        running, registration_id = self._running, _registration_id(channel, key)
        regulation = running.regulations.get(form.regulation)
        await self._must_be_taken(form, regulation, registration_id if key else "")
        now = running.clock()
        data_key = await running.vault.new_key()
        day = regulation.working_calendar.day_of(now).isoformat().replace("-", "")
        number = await self._numbers.next(regulation.prefix, day)
        trace, receipt = traceparent.get(), b""

        def make() -> Document[Complaint]:
            nonlocal receipt
            complaint = self._complaint(form, regulation, number, data_key, now, language)
            complaint.registration_id = registration_id
            document = Document(Complaint, complaint.id)
            document.apply(Step(lambda _: _registered(complaint), now, traceparent=trace))
            receipt = self._receipts.write(complaint, language)
            return document

        document, is_new = await running.enter(make)
        if is_new:
            return Registered(number, receipt, is_new=True)
        return await self._again(document.present, data_key, language)

    async def _again(self, repeated: Complaint, data_key: DataKey, language: Language) -> Registered:
        """The complaint that was registered under the same key, where it is the same; ours is given up."""
        earlier = await self._registered_as(repeated.id)
        if earlier is None:
            raise Conflict("The same registration is just being made; please try again.")
        if earlier.number != repeated.number:  # else it is our own, written although we were told otherwise
            self._running.vault.give_back(data_key)
            self._numbers.give_back(repeated.number)
        keyring = await self._running.vault.unlock([earlier.key_id])
        if _handed_in(earlier, keyring) != _handed_in(repeated, Keyring([data_key])):
            raise KeyReused("This Idempotency-Key was used for another complaint.")
        return Registered(earlier.number, self._receipts.write(earlier, language), is_new=False)

    async def _registered_as(self, registration_id: str) -> Complaint | None:
        document = (await self._running.repository.load([registration_id], by="_id"))[registration_id]
        if document.broken:
            raise document.broken
        return document.aggregate

    async def _must_be_taken(self, form: Registration, regulation: Regulation, registration_id: str) -> None:
        """Raises `Invalid` where the regulation does not take the form, unless it was taken under this id before."""
        try:
            _check(form, regulation)
        except Invalid:
            if not registration_id or await self._registered_as(registration_id) is None:
                raise

    def _complaint(
        self, form: Registration, regulation: Regulation, number: str, key: DataKey, now: Instant, language: Language
    ) -> Complaint:
        said, calendar = form.complainant, regulation.working_calendar
        written = form.written or form.channel in WRITTEN
        promises = regulation.deadlines(
            now, severity=form.severity or "general", written=written, channel=form.channel, tier=said.tier,
            calendar=calendar,
        )  # fmt: skip
        return Complaint.model_validate(
            vars(form)
            | {
                "number": number,
                "key_id": key.id,
                "registration_id": "",
                "status": "registered",
                "regulation_version": regulation.version,
                "calendar_edition": calendar.version,
                "received_at": now,
                "narrative": seal(form.narrative, key, number),
                "complainant": {
                    "sealed": seal(_person(said), key, number),
                    "tier": said.tier,
                    "anonymous": said.anonymous,
                    "language": language,
                },
                "product": form.product and vars(form.product),
                "hints": {"category": form.category, "severity": form.severity},
                "written": written,
                "settlement": _settlement(form, key, number),
                "needs_decision": regulation.admissibility is not None,
                "promises": {milestone: deadline.due_at for milestone, deadline in promises.items()},
            }
        )


def _registered(complaint: Complaint) -> Complaint:
    complaint.register()
    return complaint


def _handed_in(complaint: Complaint, keyring: Keyring) -> tuple[object, ...]:
    """What it came in with, opened: what tells a repeated registration from another one.

    Looked at where a key comes again, so that no other registration pays for it. Raises `Unreadable`.
    """
    said, settled, number = complaint.complainant, complaint.settlement, complaint.number
    return (
        complaint.model_dump(include=_TOLD_IN_CLEAR),
        keyring.open(complaint.narrative, number),
        (said.tier, said.anonymous, keyring.open(said.sealed, number)),
        settled and (settled.outcome, keyring.open(settled.answer, number)),
    )


def _person(said: Person) -> str:
    """What is sealed of a complainant, as JSON."""
    return orjson.dumps({"name": said.name, "phone": said.phone, "email": said.email, "address": said.address}).decode()


def _settlement(form: Registration, key: DataKey, number: str) -> Settlement | None:
    said = form.settlement
    return Settlement(outcome=said.outcome, answer=seal(said.answer, key, number)) if said else None


def _registration_id(channel: str, key: str) -> str:
    """What a repeated registration collides on: channel and key, or something new where no key was sent."""
    return hashlib.blake2b(f"{channel}\0{key}".encode(), digest_size=20).hexdigest() if key else ulid()


def _check(form: Registration, regulation: Regulation) -> None:
    """Raises `Invalid` where the regulation asks for more, or takes no such complaint this way."""
    if not regulation.admits(form.channel):
        detail = f"{regulation.name} takes no complaints through {form.channel}."
        raise Invalid(detail, errors=[{"pointer": "#/channel", "detail": detail}])
    if form.settlement and not regulation.settles(form.severity or "general", form.channel):
        detail = f"{regulation.name} has no such complaint settled on the spot; register it without a settlement."
        raise Invalid(detail, errors=[{"pointer": "#/settlement", "detail": detail}])
    given = form.model_dump() if regulation.requires else {}
    if missing := [path for path in regulation.requires if not _value(given, path)]:
        errors = [
            {"pointer": f"#/{path.replace('.', '/')}", "detail": "required by the regulation"} for path in missing
        ]
        raise Invalid(f"{regulation.name} ({regulation.source}) also asks for {', '.join(missing)}.", errors=errors)


def _value(given: Any, path: str) -> Any:
    for part in path.split("."):
        given = given.get(part) if isinstance(given, dict) else None
    return given
