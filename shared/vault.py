"""The vault: the one place where data keys are kept, each wrapped by the master key, in a database of its own.

Keys are minted ahead, so that sealing a new complaint costs no round trip, and kept in bunches, since those that are
minted together are asked for together: `{_id: bunch, wrapped: {place: key}}`, the id of a key being its bunch's and its
place there. A key that a crash leaves unused opens nothing. Shredding a key is how a record is destroyed everywhere at
once.
"""

import asyncio
import os
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.database import DirectDocuments, by_majority
from shared.errors import Unavailable
from shared.ids import base32, ulid
from shared.privacy import DataKey, Keyring, Wrapper
from shared.repository import answering

_KEY_BYTES = 32
IN_A_BUNCH, MINTED_AT_ONCE = 50, 500
LOW = 250
"""Keys from which down more are minted, before there are none left."""
_PLACES = [f"{place:02d}" for place in range(IN_A_BUNCH)]
_PLACE = -len(_PLACES[0])
"""Where in the id of a key its place begins."""
_MOMENT = 10
"""Characters of a ULID that tell its moment."""
_DRAWN = 26 - _MOMENT + _PLACE
"""Characters of a bunch's id that are drawn: what its moment and the places leave of a ULID."""
REMEMBERED = 20_000
"""Unwrapped keys held in memory, those that have been there longest forgotten first."""
REMEMBERED_SECONDS = 60.0
"""How long an unwrapped key is held; one that another process has shredded opens nothing after it."""


class _Bunch:
    """Fresh keys that are kept together."""

    def __init__(self) -> None:
        # Two ULIDs of one millisecond may differ in their last characters only, where a key has its place.
        self._id = ulid()[:_MOMENT] + base32(secrets.randbits(5 * _DRAWN), _DRAWN)
        drawn = os.urandom(_KEY_BYTES * IN_A_BUNCH)
        keys = (drawn[at : at + _KEY_BYTES] for at in range(0, len(drawn), _KEY_BYTES))
        self.keys = [(self._id + place, key) for place, key in zip(_PLACES, keys, strict=True)]

    def wrapped(self, wrapper: Wrapper) -> dict[str, Any]:
        """The bunch as it is stored."""
        return {"_id": self._id, "wrapped": {key_id[_PLACE:]: wrapper.wrap(key_id, key) for key_id, key in self.keys}}


class Vault:
    """Mints, unlocks and shreds the keys of complaints."""

    def __init__(
        self,
        collection: DirectDocuments,
        master_key: bytes,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._collection = by_majority(collection)
        self._wrapper = Wrapper(master_key)
        self._minted: list[DataKey] = []
        self._minting = asyncio.Lock()
        self._refill: asyncio.Task[None] | None = None
        self._monotonic = monotonic
        self._known: OrderedDict[str, tuple[float, DataKey]] = OrderedDict()

    async def new_key(self) -> DataKey:
        """A key that no complaint has yet. Raises `Unavailable`."""
        while not self._minted:
            async with self._minting:
                if not self._minted:
                    await self._mint()
        if len(self._minted) < LOW and (self._refill is None or self._refill.done()):
            self._refill = asyncio.create_task(self._mint_ahead())
        return self._minted.pop()

    def give_back(self, key: DataKey) -> None:
        """Return a key that was taken but sealed nothing that was kept."""
        self._minted.append(key)

    async def unlock(self, ids: Collection[str]) -> Keyring:
        """The keys with these ids that still exist, for use in memory. Raises `Unavailable`."""
        self._forget()
        found = [self._known[key_id][1] for key_id in ids if key_id in self._known]
        if missing := [key_id for key_id in ids if key_id not in self._known]:
            found += await self._fetch(missing)
        return Keyring(found)

    async def shred(self, key_id: str) -> None:
        """Destroy a key: whatever it sealed can never be read again, wherever a copy lies.

        Destroying it again does nothing. Raises `LookupError` for one that was never kept here, and `Unavailable`.
        """
        gone = {"$unset": {f"wrapped.{key_id[_PLACE:]}": ""}}
        with answering():
            result = await self._collection.update_one({"_id": key_id[:_PLACE]}, gone)
        if not result.matched_count:
            raise LookupError(f"the vault has never kept the key {key_id}")
        self._known.pop(key_id, None)

    async def _fetch(self, ids: Collection[str]) -> list[DataKey]:
        """The keys with these ids that still exist in the database."""
        with answering():
            found = self._collection.find({"_id": {"$in": list({key_id[:_PLACE] for key_id in ids})}})
            bunches = {raw["_id"]: raw["wrapped"] for raw in await found.to_list(None)}
        wrapped = ((key_id, bunches.get(key_id[:_PLACE], {}).get(key_id[_PLACE:])) for key_id in ids)
        keys = [self._wrapper.unwrap(key_id, key) for key_id, key in wrapped if key]
        self._remember(keys)
        return keys

    async def _mint_ahead(self) -> None:
        try:
            async with self._minting:
                await self._mint()
        except Unavailable:
            return  # whoever finds no key left asks again, and is told

    async def _mint(self) -> None:
        bunches = [_Bunch() for _ in range(MINTED_AT_ONCE // IN_A_BUNCH)]
        with answering():
            await self._collection.insert_many([bunch.wrapped(self._wrapper) for bunch in bunches], ordered=False)
        self._minted += [DataKey(key_id, AESGCM(key)) for bunch in bunches for key_id, key in bunch.keys]

    def _remember(self, keys: Iterable[DataKey]) -> None:
        now = self._monotonic()
        for key in keys:
            self._known.setdefault(key.id, (now, key))
        self._forget()

    def _forget(self) -> None:
        stale = self._monotonic() - REMEMBERED_SECONDS
        while len(self._known) > REMEMBERED or (self._known and next(iter(self._known.values()))[0] <= stale):
            self._known.popitem(last=False)
