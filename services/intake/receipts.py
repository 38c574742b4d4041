"""The receipt (回执): what whoever registers a complaint is told at once."""

from collections.abc import Mapping

import orjson

from services.intake.model import Complaint
from services.intake.promises import promises
from shared.contracts.values import Language, rfc3339
from shared.privacy import TRACK
from shared.service import Running

MOST_REMEMBERED = 1000
"""Kinds of complaints whose receipts' words are kept."""

Words = Mapping[str, orjson.Fragment]


class Receipts:
    """Writes receipts; the words that complaints of one kind share within a second are found once for all of them."""

    def __init__(self, running: Running[Complaint]) -> None:
        self._running = running
        self._words: dict[tuple[object, ...], Words] = {}

    def write(self, complaint: Complaint, language: Language) -> bytes:
        """The receipt of a complaint, a `Receipt` in JSON."""
        number, running = complaint.number, self._running
        token = running.tokens.issue(number, TRACK)
        return orjson.dumps(
            {
                "number": number,
                "tracking_token": token,
                "tracking_url": f"{running.settings.public_url}/intake/complaints/{number}?token={token}",
                "received_at": rfc3339(complaint.received_at),
                "regulation": complaint.regulation,
                "status": complaint.status,
                "promises": {milestone: rfc3339(due_at) for milestone, due_at in complaint.promises.items()},
                **self._remembered(complaint, language),
            }
        )

    def _remembered(self, complaint: Complaint, language: Language) -> Words:
        """The words, found anew where a promise may no longer be what complaints of this kind are promised."""
        if complaint.promised or complaint.governed_at:
            return self._said(complaint, language)
        kind = _kind(complaint, language)
        if kind not in self._words:
            if len(self._words) >= MOST_REMEMBERED:
                self._words.clear()
            self._words[kind] = self._said(complaint, language)
        return self._words[kind]

    def _said(self, complaint: Complaint, language: Language) -> Words:
        regulation = self._running.regulations.get(complaint.regulation, complaint.regulation_version)
        department = regulation.departments[complaint.department or regulation.department_for("other")]
        counted = promises(complaint, regulation, language)
        words = {
            "derivation": {promise.milestone: promise.derivation for promise in counted},
            "process": [step[language] for step in regulation.process],
            "contact": {"department": department.title[language], "place": department.place[language]},
        }
        return {name: orjson.Fragment(orjson.dumps(said)) for name, said in words.items()}


def _kind(complaint: Complaint, language: Language) -> tuple[object, ...]:
    """All that the words depend on; they tell moments to the second."""
    return (
        language, int(complaint.received_at.timestamp()), complaint.regulation, complaint.regulation_version,
        complaint.calendar_edition, complaint.hints.severity, complaint.written, complaint.channel,
        complaint.complainant.tier, complaint.department,
    )  # fmt: skip
