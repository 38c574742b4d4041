"""Data keys that no vault knows, for messages that nobody opens."""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.ids import ulid
from shared.privacy import DataKey


def a_key() -> DataKey:
    """A fresh data key."""
    return DataKey(ulid(), AESGCM(os.urandom(32)))
