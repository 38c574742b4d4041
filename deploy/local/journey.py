"""One complaint's journey: who takes part in it, and what they can wait for."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from deploy.local.desk import Desk
from deploy.local.installation import Installation
from deploy.local.news import News
from deploy.local.telling import told
from deploy.local.visitor import Visitor
from deploy.local.witness import Witness
from shared.contracts.departments import WorkOrder

PATIENCE = 5.0
"""Seconds that anything may take beyond what the regulation's deadlines ask for."""


class StepFailed(Exception):
    """A step of the journey did not happen, or not as promised; the text says what was seen instead."""


def check(holds: object, what: str, seen: object = "") -> None:
    """Raises `StepFailed` where what should hold does not."""
    if not holds:
        raise StepFailed(f"It does not hold that {what}. Seen: {seen}" if seen else f"It does not hold that {what}.")


@dataclass
class Journey:
    """One complaint on its way; `orders` are the work orders that the department has taken from its queue."""

    installation: Installation
    visitor: Visitor
    witness: Witness
    desk: Desk
    channel_key: str
    number: str = ""
    token: str = ""
    orders: list[WorkOrder] = field(default_factory=list)
    news: News = field(default_factory=News)

    async def hear(self, kind: Any, fits: Callable[[Any], bool] = lambda _: True) -> Any:
        """The event of a kind about this complaint. Raises `StepFailed` where it does not come."""
        try:
            return await self.witness.hears(self.number, kind, within=PATIENCE, fits=fits)
        except TimeoutError as error:
            heard = "; ".join(told(event) for event in self.witness.story(self.number)) or "nothing"
            raise StepFailed(f"{kind.kind()} did not come within {PATIENCE:g} s. Heard so far: {heard}.") from error

    async def order(self, level: int) -> WorkOrder:
        """The work order with a level of supervision. Raises `StepFailed` where none is in the queue."""
        try:
            return await self.news.until(
                lambda: next((order for order in self.orders if order.escalation_level == level), None), within=PATIENCE
            )
        except TimeoutError as error:
            levels = [order.escalation_level for order in self.orders]
            raise StepFailed(f"No work order of level {level} within {PATIENCE:g} s, only of {levels}.") from error

    async def link(self, letter: str) -> str:
        """The path that the link in a letter leads to. Raises `StepFailed` where the letter does not come."""
        try:
            link = await self.installation.letterbox.link(self.number, letter, within=PATIENCE)
        except TimeoutError as error:
            raise StepFailed(f"The letter {letter} did not come within {PATIENCE:g} s.") from error
        return link.removeprefix(self.installation.url)

    def staff(self, role: str) -> str:
        """A token for a member of staff of the department."""
        return self.installation.staff_token("demo", role, department=self.desk.department)


@asynccontextmanager
async def attended(journey: Journey) -> AsyncIterator[None]:
    """Have somebody at the department's desk who takes every work order from the queue."""

    async def take_orders() -> None:
        async for order, message in journey.desk.orders():
            journey.orders.append(order)
            journey.news.arrived()
            await message.ack()

    taking = asyncio.create_task(take_orders())
    try:
        yield
    finally:
        taking.cancel()
