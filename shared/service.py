"""A service on one page, and what it is when it runs: its documents, its bus, its alarms, its HTTP face."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Generic, TypeVar, cast

import structlog
from aiohttp import web
from pymongo.errors import PyMongoError

from shared import clock as wall
from shared.aggregate import Aggregate
from shared.alarms import Alarms
from shared.bus import Bus, Topology
from shared.bus.consumer import Decode, Patience
from shared.clock import Clock
from shared.contracts.event import Event, Message
from shared.database import connect, connect_directly, database_of
from shared.document import Document, Step, in_place
from shared.ending import ended
from shared.errors import Conflict, Unavailable
from shared.group_commit import GroupCommit, Make
from shared.handling import Context, Subscriptions
from shared.identity import ChannelLookup, Identity
from shared.policies import POLICIES, Policies
from shared.privacy import Keyring, Tokens, is_sealed, key_id_of
from shared.processor import RACES, Processor
from shared.regulations import PackFolder, RegulationError, Regulations, load_regulations
from shared.repository import Repository
from shared.rounds import Rounds
from shared.settings import Settings
from shared.telemetry import SWEPT, service_name, traceparent
from shared.vault import Vault
from shared.web import Route, mount
from shared.worktime import calendar_named

log = structlog.get_logger(__name__)

A = TypeVar("A", bound=Aggregate)

Index = tuple[Sequence[tuple[str, int]], Mapping[str, Any]]
"""Keys with directions, and options, of one MongoDB index."""


@dataclass(frozen=True)
class Service:
    """What a service is: the one value at the heart of each `app.py`.

    `collection` names where its documents lie; `queues` are read besides its own, each with how it is decoded;
    `feeds_departments` sees to the departments' queues; `opens_sealed` says that message handlers, too, open sealed
    values (alarms and commands always may); `kit` makes what its handlers need beyond the core (a classifier, a
    messenger); `channels` looks up channel keys; `rounds` are what the leader does beside ringing alarms, every tick;
    `beside` is what every replica does beside its messages, for ever.
    """

    name: str
    title: str
    settings: type[Settings]
    collection: str
    subscriptions: Subscriptions
    routes: Sequence[Route]
    indexes: Sequence[Index] = ()
    queues: Mapping[str, Decode] = field(default_factory=dict)
    feeds_departments: bool = False
    opens_sealed: bool = False
    kit: Callable[["Running[Any]"], Any] = lambda _: None
    channels: Callable[["Running[Any]"], ChannelLookup] | None = None
    rounds: Sequence[Callable[["Running[Any]"], Awaitable[None]]] = ()
    beside: Sequence[Callable[["Running[Any]"], Coroutine[Any, Any, None]]] = ()


class Running(Generic[A]):
    """A service that runs: what its HTTP handlers and its operators get hold of."""

    def __init__(
        self, service: Service, settings: Settings, *, clock: Clock = wall.now, regulations: Regulations | None = None
    ) -> None:
        self.service, self.settings, self.clock = service, settings, clock
        self.tokens = Tokens(settings.master_key_bytes)
        self._client, self._direct = connect(settings), connect_directly(settings)
        self.database = database_of(self._client, settings, service.name)
        self.direct = database_of(self._direct, settings, service.name)
        """The same database, asked on the loop itself: for what every change needs."""
        self.vault = Vault(database_of(self._direct, settings, "vault")["keys"], settings.master_key_bytes)
        folder, known = PackFolder(settings.regulations), regulations or load_regulations()
        self.policies = Policies(database_of(self._client, settings, POLICIES), known, folder, self._make_way)
        self.neighbours: Sequence[Service] = (service,)
        """Every service whose queues this one sees to, itself among them."""
        self.bus = Bus(settings.amqp_url.get_secret_value(), self.topology_of(service), _patience(settings))
        self.repository: Repository[A] = Repository(
            self.database[service.collection],
            cast("type[A]", service.subscriptions.aggregate),
            self.bus.publisher,
            self.direct.command,
        )
        self.bus.publisher.settle = self.repository.settle
        self.repository.hurry = self.bus.hurry
        self._group = GroupCommit(self.repository)
        self._tasks: list[asyncio.Task[Any]] = []
        self.leaving: list[Callable[[], Awaitable[None]]] = []
        """What is told first when the service stops: answers that have no end of their own, to come to one."""
        self.closing = AsyncExitStack()
        """What has to be seen to when the service stops, in reverse order."""
        self.closing.push_async_callback(self._disconnect)
        self.kit = service.kit(self)
        self._wire()

    @property
    def regulations(self) -> Regulations:
        """The packs in force now; take them once, and they stay one consistent set."""
        return self.policies.regulations

    @cached_property
    def identity(self) -> Identity:
        """Tells who is calling this service."""
        lookup = self.service.channels(self) if self.service.channels else None
        return Identity(self.settings, self.tokens, lookup)

    async def context(self, *documents: Document[A]) -> Context[Any]:
        """The context of a command on these documents, with their keys where the service opens sealed values."""
        return await self._prepare(documents)

    async def save(self, document: Document[A]) -> bool:
        """Commit one document together with whatever others are committing; False where it lost a race."""
        return (await self._group.write(lambda: document))[1]

    async def enter(self, make: Make[A]) -> tuple[Document[A], bool]:
        """Make and commit a new document together with others; the document, and whether there was none before."""
        return await self._group.write(make)

    async def change(self, number: str, command: Callable[[A, Context[Any]], object]) -> A:
        """Load the aggregate of a complaint, let `command` change it, commit; again if somebody else was quicker.

        Raises `NotFound`, `Conflict`, `Unavailable`, and whatever the command raises.
        """
        for _ in range(RACES):
            document = await self.repository.get(number)
            context = await self.context(document)
            document.apply(_step(command, context))
            if await self.save(document):
                return document.present
        raise Conflict(f"Others keep changing {number}; please try again.")

    async def start(self) -> None:
        """Begin: commits first, then indexes and policies as soon as the database answers, then the bus.

        Raises RegulationError for a wrong pack in the operators' folder.
        """
        service_name.set(self.service.name)
        self._begin(self._group.run(), self._group.run())
        await self._database_prepared()
        await asyncio.to_thread(calendar_named("cn").is_working_day, self.clock().date())  # the first answer takes long
        await self._make_way(self.regulations)
        works = [work(self) for work in self.service.beside]
        self._begin(self.bus.publisher.run(), self.bus.run(), self._follow_policies(), *works)
        log.info("service_started", service=self.service.name)

    def _begin(self, *works: Coroutine[Any, Any, None]) -> None:
        self._tasks += [asyncio.create_task(work) for work in works]

    async def stop(self) -> None:
        """Stop in reverse: no more messages, what is in hand finished and published, connections closed."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.bus.drain(), self.settings.drain_seconds)
        await ended(self._tasks[::-1])
        await self.closing.aclose()
        log.info("service_stopped", service=self.service.name)

    async def ready(self) -> dict[str, bool]:
        """Whether the database answers and the queue has our consumer."""
        return {"database": await self._database_answers(), "queue": self.bus.ready}

    async def sweep(self) -> int:
        """Hand the publisher what a crash or an outage left in the outboxes; returns how many messages."""
        swept = 0
        async with aclosing(self.repository.unpublished(self.clock() - self.settings.sweep_after)) as left:
            async for document_id, messages in left:
                if not self.bus.publisher.has_room:
                    break
                swept += self.bus.publisher.offer([(document_id, message) for message in messages])
        if swept:
            SWEPT.labels(self.service.name).inc(swept)
            log.info("outbox_swept", messages=swept)
        return swept

    def mount(self, app: web.Application) -> None:
        """Add the service's HTTP face to an application, under its prefix."""
        mount(app, self, self.service.routes)
        app.on_shutdown.append(self._leave)

    def topology_of(self, service: Service, regulations: Regulations | None = None) -> Topology:
        """What a service has on the broker; our own, or that of one that may start later and must not miss anything."""
        packs = regulations or self.regulations
        return Topology(
            service=service.name,
            events=[kind.kind() for kind in service.subscriptions.events if issubclass(kind, Event)],
            retired=[kind.kind() for kind in service.subscriptions.retired],
            queues=list(service.queues),
            departments=packs.departments() if service.feeds_departments else (),
            delays=self.settings.retry_delays,
        )

    def _wire(self) -> None:
        self.alarms = Alarms(self.service.name, self.repository, self.service.subscriptions, self._prepare, self.clock)
        processor = Processor(self.repository, self.service.subscriptions, self._prepare, self.alarms.ring_new)
        self.bus.feed(self.service.name, processor.handle)
        for queue, decode in self.service.queues.items():
            self.bus.feed(queue, processor.handle, decode)
        self._rounds = Rounds([partial(walk, self) for walk in self.service.rounds])
        self.closing.push_async_callback(self._rounds.stop)
        self.bus.every_tick(self._tick, self.settings.tick.total_seconds())

    async def _leave(self, _: web.Application) -> None:
        for leave in self.leaving:
            await leave()

    async def _tick(self) -> None:
        await self.sweep()
        await self.alarms.walk()
        self._rounds.begin()

    async def _prepare(self, documents: Sequence[Document[Any]], messages: Sequence[Message] = ()) -> Context[Any]:
        keys = _key_ids(documents, messages) if self.service.opens_sealed or not messages else set()
        keyring = await self.vault.unlock(keys) if keys else Keyring()
        return Context(self.clock(), self.regulations, keyring, self.tokens, self.kit)

    async def _make_way(self, regulations: Regulations) -> None:
        """See to the queues of every department that these packs name, before anything is sent there."""
        await self.bus.declare_too([self.topology_of(one, regulations) for one in self.neighbours])

    async def _follow_policies(self) -> None:
        """Take in new calendars and packs, for ever."""
        while True:
            await asyncio.sleep(self.settings.look_every.total_seconds())
            try:
                await self.policies.look()
            except RegulationError as error:
                log.error("regulations_not_loaded", mistakes=list(error.mistakes))
            except Exception as error:
                log.warning("policies_not_seen", error=repr(error))

    async def _database_prepared(self) -> None:
        """Wait for a database that answers, with every index, and take in the policies that it holds."""
        pause = 0.5
        while True:
            try:
                await self._create_indexes()
                await self.policies.look()
                return
            except (PyMongoError, Unavailable) as error:
                log.warning("database_not_ready", service=self.service.name, error=str(error), again_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    async def _create_indexes(self) -> None:
        await self.repository.create_indexes()
        for keys, options in self.service.indexes:
            await self.repository.collection.create_index(list(keys), **options)

    async def _disconnect(self) -> None:
        """Say goodbye to the database: for both clients at once, since one that hangs is waited for."""
        await asyncio.gather(asyncio.to_thread(self._client.close), self._direct.close())

    async def _database_answers(self) -> bool:
        try:
            async with asyncio.timeout(2):
                await asyncio.gather(self.database.command("ping"), self.direct.command("ping"))
        except (PyMongoError, TimeoutError):
            return False
        return True


def _step(command: Callable[[A, Context[Any]], object], context: Context[Any]) -> Step[A]:
    return Step(in_place(lambda aggregate: command(aggregate, context)), context.now, traceparent=traceparent.get())


def _patience(settings: Settings) -> Patience:
    return Patience(attempts=settings.attempts, batch=settings.batch_size, linger=settings.batch_linger.total_seconds())


def _key_ids(documents: Sequence[Document[Any]], messages: Sequence[Message]) -> set[str]:
    """The keys of these complaints: one each, which the aggregate remembers; for a new one its first message tells."""
    states = [document.loaded.state for document in documents if document.loaded.state]
    known = {state["number"]: state.get("key_id") for state in states}
    keys = {key for key in known.values() if key}
    for message in messages:
        if not known.get(message.number):
            keys.update(map(key_id_of, filter(is_sealed, vars(message).values())))
    return keys
