"""Personal data: sealed with a key of the complaint's own, opened in memory, masked for those who need no more.

Every sealed value names the key that opens it. Destroy the key in the vault and each copy of the value, in any
queue, projection, log or backup, is noise (S1.5, S14.6; Personal Information Protection Law, Art. 47).
"""

import base64
import hashlib
import hmac
import json
import os
import re
import string
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.errors import Fault

_MARK = "sealed:v1:"
_NONCE = 12


class _Nonces:
    """Random nonces, drawn from the system many at a time."""

    def __init__(self) -> None:
        self._drawn: list[bytes] = []

    def next(self) -> bytes:
        if not self._drawn:
            pool = os.urandom(_NONCE * 256)
            self._drawn = [pool[at : at + _NONCE] for at in range(0, len(pool), _NONCE)]
        return self._drawn.pop()


_nonces = _Nonces()


class Unreadable(Fault):
    """The sealed value cannot be opened: its key was destroyed, or it belongs to another complaint."""

    code = "unreadable"
    status = 410


class DataKey(NamedTuple):
    """The key of one complaint: 256 bits, and the id its sealed values carry."""

    id: str
    cipher: AESGCM


def is_sealed(value: object) -> bool:
    """Whether a value is a sealed text."""
    return isinstance(value, str) and value.startswith(_MARK)


def key_id_of(sealed: str) -> str:
    """The id of the key that a sealed value names."""
    return sealed.split(":", 3)[2]


def seal(text: str, key: DataKey, number: str) -> str:
    """`text` encrypted with AES-256-GCM under `key`, bound to the complaint `number` as associated data."""
    nonce = _nonces.next()
    box = nonce + key.cipher.encrypt(nonce, text.encode(), number.encode())
    return f"{_MARK}{key.id}:{base64.urlsafe_b64encode(box).rstrip(b'=').decode()}"


class Keyring:
    """The data keys that are at hand, by id; what a handler seals and opens with, for one batch or request.

    What was opened stays open as long: the same letter is classified, and then told to a department.
    """

    def __init__(self, keys: Iterable[DataKey] = ()) -> None:
        self._keys: dict[str, DataKey] = {key.id: key for key in keys}
        self._opened: dict[tuple[str, str], str] = {}

    def open(self, sealed: str, number: str) -> str:
        """The text of a sealed value of complaint `number`. Raises `Unreadable`."""
        text = self._opened.get((sealed, number))
        if text is None:
            text = self._opened[sealed, number] = self._unsealed(sealed, number)
        return text

    def _unsealed(self, sealed: str, number: str) -> str:
        key_id, _, box = sealed.removeprefix(_MARK).partition(":")
        key = self._keys.get(key_id) if is_sealed(sealed) else None
        if key is None:
            raise Unreadable(f"the key of {number} is not at hand or was destroyed")
        try:
            shut = base64.urlsafe_b64decode(box + "==")
            return key.cipher.decrypt(shut[:_NONCE], shut[_NONCE:], number.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Unreadable(f"the sealed value does not belong to {number}") from error

    def person(self, sealed: str, number: str) -> dict[str, str]:
        """Who is sealed in a complainant of complaint `number`, by kind as for `mask_text`; nobody without the key."""
        try:
            person: dict[str, str] = json.loads(self.open(sealed, number))
        except Unreadable:
            return {}
        return person

    def seal(self, text: str, key_id: str, number: str) -> str:
        """`text` sealed with the key of complaint `number`. Raises `Unreadable` where the key is not there."""
        key = self._keys.get(key_id)
        if key is None:
            raise Unreadable(f"the key of {number} is not at hand or was destroyed")
        return seal(text, key, number)


class Wrapper:
    """Data keys wrapped for the vault by the master key."""

    def __init__(self, master_key: bytes) -> None:
        self._cipher = AESGCM(master_key)

    def wrap(self, key_id: str, key: bytes) -> bytes:
        """A data key, encrypted under the master key and bound to its id."""
        nonce = _nonces.next()
        return nonce + self._cipher.encrypt(nonce, key, key_id.encode())

    def unwrap(self, key_id: str, wrapped: bytes) -> DataKey:
        """The data key again. Raises `Unreadable` under another master key."""
        try:
            return DataKey(key_id, AESGCM(self._cipher.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], key_id.encode())))
        except InvalidTag as error:
            raise Unreadable("the vault's keys were wrapped by another master key") from error


TRACK = "track"
"""The purpose of the link by which a complainant follows the complaint; it leads to the answer and the survey, too."""


class Tokens:
    """Links for complainants: a complaint number and a purpose, signed. Nothing of them is stored anywhere.

    `SQ-20261123-00017K.track.3vF…` — the signature is a BLAKE2b of 160 bits, keyed with what the master key gives (RFC
    7693).
    """

    def __init__(self, master_key: bytes) -> None:
        self._key = keyed(b"redress tokens v1", master_key, 32)

    def issue(self, number: str, purpose: str) -> str:
        """The token that opens `purpose` (such as `track`, `answer-1`, `survey`) of complaint `number`."""
        return f"{number}.{purpose}.{self._signature(number, purpose)}"

    def read(self, token: str) -> tuple[str, str] | None:
        """(number, purpose) of a token that is ours, else None."""
        number, _, rest = token.partition(".")
        purpose, _, signature = rest.partition(".")
        genuine = hmac.compare_digest(self._signature(number, purpose).encode(), signature.encode())
        return (number, purpose) if genuine else None

    def fingerprint(self, content: bytes) -> str:
        """A keyed digest that tells a repeated request from another without keeping what it said."""
        return keyed(content, self._key, 32).hex()

    def _signature(self, number: str, purpose: str) -> str:
        digest = keyed(f"{number}\0{purpose}".encode(), self._key, 20)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def hashed(secret: str) -> str:
    """How a channel key is stored: BLAKE2b of 256 bits, enough for a random secret of as many."""
    return hashlib.blake2b(secret.encode(), digest_size=32).hexdigest()


def keyed(content: bytes, key: bytes, size: int) -> bytes:
    """A digest of `size` bytes that only the holder of the key can make: keyed BLAKE2b (RFC 7693).

    Each costs a microsecond; HMAC by way of OpenSSL costs a multiple of that at full load.
    """
    return hashlib.blake2b(content, digest_size=size, key=key).digest()


_EMAIL = re.compile(r"[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}", re.ASCII | re.IGNORECASE)
"""Bounded, so that no text can make the search for it slow."""
_DIGITS = re.compile(
    r"(?<![\d.])(?:\+\d[\d -]{7,16}\d"  # +86 138 0000 1234
    r"|1[3-9]\d(?:[ -]?\d{4}){2}"  # a Chinese mobile
    r"|0\d{2,3}-?\d{7,8}"  # a Chinese landline
    r"|\d{17}[\dXx]|\d{15,19}"  # an identity card, a bank card
    r")(?![\d])"
)
"""Digits that lead to a person; dates and amounts are left alone."""
_LONG = re.compile(r"[\d -][\d -]{8}")
"""What none of them is without; it is found, or found missing, four times as fast."""
_WIDE = {ord(sign) + 0xFEE0: sign for sign in f"{string.ascii_letters}{string.digits}@.+-_"}
"""Full-width forms, as Chinese input methods write them, with what they stand for (Unicode, U+FF01 to U+FF5E)."""
_ANY_WIDE = re.compile("[０-９＠]")


def mask_name(name: str) -> str:
    """The family name, or the first letter, and stars: `王**`, `J***`."""
    return name[:1] + "*" * (len(name) - 1)


def mask_number(digits: str) -> str:
    """A phone or identity number with only its last four characters left."""
    return "*" * max(len(digits) - 4, 0) + digits[-4:]


def mask_email(address: str) -> str:
    """An address with its first letter and its domain left: `l***@example.com`."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}***@{domain}" if domain else mask_name(local)


_MASKS = {"name": mask_name, "phone": mask_number, "email": mask_email, "address": mask_name}


def mask_text(text: str, personal: Mapping[str, str]) -> str:
    """Free text with the given personal values, long numbers and mail addresses masked.

    `personal` maps a kind (`name`, `phone`, `email`, `address`) to its value; empty values are passed over. Where there
    are full-width digits, the text comes back with its letters and digits in their common form.
    """
    if _ANY_WIDE.search(text):
        text = text.translate(_WIDE)
    for kind, value in personal.items():
        if len(value) > 1:
            text = text.replace(value, _MASKS.get(kind, mask_name)(value))
    if "@" in text:
        text = _EMAIL.sub(lambda found: mask_email(found[0]), text)
    return _DIGITS.sub(lambda found: mask_number(found[0]), text) if _LONG.search(text) else text
