"""Messages for the smallest service, and what becomes of them: steps taken, or dead letters."""

import json
from itertools import count
from typing import Any

from shared.bus.dead import DeadLetter, letters
from shared.contracts.event import Message
from shared.contracts.routing import CaseProgressed
from shared.testing.builders import a_number, outgoing
from tests.core.tally import TALLY
from tests.harness import Site, Town, eventually, redress

SERVICE = TALLY.name
_sequence = count(1)


def a_fresh_number() -> str:
    """The number of a complaint that nobody knows yet."""
    return a_number(next(_sequence))


async def steps_of(town: Town, number: str) -> list[str]:
    document = await town.state(SERVICE, number)
    return document["state"]["steps"] if document else []


async def takes(town: Town, number: str, *steps: str) -> None:
    """Wait until just these steps have been taken."""

    async def taken() -> bool:
        return sorted(await steps_of(town, number)) == sorted(steps)

    await eventually(taken)


async def dead(site: Site, of: str) -> DeadLetter:
    """The one dead letter whose text or reason has these words in it."""

    async def found() -> list[DeadLetter]:
        return [one for one in await letters(site.amqp_url, SERVICE) if of in f"{one.number} {one.reason} {one.body}"]

    (letter,) = await eventually(found)
    return letter


def step(name: str) -> CaseProgressed:
    return CaseProgressed(step=name)


def event(message: Message, number: str, **changes: Any) -> dict[str, Any]:
    """The message as one element of a batch, as JSON has it."""
    one = outgoing(message, number)
    attributes = {"specversion": "1.0", "id": one.id, "source": "/redress/test", "type": one.type, "subject": number,
                  "time": one.time, "data": json.loads(one.data)}  # fmt: skip
    return {name: value for name, value in (attributes | changes).items() if value is not ...}


async def empty_dead_queue(site: Site) -> None:
    assert (await redress(site, "dead", "drop", SERVICE, "--all")).exit_code == 0
    assert not await letters(site.amqp_url, SERVICE)
