"""The connection to MongoDB, for services and for operators' commands."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC
from typing import Any, TypeAlias, TypeVar, overload

from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo import AsyncMongoClient, WriteConcern
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import ConnectionFailure, OperationFailure
from pymongo.read_concern import ReadConcern

from shared.errors import Unavailable
from shared.settings import Settings

Client: TypeAlias = AsyncIOMotorClient[Any]
Database: TypeAlias = AsyncIOMotorDatabase[Any]
Documents: TypeAlias = AsyncIOMotorCollection[Any]

Direct: TypeAlias = AsyncMongoClient[Any]
DirectDatabase: TypeAlias = AsyncDatabase[Any]
DirectDocuments: TypeAlias = AsyncCollection[Any]

C = TypeVar("C", Documents, DirectDocuments)

SELECTION_MS = 3_000
"""How long a question waits for a server that could answer it, in milliseconds."""
SOCKET_MS = 15_000
"""How long an answer may take, in milliseconds."""
MOST_CONNECTIONS = 50
CONFIRM_MS = 10_000
"""How long the other nodes may take to confirm a write, in milliseconds."""


_OPTIONS: dict[str, Any] = {
    "tz_aware": True,
    "tzinfo": UTC,  # as the models have it: the driver's own is a class in Python, asked at each comparison
    "serverSelectionTimeoutMS": SELECTION_MS,
    "socketTimeoutMS": SOCKET_MS,
    "maxPoolSize": MOST_CONNECTIONS,
}


def connect(settings: Settings) -> Client:
    """A client of the MongoDB that the settings name; it connects when it is first asked, and times come in UTC."""
    return AsyncIOMotorClient(settings.mongodb_url.get_secret_value(), **_OPTIONS)


def connect_directly(settings: Settings) -> Direct:
    """A client that speaks to MongoDB on the event loop itself, for what every change needs (decision 0014).

    Motor has each command carried out by a thread, which a busy loop seldom lets have the interpreter.
    """
    return AsyncMongoClient(settings.mongodb_url.get_secret_value(), **_OPTIONS)


@overload
def database_of(client: Client, settings: Settings, name: str) -> Database: ...
@overload
def database_of(client: Direct, settings: Settings, name: str) -> DirectDatabase: ...
def database_of(client: Client | Direct, settings: Settings, name: str) -> Database | DirectDatabase:
    """The database of a service, or of the vault."""
    return client[f"{settings.database_prefix}_{name}"]


def by_majority(collection: C) -> C:
    """The same collection, of which only that is written, and is there to be read, which a majority of the nodes has.

    Whatever a primary has alone is gone when another one takes its place. Who saw it and acted on it (a message that
    seems to be handled already, one that seems to change nothing) would have acted on what never was.
    """
    return collection.with_options(
        read_concern=ReadConcern("majority"), write_concern=WriteConcern("majority", wtimeout=CONFIRM_MS)
    )


@asynccontextmanager
async def opened(settings: Settings, name: str) -> AsyncIterator[Database]:
    """The database of a service while the block runs. Raises `Unavailable` where it does not answer, or refuses to."""
    client = connect(settings)
    try:
        yield database_of(client, settings, name)
    except ConnectionFailure as error:
        raise Unavailable("The database does not answer: is it up, and REDRESS_MONGODB_URL right?") from error
    except OperationFailure as error:
        raise Unavailable(f"The database refuses: {(error.details or {}).get('errmsg', error)}") from error
    finally:
        client.close()


def value_at(raw: Mapping[str, Any], path: str) -> Any:
    """What a stored document holds under a dotted path, such as `state.number`."""
    value: Any = raw
    for part in path.split("."):
        value = value[part]
    return value
