"""The vault gives every key it is asked for, however few it can keep in mind."""

import secrets
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from shared import vault as vaults
from shared.database import DirectDocuments
from shared.errors import Fault
from shared.privacy import seal
from shared.testing.clocks import SetClock
from shared.vault import Vault

NUMBER = "SQ-20261123-00017E"
MASTER_KEY = secrets.token_bytes(32)


@pytest.fixture
async def keys(mongodb_url: str, database_prefix: str) -> AsyncIterator[DirectDocuments]:
    client: AsyncMongoClient[Any] = AsyncMongoClient(mongodb_url)
    yield client[f"{database_prefix}_vault"]["keys"]
    await client.close()


@pytest.fixture
def vault(keys: DirectDocuments) -> Vault:
    return Vault(keys, MASTER_KEY)


async def test_all_keys_of_a_batch_are_unlocked_even_when_they_are_more_than_are_remembered(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vaults, "REMEMBERED", 5)
    keys = [await vault.new_key() for _ in range(12)]
    sealed = [seal("the narrative", key, NUMBER) for key in keys]

    keyring = await vault.unlock([key.id for key in keys])

    assert [keyring.open(value, NUMBER) for value in sealed] == ["the narrative"] * 12


async def test_what_a_shredded_key_has_sealed_can_never_be_read_again(vault: Vault) -> None:
    key, beside = await vault.new_key(), await vault.new_key()
    sealed, kept = seal("the narrative", key, NUMBER), seal("another one", beside, NUMBER)

    await vault.shred(key.id)

    keyring = await vault.unlock([key.id, beside.id])
    assert keyring.open(kept, NUMBER) == "another one"
    with pytest.raises(Fault, match="destroyed"):
        keyring.open(sealed, NUMBER)


async def test_to_shred_what_was_never_kept_is_an_error_and_to_shred_twice_is_none(vault: Vault) -> None:
    key = await vault.new_key()
    await vault.shred(key.id)
    await vault.shred(key.id)

    with pytest.raises(LookupError, match="never kept"):
        await vault.shred("0" * 26)


async def test_no_two_bunches_of_keys_have_the_same_ids(vault: Vault) -> None:
    keys = [await vault.new_key() for _ in range(vaults.MINTED_AT_ONCE + 1)]

    assert len({key.id for key in keys}) == len(keys)


@pytest.mark.parametrize(("after", "opens"), [(59, True), (61, False)])
async def test_a_key_that_another_process_has_shredded_opens_nothing_after_a_minute(
    vault: Vault, keys: DirectDocuments, after: int, opens: bool
) -> None:
    clock = SetClock()
    elsewhere = Vault(keys, MASTER_KEY, lambda: clock().timestamp())
    key = await vault.new_key()
    await elsewhere.unlock([key.id])
    await vault.shred(key.id)

    clock.advance(seconds=after)

    keyring = await elsewhere.unlock([key.id])
    assert bool(keyring.person(seal('{"name": "amy"}', key, NUMBER), NUMBER)) is opens
