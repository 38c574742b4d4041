"""The alarm clock of a service: rings what has fallen due, oldest first, down the same commit path as any message.

One replica at a time walks the alarms, whichever the broker gives the tick to. If two should do so for a moment, the
version guard lets each alarm have its effect once. What a new document wants done at once is done before it is written
for the first time, by whoever writes it.
"""

import asyncio
import math
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile
from time import monotonic
from typing import Any

import structlog

from shared.aggregate import Aggregate
from shared.clock import Clock
from shared.document import Document, Step, in_place
from shared.errors import NotYet, Unavailable
from shared.handling import AlarmHandler, Context, Effect, Subscriptions
from shared.processor import Prepare, commit
from shared.repository import Repository
from shared.telemetry import ALARM_LATENESS

log = structlog.get_logger(__name__)

AT_ONCE = 500
"""Alarms rung in one batch."""
EFFECTS_AT_ONCE = 50
"""Letters and the like of one batch under way at the same time."""
MARGIN = timedelta(seconds=15)
"""How far the lower bound stays behind: more than the clocks of two replicas differ, and a commit takes."""
RESCAN = timedelta(seconds=60)
"""How often everything is looked at without a lower bound: whatever was armed in the past."""
SOON = timedelta(seconds=1)
"""When an alarm rings again that needed something not known here yet, such as a pack just entered elsewhere, or that
wants to ring again at once."""
POSTPONED = timedelta(seconds=30)
"""When an alarm that failed rings again."""
AT_FIRST_SECONDS = 1.0
"""How long effects of new documents are begun before their first write; those that are not wait for the tick."""
MOST_TRIED = 10_000
"""New documents of which it is remembered that they have been tried."""


class Alarms:
    """Rings one service's alarms; `walk` is called on every tick."""

    def __init__(
        self, name: str, repository: Repository[Any], subscriptions: Subscriptions, prepare: Prepare, clock: Clock
    ) -> None:
        self._repository, self._subscriptions = repository, subscriptions
        self._lateness = ALARM_LATENESS.labels(name)
        self._prepare, self._clock = prepare, clock
        self._tried: set[str] = set()
        self._since: datetime | None = None
        self._rescanned: datetime | None = None

    async def walk(self) -> int:
        """Ring everything that is due by now; returns how many rang.

        The walk begins at a lower bound that follows the clock, because what stands before it in the index are the
        tombstones of alarms already rung, which an idle look would wade through every time.
        """
        now = self._clock()
        if not self._looked_recently(now):
            self._since, self._rescanned = None, now
        rung = 0
        while due := await self._repository.due(now, self._since, AT_ONCE):
            rung += await self._ring(due, now)
            if len(due) < AT_ONCE:
                break
        self._since = now - MARGIN
        return rung

    async def ring_new(self, documents: Sequence[Document[Any]], context: Context[Any]) -> None:
        """Ring the new ones among these documents whose effect can be had at once: that spares a second write.

        What is there already waits for the tick, because others may be changing it, and only what is written counts.
        Each is tried once: a database that takes no writes must not have the same letter sent again and again.
        """
        if not self._subscriptions.at_once:
            return
        new = (document for document in documents if document.loaded.state is None and document.key not in self._tried)
        due = [document for document in new if _is_due(document.aggregate, context.now)]
        if len(self._tried) > MOST_TRIED:
            self._tried.clear()
        self._tried.update(document.key for document in due)
        await self._ring_side_by_side(due, context, monotonic() + AT_FIRST_SECONDS)

    def _looked_recently(self, now: datetime) -> bool:
        """Whether everything was looked at not long ago; never where the clock has fallen back behind that look."""
        return self._rescanned is not None and timedelta() <= now - self._rescanned <= RESCAN

    async def _ring(self, due: Sequence[Document[Any]], since: datetime) -> int:
        context = await self._prepare(due, ())
        # What a walk has found due stays due: were its clock to fall back meanwhile, it would never come to an end.
        context = replace(context, now=max(context.now, since))
        ring = self._ring_side_by_side if self._subscriptions.effect else self._ring_in_turn
        rung = await ring(due, context)
        await commit(self._repository, due)
        for document in due:
            if document.refused:
                log.error("alarm_failed", document=document.key, error=document.refused)
                await self._repository.postpone(document, context.now + POSTPONED)
        return rung

    async def _ring_side_by_side(
        self, due: Sequence[Document[Any]], context: Context[Any], latest: float = math.inf
    ) -> int:
        """Ring them, begun by `latest` (monotonic), each as soon as there is a place; returns how many rang.

        A place is for one after the other: an effect that need not wait for anything needs no task of its own.
        """
        waiting = takewhile(lambda _: monotonic() < latest, due)
        return sum(await asyncio.gather(*(self._ring_in_turn(waiting, context) for _ in due[:EFFECTS_AT_ONCE])))

    async def _ring_in_turn(self, due: Iterable[Document[Any]], context: Context[Any]) -> int:
        return sum([await self._ring_one(document, context) for document in due])

    async def _ring_one(self, document: Document[Any], context: Context[Any]) -> bool:
        try:
            if document.broken:
                raise document.broken
            if effect := self._subscriptions.effect:
                await self._act(effect, document, context)
            if (alarm := self._subscriptions.alarm) and _is_due(document.aggregate, context.now):
                document.apply(Step(partial(_sound, alarm=alarm, context=context), context.now))
            if _is_due(document.aggregate, context.now):  # again at once: not in this walk, so that it comes to an end
                document.apply(_not_before(context.now + SOON, context.now))
        except NotYet as early:
            log.info("alarm_too_early", document=document.key, reason=str(early))
            await self._postpone(document, context.now, SOON)
            return False
        except Exception as error:
            log.error("alarm_failed", document=document.key, exc_info=error)
            await self._postpone(document, context.now, POSTPONED)
            return False
        self._lateness.observe((context.now - (document.loaded.alarm_at or context.now)).total_seconds())
        return True

    async def _postpone(self, document: Document[Any], now: datetime, by: timedelta) -> None:
        """Ring again later; what the effect noted before the failure is kept."""
        until = now + by
        if document.changed:
            document.apply(_not_before(until, now))
            return
        with suppress(Unavailable):  # then it rings again at the next tick
            await self._repository.postpone(document, until)

    async def _act(self, effect: Effect, document: Document[Any], context: Context[Any]) -> None:
        note = await effect(document.aggregate, context)
        document.apply(Step(note, context.now))


def _is_due(aggregate: Aggregate | None, now: datetime) -> bool:
    return aggregate is not None and aggregate.alarm_at is not None and aggregate.alarm_at <= now


def _sound(aggregate: Aggregate, *, alarm: AlarmHandler, context: Context[Any]) -> Aggregate:
    """Ring, unless it is no longer due: another replica may have been quicker, and this step is taken again."""
    if _is_due(aggregate, context.now):
        alarm(aggregate, context)
    return aggregate


def _not_before(until: datetime, now: datetime) -> Step[Any]:
    """What is due now rings no earlier than `until`."""
    return Step(in_place(lambda aggregate: aggregate.wake_at(until) if _is_due(aggregate, now) else None), now)
