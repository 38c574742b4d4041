"""The dossier: a record with its sealed values opened by the keys at hand, in memory only."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from services.archive.index import Terms
from services.archive.model import Record
from shared.privacy import Keyring, Unreadable, mask_text

DESTROYED = "[destroyed]"
"""What stands for a text whose key was shredded."""

MOST_TERMS = 50_000
"""What one record is found by at most, so that nobody's endless text makes it too large to store."""

IN_CLEAR = {
    "complaint.registered": ("subject_line", "place", "respondent", "claim"),
    "case.resolved": ("measures", "redress", "root_cause", "responsible"),
}
"""What is found by its words besides the sealed texts, product and person."""

_SEALED = "sealed:v1:"


class Dossier:
    """What one record says: to the index in full, to readers masked or in full."""

    def __init__(self, record: Record, keyring: Keyring) -> None:
        self._record, self._keyring = record, keyring
        complainant = record.said("complaint.registered").get("complainant", {})
        self.person = self._person(complainant.get("sealed", ""))

    def terms(self, terms: Terms) -> set[str]:
        """The hashes that the record is found by."""
        product = self._record.said("complaint.registered").get("product") or {"name": "", "batch": ""}
        person = self.person.get("name", "")
        texts = [person, product["name"], product["batch"], *self._clear(), *self._opened()]
        found = set().union(*(terms.of(text) for text in texts))
        named = terms.of(person, "person") | terms.of(product["name"], "product")
        return named | set(sorted(found)[: MOST_TERMS - len(named)])

    def shown(self, value: Any, *, masked: bool) -> Any:
        """Part of the record with every sealed value in it opened; masked, nobody is recognised by it (S1.6, S14.6)."""
        match value:
            case {"sealed": str(sealed), **rest}:
                return self._complainant(sealed, masked=masked) | rest
            case dict():
                return {name: self.shown(part, masked=masked) for name, part in value.items()}
            case list():
                return [self.shown(part, masked=masked) for part in value]
            case str() if value.startswith(_SEALED):
                return self._text(value, masked=masked)
        return value

    def _complainant(self, sealed: str, *, masked: bool) -> dict[str, Any]:
        person = self._person(sealed)
        if not person:
            return {"name": DESTROYED}
        return {kind: mask_text(value, {kind: value}) if masked else value for kind, value in person.items()}

    def _text(self, sealed: str, *, masked: bool) -> str:
        text = self._open(sealed)
        if text is None:
            return DESTROYED
        return mask_text(text, self.person) if masked else text

    def _person(self, sealed: str) -> Mapping[str, str]:
        opened = self._open(sealed) if sealed else None
        return json.loads(opened) if opened else {}

    def _clear(self) -> Iterator[str]:
        for kind, names in IN_CLEAR.items():
            said = self._record.said(kind)
            yield from (str(said[name]) for name in names if name in said)

    def _opened(self) -> Iterator[str]:
        """The texts of all sealed values that can be opened, the complainant's own apart."""
        for entry in self._record.timeline:
            for value in entry["data"].values():
                if isinstance(value, str) and value.startswith(_SEALED):
                    yield self._open(value) or ""

    def _open(self, sealed: str) -> str | None:
        try:
            return self._keyring.open(sealed, self._record.number)
        except Unreadable:
            return None
