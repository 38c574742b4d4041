"""A rehearsal: simulated staff accept and answer work orders, simulated complainants say what they think of it.

Only what comes in through the departments' queues and the letters is known to them, as to real ones. Two departments
answer over the bus and the others by HTTP, because both are promised.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from aio_pika.abc import AbstractIncomingMessage
from pydantic import BaseModel

from deploy.local.desk import Desk, desks
from deploy.local.installation import Installation
from deploy.local.samples import Handling, Sample
from deploy.local.visitor import Refused, Visitor
from shared.contracts.departments import AcceptReply, ProgressReply, Reply, ResolveReply, WorkOrder
from shared.contracts.event import Event
from shared.contracts.feedback import OutcomeDelivered
from shared.contracts.values import Outcome
from shared.regulations.casework import Matter

BY_AMQP = frozenset({"quality", "service"})
LETTER_SECONDS = 30.0
COMMANDS = {"accept": "acceptance", "progress": "progress", "resolve": "resolution"}
UNKNOWN = Handling(
    step="Looked into (simulated)",
    outcome="explained",
    answer="（模拟答复）您的投诉已核实，感谢反馈。 / (A simulated answer.) We have looked into the matter. Thank you.",
)
"""What happens to complaints that are no samples, such as the visitor's own."""


class Rehearsal:
    """Simulated departments and complainants of one installation.

    `pace` is how many seconds they think; `tell` says what they are refused.
    """

    def __init__(
        self, installation: Installation, visitor: Visitor, *, pace: float, tell: Callable[[str], None]
    ) -> None:
        self._installation, self._visitor, self._pace, self._tell = installation, visitor, pace, tell
        self._samples: dict[str, Sample] = {}
        names = installation.services["routing"].regulations.departments()
        self._tokens = {name: installation.staff_token("rehearsal", "handler", department=name) for name in names}
        self._errands: set[asyncio.Task[None]] = set()

    def expect(self, number: str, sample: Sample) -> None:
        """Know which sample a complaint number stands for."""
        self._samples[number] = sample

    def hear(self, event: Event) -> None:
        """Complainants answer once the answer has reached them."""
        sample = self._samples.get(event.number)
        if isinstance(event, OutcomeDelivered) and sample and sample.complainant:
            self._begin(self._try(self._complainant(event, sample)))

    async def run(self) -> None:
        """Sit at every department's desk until cancelled."""
        try:
            async with desks(self._installation.amqp_url, list(self._tokens)) as found, asyncio.TaskGroup() as tasks:
                for desk in found.values():
                    tasks.create_task(self._sit_at(desk))
        finally:
            for errand in self._errands:
                errand.cancel()

    async def _sit_at(self, desk: Desk) -> None:
        async for order, message in desk.orders():
            self._begin(self._deal_with(order, message, desk))

    async def _deal_with(self, order: WorkOrder, message: AbstractIncomingMessage, desk: Desk) -> None:
        await self._try(self._handle(order, desk))
        await message.ack()

    async def _try(self, errand: Coroutine[Any, Any, None]) -> None:
        """Go on an errand; it ends where something is refused."""
        try:
            await errand
        except Refused as refusal:
            self._tell(str(refusal))

    def _begin(self, errand: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    async def _handle(self, order: WorkOrder, desk: Desk) -> None:
        """Take the case, record a step, answer; a reminder of a case in hand is only read."""
        await asyncio.sleep(self._pace)
        if order.task:
            return await self._do_task(order)
        handling = await self._next_handling(order)
        if handling is None:
            return None
        common = {"number": order.number, "by": f"{desk.department} (simulated, level {order.round})"}
        await self._say(desk, AcceptReply(**common, handler=common["by"]))
        await asyncio.sleep(self._pace)
        if handling.step:
            await self._say(desk, ProgressReply(**common, step=handling.step, visible_to_complainant=True))
        await asyncio.sleep(self._pace)
        if handling.outcome:
            for step in self._demanded(order, handling.outcome):
                await self._say(desk, ProgressReply(**common, step=step, note="（模拟） / (Simulated.)"))
            await self._others_have_answered(order)
            answer = handling.model_dump(exclude={"step"})
            finding = "" if handling.outcome in ("upheld", "partly-upheld") else "（模拟结论） / (A simulated finding.)"
            said = {"responsible": desk.department, "finding": finding, "wording_checked": True}
            await self._say(desk, ResolveReply(**common, **said, **answer))
        return None

    async def _do_task(self, order: WorkOrder) -> None:
        """Answer what the department that leads asks, unless it does not need it any more."""
        if not order.withdrawn and order.escalation_level == 0:
            answer = {"answer": "（模拟）本部门已核实。 / (Simulated.) We have looked into it."}
            path = f"/routing/cases/{order.number}/tasks/{order.task}/answer"
            said = await self._visitor.post(path, answer, self._tokens[order.department])
            said.granted(f"{order.department}: task {order.task} of {order.number}")

    async def _others_have_answered(self, order: WorkOrder) -> None:
        """Wait for the departments that were asked."""
        while (await self._case(order))["asked"]:  # noqa: ASYNC110  # another department works on it: no event tells
            await asyncio.sleep(self._pace)

    async def _case(self, order: WorkOrder) -> Any:
        reply = await self._visitor.get(f"/routing/cases/{order.number}", self._tokens[order.department])
        return reply.granted(f"{order.department}: a look at {order.number}")

    def _demanded(self, order: WorkOrder, outcome: Outcome) -> list[str]:
        """The steps that the regulation wants on record before such an outcome."""
        casework = self._installation.services["routing"].regulations.get(order.regulation).casework
        matter = Matter(order.severity, order.category, outcome, on_record=())
        return [rule.step for rule in casework.missing(matter)]

    async def _next_handling(self, order: WorkOrder) -> Handling | None:
        case = await self._case(order)
        if case["status"] != "assigned":
            return None
        sample = self._samples.get(order.number)
        if sample is None:
            return UNKNOWN
        return sample.department if case["round"] == 1 else sample.second_answer

    async def _say(self, desk: Desk, reply: Reply) -> None:
        if desk.department in BY_AMQP:
            return await desk.send(reply)
        command: BaseModel = reply
        body = command.model_dump(mode="json", exclude={"number", "by", "type", "department", "task"})
        path = f"/routing/cases/{reply.number}/{COMMANDS[reply.type]}"
        answer = await self._visitor.post(path, body, self._tokens[desk.department])
        answer.granted(f"{desk.department}: {reply.type} of {reply.number}")
        return None

    async def _complainant(self, event: OutcomeDelivered, sample: Sample) -> None:
        await asyncio.sleep(2 * self._pace)
        view = sample.complainant
        if view is None:
            return
        saying = view.view if event.round == 1 else "agree"
        await self._follow_link(event.number, f"answer-{event.round}", {"view": saying, "reason": view.reason})
        await asyncio.sleep(self._pace)
        if saying == "agree" and view.csat:
            survey = {"csat": view.csat, "nps": view.nps, "comment": view.comment}
            await self._follow_link(event.number, "closing-1", survey)

    async def _follow_link(self, number: str, letter: str, body: dict[str, Any]) -> None:
        link = await self._installation.letterbox.link(number, letter, within=LETTER_SECONDS)
        answer = await self._visitor.post(link.removeprefix(self._installation.url), body)
        answer.granted(f"The complainant's reply to the letter {letter} of {number}")
