"""Events per second that one service with a real handler gets through, beside a consumer that takes one at a time.

Both find the same events in their queue when they are let go: what intake, routing and feedback say of new complaints.
Redress' services send several events in one message when they are busy, so that is how ours finds them; how it does
when each comes alone is measured too (`single`).
"""

import os
import secrets
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pamqp.commands import Basic

from bench.baseline import EXCHANGE, Event
from bench.ground import Ground, Stage
from bench.measure import Figures, Plan, by_turns, cpu_ms, named
from bench.payload import complaint
from bench.watch import Broker, drained, must_be_alive, outboxes_empty, queues_of
from shared.bus import wire
from shared.bus.publisher import MOST_IN_ONE
from shared.bus.sending import confirmed
from shared.bus.topology import EVENTS
from shared.clock import now
from shared.contracts.event import Event as Fact
from shared.contracts.feedback import ReceiptDelivered
from shared.contracts.intake import ComplaintRegistered, SealedComplainant
from shared.contracts.routing import CaseRouted
from shared.document import Outgoing
from shared.ids import ulid
from shared.privacy import DataKey, seal

PER_SECOND, SINGLE_PER_SECOND, PLAIN_PER_SECOND = 3000, 1500, 500
"""About what each side manages, so that their rounds take about the same time."""
KINDS = (ComplaintRegistered, CaseRouted, ReceiptDelivered)
PLAIN_QUEUE, PLAIN_SAYS = "plain.sla", "sla.target-set"
COLLECTED = "bench.said"


async def measure(ground: Ground, plan: Plan) -> Figures:
    """The sla service, and one plain consumer."""
    async with ground.stage("consumer") as ours, ground.stage("consumer-plain") as plain:
        await ours.redress("sla")
        await plain.plain_consumer(PLAIN_QUEUE, "complaint.registered", PLAIN_SAYS)
        async with Broker(ours) as broker, Broker(plain) as plain_broker:
            await broker.collect(COLLECTED, EVENTS, ["sla.#"])
            await plain_broker.collect(COLLECTED, EXCHANGE, [PLAIN_SAYS])
            sides = (
                partial(consume, ours, broker, MOST_IN_ONE, round(plan.seconds * PER_SECOND)),
                partial(consume, ours, broker, 1, round(plan.seconds * SINGLE_PER_SECOND)),
                partial(consume_plain, plain, plain_broker, round(plan.seconds * PLAIN_PER_SECOND)),
            )
            batched, single, baseline = await by_turns(plan, "consumer", *sides)
            await must_be_alive(broker, ["sla"])
    return {
        "consumer_ratio": batched["per_s"] / baseline["per_s"],
        "consumer_single_ratio": single["per_s"] / baseline["per_s"],
        **named("consumer", batched),
        **named("consumer_single", single),
        **named("consumer_baseline", baseline),
    }


async def consume(stage: Stage, broker: Broker, together: int, count: int) -> Figures:
    """One round: about `count` events, `together` in a message, until they and what they led to are done with."""
    service = stage.programs["sla"]
    service.pause()
    sent = 0
    for batch in _batches(count, together):
        await confirmed(broker.channel, *_message(batch))
        sent += len(batch)
    before, began = stage.cpu(), time.monotonic()
    service.resume()
    idle = await drained(stage, broker, queues_of("sla"))
    await outboxes_empty(stage, ["sla"])
    spent = cpu_ms(before, stage.cpu(), sent)
    await broker.channel.queue_purge(COLLECTED)
    return {"per_s": sent / (idle - began)} | spent


async def consume_plain(stage: Stage, broker: Broker, count: int) -> Figures:
    """The same for the plain consumer; nobody else listens to what it says."""
    program = stage.programs[PLAIN_QUEUE]
    program.pause()
    sent = 0
    for batch in _batches(count, 1):
        data = Event(number=batch[0].number, data=orjson.loads(batch[0].data))
        properties = Basic.Properties(message_id=ulid(), delivery_mode=2)
        await confirmed(broker.channel, data.model_dump_json().encode(), "", PLAIN_QUEUE, properties)
        sent += 1
    before, began = stage.cpu(), time.monotonic()
    program.resume()
    idle = await drained(stage, broker, [PLAIN_QUEUE])
    return {"per_s": sent / (idle - began)} | cpu_ms(before, stage.cpu(), sent)


def _message(batch: Sequence[Outgoing]) -> tuple[bytes, str, str, Basic.Properties]:
    """Body, exchange, key and properties, as the services publish them."""
    first = batch[0]
    if len(batch) == 1:
        return first.data.encode(), first.exchange, first.key, wire.properties(first, "bench")
    properties = Basic.Properties(content_type=wire.BATCH, message_id=ulid(), delivery_mode=2)
    return wire.batch(batch, "bench"), first.exchange, first.key, properties


def _batches(count: int, together: int) -> Iterator[list[Outgoing]]:
    """Messages about new complaints, three events for each, the kinds by turns as the services would send them."""
    run = secrets.token_hex(3).upper()
    for start in range(0, count // len(KINDS), MOST_IN_ONE):
        numbers = [f"SQ-{run}-{serial:06d}" for serial in range(start, start + MOST_IN_ONE)]
        for kind in KINDS:
            events = [Outgoing.of(_fact(kind, number), number, now(), "") for number in numbers]
            yield from (events[first : first + together] for first in range(0, len(events), together))


def _fact(kind: type[Fact], number: str) -> Fact:
    if kind is ComplaintRegistered:
        return _registered(number)
    if kind is ReceiptDelivered:
        return ReceiptDelivered(via="console", at=now() + timedelta(seconds=1))
    return CaseRouted(
        category="product", severity="general", priority="normal", department="quality", confidence=0.9,
        because=["product: 内胆 涂层 脱落", "service: 客服 冷淡"],
    )  # fmt: skip


def _registered(number: str) -> ComplaintRegistered:
    key, told = DataKey(ulid(), AESGCM(os.urandom(32))), complaint(int(number.rpartition("-")[2]))
    return ComplaintRegistered(
        channel="hotline",
        regulation="service-quality",
        regulation_version="1",
        received_at=now(),
        subject_line=told["subject_line"],
        narrative=seal(told["narrative"], key, number),
        complainant=SealedComplainant(sealed=seal(str(told["complainant"]), key, number)),
    )
