"""The smallest service there can be, to try the core out with: it counts steps, and stumbles where it is told to."""

from collections.abc import Callable
from typing import Any

from shared.aggregate import Aggregate
from shared.contracts.intake import ComplaintLinked, ComplaintRegistered
from shared.contracts.routing import CaseProgressed
from shared.contracts.values import Instant
from shared.handling import Context, Subscriptions
from shared.service import Service
from shared.settings import Settings

SAID = ComplaintLinked.kind()
"""The type of the event that a tally records for each step."""


class Tally(Aggregate):
    """The steps that were heard of, and the alarms that rang."""

    steps: list[str] = []
    acted: list[Instant] = []
    rung: list[Instant] = []
    ballast: str = ""

    def count(self, step: str) -> None:
        """Take a step, and say so."""
        self.steps.append(step)
        self.record(ComplaintLinked(to=step, likeness=1.0))


Trouble = Callable[[Tally, Context[Any]], None]
Troubles = dict[str, Trouble]
"""What happens at steps of certain names, and at `begin`, `alarm` and `effect`; a test changes it as it goes."""


def on_registered(tally: Tally | None, event: ComplaintRegistered, context: Context[Troubles]) -> Tally:
    """Begin, unless there is trouble with it."""
    if tally is None:
        tally = Tally(number=event.number)
        _meet_trouble("begin", tally, context)
    return tally


def on_progressed(tally: Tally, event: CaseProgressed, context: Context[Troubles]) -> None:
    """Take the step, unless there is trouble with it."""
    _meet_trouble(event.step, tally, context)
    tally.count(event.step)


def on_alarm(tally: Tally, context: Context[Troubles]) -> None:
    """Note that it rang, and be silent from then on."""
    _meet_trouble("alarm", tally, context)
    tally.rung.append(context.now)
    tally.record(ComplaintLinked(to="alarm", likeness=1.0))
    tally.wake_at()


async def act(tally: Tally, context: Context[Troubles]) -> Callable[[Tally], Tally]:
    """Act on the outside world, unless there is trouble, and note it."""
    _meet_trouble("effect", tally, context)

    def note(tally: Tally) -> Tally:
        tally.acted.append(context.now)
        return tally

    return note


def _meet_trouble(name: str, tally: Tally, context: Context[Troubles]) -> None:
    trouble = context.kit.get(name) or context.kit.get(f"{name} {tally.number}")
    if trouble:
        trouble(tally, context)


def raising(error: Exception) -> Trouble:
    """The trouble of an error."""

    def trouble(_: Tally, __: Context[Any]) -> None:
        raise error

    return trouble


TALLY = Service(
    name="sla",  # a name that the operators' commands know
    title="Counts.",
    settings=Settings,
    collection="tallies",
    subscriptions=Subscriptions(
        Tally,
        events={ComplaintRegistered: on_registered, CaseProgressed: on_progressed},
        creates=frozenset({ComplaintRegistered}),
        alarm=on_alarm,
        effect=act,
        at_once=True,
    ),
    routes=[],
    kit=lambda _: {},
)
