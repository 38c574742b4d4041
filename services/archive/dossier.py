"""The dossier: a record with its sealed values opened by the keys at hand, in memory only."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from services.archive.index import Terms
from services.archive.model import Catalogue, Record
from shared.privacy import Keyring, Unreadable, is_sealed, mask_text

DESTROYED = "[destroyed]"
"""What stands for a text whose key was shredded."""

MOST_CHARACTERS = 2_000
"""What one text is found by at most: its beginning."""

MOST_IN_ALL = 3_000
"""What all texts together are found by at most: hashing that many takes a few milliseconds, and many records may be due
at once."""

IN_CLEAR = {
    "complaint.registered": ("subject_line", "place", "respondent", "claim"),
    "case.resolved": ("measures", "redress", "root_cause", "responsible"),
}
"""What is found by its words besides the sealed texts, product and person."""

TYPED = ("subject_line", "product", "batch", "place")
"""What stands in the catalogue as the complainant put it."""

MOMENTS = frozenset({"at", "before", "start", "since", "until", "seen_by_when"})
"""Under which names moments are told, beside those that end in `_at`."""


class Dossier:
    """What one record says: to the index in full, to readers masked or in full."""

    def __init__(self, record: Record, keyring: Keyring) -> None:
        self._record, self._keyring = record, keyring
        complainant = record.said("complaint.registered").get("complainant", {})
        self.person = keyring.person(complainant.get("sealed", ""), record.number)

    def terms(self, terms: Terms) -> set[str]:
        """The hashes that the record is found by."""
        product = self._record.said("complaint.registered").get("product") or {}
        person = self.person.get("name", "")
        name, batch = product.get("name", ""), product.get("batch", "")
        texts = chain(
            (person, name, batch), self._clear("complaint.registered"), self._opened(), self._clear("case.resolved")
        )
        named = terms.of(person[:MOST_CHARACTERS], "person") | terms.of(name[:MOST_CHARACTERS], "product")
        return named.union(*(terms.of(text) for text in _beginnings(texts)))

    def shown(self, value: Any, *, masked: bool, name: str = "") -> Any:
        """Part of the record, under its name, with every sealed value in it opened; masked, nobody is recognised by it,
        whether it was sealed or in clear (S1.6, S14.6).
        """
        match value:
            case {"sealed": str(sealed), **rest}:
                return self._complainant(sealed, masked=masked) | rest
            case dict():
                return {name: self.shown(part, masked=masked, name=name) for name, part in value.items()}
            case list():
                return [self.shown(part, masked=masked, name=name) for part in value]
            case str() if is_sealed(value):
                return self._text(value, masked=masked)
            case str() if masked and not is_moment(name):
                return mask_text(value, self.person)
        return value

    def catalogued(self, *, masked: bool) -> Catalogue | None:
        """The entry in the catalogue; masked, nobody is recognised by the words in it."""
        entry = self._record.catalogue
        if entry is None or not masked:
            return entry
        return entry.model_copy(update={name: mask_text(getattr(entry, name), self.person) for name in TYPED})

    def _complainant(self, sealed: str, *, masked: bool) -> dict[str, Any]:
        person = self._keyring.person(sealed, self._record.number)
        if not person:
            return {"name": DESTROYED}
        return {kind: mask_text(value, {kind: value}) if masked else value for kind, value in person.items()}

    def _text(self, sealed: str, *, masked: bool) -> str:
        text = self._open(sealed)
        if text is None:
            return DESTROYED
        return mask_text(text, self.person) if masked else text

    def _clear(self, kind: str) -> Iterator[str]:
        said = self._record.said(kind)
        return (str(said[name]) for name in IN_CLEAR[kind] if name in said)

    def _opened(self) -> Iterator[str]:
        """The texts of all sealed values that can be opened, the complainant's own apart."""
        for entry in self._record.timeline:
            for value in entry["data"].values():
                if is_sealed(value):
                    yield self._open(value) or ""

    def _open(self, sealed: str) -> str | None:
        try:
            return self._keyring.open(sealed, self._record.number)
        except Unreadable:
            return None


def _beginnings(texts: Iterable[str]) -> Iterator[str]:
    """Each text as far as there is room for it; once there is none, no further text is opened."""
    room = MOST_IN_ALL
    for text in texts:
        beginning = text[: min(room, MOST_CHARACTERS)]
        yield beginning
        room -= len(beginning)
        if not room:
            return


def is_moment(name: str) -> bool:
    """Whether what is said under this name is a moment."""
    return name in MOMENTS or name.endswith("_at")
