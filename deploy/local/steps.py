"""The steps of the demonstration, each checked where it shows: in the answer to a request, on the bus, in a queue."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from deploy.local.board import ZONE
from deploy.local.journey import PATIENCE, Journey, StepFailed, check
from deploy.local.visitor import Reply
from shared.bus.dead import letters
from shared.cli import SERVICES
from shared.contracts.archive import RecordArchived
from shared.contracts.departments import AcceptReply, ProgressReply, ResolveReply
from shared.contracts.feedback import (
    ComplaintClosed,
    OutcomeAgreed,
    OutcomeDelivered,
    ReceiptDelivered,
    SurveyCompleted,
)
from shared.contracts.routing import CaseAccepted, CaseResolved, CaseRouted
from shared.contracts.sla import Escalated, TargetAtRisk, TargetBreached, TargetMet
from shared.contracts.values import Rung
from shared.ids import ulid

COMPLAINT = {
    "channel": "web",
    "regulation": "demo",
    "subject_line": "The kettle gave my son an electric shock",
    "narrative": (
        "The kettle I bought last week leaks current: my son got an electric shock when he touched the handle. "
        "I want my money back, and the rest of this batch off the shelves. Please ring me on 13800001234. Li Wenjun"
    ),
    "complainant": {"name": "Li Wenjun", "phone": "13800001234", "email": "li.wenjun@example.org"},
    "claim": "Refund; the batch off the shelves",
    "product": {"name": "Kettle K2", "batch": "20261102B"},
}
PERSONAL = ("Li Wenjun", "13800001234", "li.wenjun@example.org")
"""What no department may see."""

BETWEEN_LOOKS = 0.05
"""Seconds between two looks at what is not there yet."""

HANDLER = "Zhang"
ANSWER = "The earth wire was not connected. You have your money back, and the whole batch has been recalled."


class Step(NamedTuple):
    """What should happen, how it is done and checked, and whether time alone brings it about (`clock`)."""

    name: str
    take: Callable[[Journey], Awaitable[Iterable[str]]]
    mark: str = "story"


async def register(journey: Journey) -> list[str]:
    """The channel posts twice, as channels do after a time-out; there is one complaint and one receipt."""
    key = ulid()
    first = await journey.visitor.post("/intake/complaints", COMPLAINT, journey.channel_key, key=key)
    again = await journey.visitor.post("/intake/complaints", COMPLAINT, journey.channel_key, key=key)
    check(first.status == 201, "the registration is answered with 201", first)
    receipt = first.body
    check(
        (again.status, again.body["number"]) == (200, receipt["number"]), "the same key gives the same receipt", again
    )
    journey.number, journey.token = receipt["number"], receipt["tracking_token"]
    promises = [f"promised: {milestone} by {_at(due_at)}" for milestone, due_at in receipt["promises"].items()]
    return [f"number {journey.number}; sent twice with one Idempotency-Key, registered once", *promises]


async def receive_receipt(journey: Journey) -> list[str]:
    """The receipt reaches the complainant, and the promise to acknowledge is kept."""
    receipt = await journey.hear(ReceiptDelivered)
    await journey.hear(TargetMet, lambda event: event.milestone == "acknowledgement")
    return [f"via {receipt.via}; the link in it: {await journey.link('receipt-1')}"]


async def classify(journey: Journey) -> list[str]:
    """Routing decides by the words of the complaint, and says by which."""
    routed = await journey.hear(CaseRouted)
    decision = (routed.category, routed.severity, routed.department)
    check(decision == ("product", "critical", "quality"), "a shock is product, critical, for quality", decision)
    return [f"{routed.category}, {routed.severity} → {routed.department} department", *routed.because]


async def receive_order(journey: Journey) -> list[str]:
    """The work order is in the department's queue, with personal data masked."""
    order = await journey.order(level=0)
    leaked = [known for known in PERSONAL if known in order.model_dump_json()]
    check(not leaked, "the work order names nobody", leaked)
    person = order.complainant
    return [f"from queue department.{order.department}: “{order.narrative}”", f"from {person.name}, {person.phone}"]


async def read_clock(journey: Journey) -> list[str]:
    """The clock has the shorter limit of a critical complaint, and says how the deadline was counted."""
    path, token = f"/sla/clocks/{journey.number}", journey.staff("handler")
    pack = journey.installation.services["sla"].regulations.get("demo")
    limit = str(pack.targets_for(severity="critical")["resolution"].within)
    clock = await _read(journey, path, token, lambda body: _resolution_of(body)["within"] == limit)
    resolution = _resolution_of(clock)
    return [f"resolution within {resolution['within']} ({resolution['clause']}):", *resolution["derivation"]]


async def warn(journey: Journey) -> list[str]:
    """Before the deadline the promise is at risk."""
    risk = await journey.hear(TargetAtRisk, _resolution)
    return [f"{-risk.lateness:.1f} s before the deadline"]


async def breach(journey: Journey) -> list[str]:
    """Nobody has answered in time, and that stays on record."""
    breached = await journey.hear(TargetBreached, _resolution)
    return [f"it was due at {_at(breached.due_at)}"]


def climb(rung: Rung, level: int) -> Callable[[Journey], Awaitable[list[str]]]:
    """A rung of the ladder is climbed, and the department is told again, with the level."""

    async def take(journey: Journey) -> list[str]:
        risen = await journey.hear(Escalated, lambda event: event.rung == rung and _resolution(event))
        order = await journey.order(level)
        return [f"to the {risen.role}; the work order comes again with escalation_level {order.escalation_level}"]

    return take


async def accept(journey: Journey) -> list[str]:
    """The department takes the case over the bus, and records a step that the complainant sees."""
    done = "The kettle has been fetched and tested"
    await journey.desk.send(AcceptReply(number=journey.number, by=HANDLER))
    await journey.desk.send(ProgressReply(number=journey.number, by=HANDLER, step=done, visible_to_complainant=True))
    accepted = await journey.hear(CaseAccepted)
    return [f"{accepted.handler}, by a message to department.replies"]


async def resolve(journey: Journey) -> list[str]:
    """The department answers, late, and the lateness is on record."""
    reply = ResolveReply(
        number=journey.number, by=HANDLER, outcome="upheld", answer=ANSWER,
        measures="Recall of the batch", root_cause="Earth wire not connected", responsible="assembly line 2",
    )  # fmt: skip
    await journey.desk.send(reply)
    await journey.hear(CaseResolved)
    met = await journey.hear(TargetMet, _resolution)
    check(met.lateness > 0, "the answer came late, and says so", met.lateness)
    return [f"outcome upheld, {met.lateness:.1f} s late"]


async def read_answer(journey: Journey) -> list[str]:
    """The complainant has the answer, by a link that opens it and nothing else."""
    await journey.hear(OutcomeDelivered)
    answer = await journey.visitor.get(await journey.link("answer-1"))
    check(answer.status == 200 and answer.body["answer"] == ANSWER, "the link opens the answer", answer)
    return [f"“{answer.body['answer']}”"]


async def agree(journey: Journey) -> list[str]:
    """The complainant agrees, and the complaint is closed."""
    reply = await journey.visitor.post(await journey.link("answer-1"), {"view": "agree"})
    check(reply.status == 200, "the complainant may agree", reply)
    await journey.hear(OutcomeAgreed)
    closed = await journey.hear(ComplaintClosed)
    return [f"closed: {closed.outcome}, agreed {closed.agreed}, rounds {closed.rounds}"]


async def answer_survey(journey: Journey) -> list[str]:
    """The complainant is asked how it went, and says so."""
    survey = {"csat": 4, "nps": 8, "comment": "Late, but thorough."}
    reply = await journey.visitor.post(await journey.link("closing-1"), survey)
    check(reply.status == 200, "the survey can be answered", reply)
    completed = await journey.hear(SurveyCompleted)
    return [f"satisfaction {completed.csat} of 5, recommendation {completed.nps} of 10"]


async def archive(journey: Journey) -> list[str]:
    """The dossier is complete: catalogued, and kept for as long as the law says."""
    archived = await journey.hear(RecordArchived)
    return [f"catalogue number {archived.catalogue_number}, kept until {archived.retain_until}"]


async def read_record(journey: Journey) -> list[str]:
    """Everything that happened is in the record, and the record can be found by a word."""
    path, token = f"/archive/records/{journey.number}", journey.staff("archivist")
    happened = {event.id for event in journey.witness.story(journey.number) if event.kind() != "record.archived"}
    record = await _read(journey, path, token, lambda body: happened <= {entry["id"] for entry in body["timeline"]})
    found = await journey.visitor.get("/archive/records?q=kettle&person=Li%20Wenjun", token)
    check([line["number"] for line in found.body["items"]] == [journey.number], "the search finds the record", found)
    tags = ", ".join(record["catalogue"]["tags"])
    return [f"{len(record['timeline'])} events; found by “kettle” and the person; tags: {tags}"]


async def track(journey: Journey) -> list[str]:
    """The complainant sees where the matter stands."""
    path = f"/intake/complaints/{journey.number}"
    view = await _read(journey, path, journey.token, lambda body: body["status"] == "archived")
    return [entry["text"] for entry in view["timeline"]]


async def look_for_dead_letters(journey: Journey) -> list[str]:
    """No service has put a message aside."""
    url = journey.installation.amqp_url
    found = [letter for service in SERVICES for letter in await letters(url, service)]
    check(not found, "no dead letters are left", found)
    return [f"in none of the queues {', '.join(f'{service}.dead' for service in SERVICES)}"]


STEPS = (
    Step("The complaint is registered", register),
    Step("The receipt is delivered", receive_receipt),
    Step("It is classified, with reasons", classify),
    Step("The work order is in the department's queue", receive_order),
    Step("The clock says how the deadline was counted", read_clock),
    Step("The deadline is at risk", warn, "clock"),
    Step("The deadline is breached", breach, "clock"),
    Step("Escalation: the handler is urged (催办)", climb("urge", 1), "clock"),
    Step("Escalation: supervision in writing (书面督办)", climb("written", 2), "clock"),
    Step("Escalation: raised to the manager (提级督办)", climb("raised", 3), "clock"),
    Step("The department takes the case, over AMQP", accept),
    Step("The department answers, late", resolve),
    Step("The answer is delivered", read_answer),
    Step("The complainant agrees by the link, the complaint is closed", agree),
    Step("The survey is answered", answer_survey),
    Step("The dossier is archived", archive),
    Step("The record is complete and found", read_record),
    Step("The complainant's own view, by the tracking token", track),
    Step("No dead letters", look_for_dead_letters),
)


def _resolution(event: Any) -> bool:
    return bool(event.milestone == "resolution")


def _at(moment: str | datetime) -> str:
    moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{moment.astimezone(ZONE):%H:%M:%S}"


def _resolution_of(clock: Any) -> Any:
    return next(promise for promise in clock["promises"] if promise["milestone"] == "resolution")


async def _read(journey: Journey, path: str, token: str, fits: Callable[[Any], bool]) -> Any:
    """What stands at a path once it fits: what one service has said, another knows a moment later."""
    reply = Reply(0, None)
    try:
        async with asyncio.timeout(PATIENCE):
            while not (reply.status == 200 and fits(reply.body)):
                await asyncio.sleep(BETWEEN_LOOKS)
                reply = await journey.visitor.get(path, token)
    except TimeoutError as error:
        raise StepFailed(f"{path} is not as it should be after {PATIENCE:g} s. Seen: {reply}") from error
    return reply.body
