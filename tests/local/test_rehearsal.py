"""Simulated people say what they are refused."""

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple

import pytest

from deploy.local.installation import Installation
from deploy.local.letterbox import Letterbox
from deploy.local.rehearsal import Rehearsal
from deploy.local.samples import load_samples
from deploy.local.visitor import Visitor
from shared.contracts.departments import WorkOrder
from shared.contracts.feedback import OutcomeDelivered
from shared.messenger import Mailing, Recipient
from shared.testing.builders import BEGAN, a_number, outgoing, travelled
from tests.broker import publish
from tests.harness import Site, eventually, serving

NUMBER = a_number()
ORDER = WorkOrder(
    number=NUMBER, regulation="service-quality", department="quality", category="product", severity="general",
    priority="normal", narrative="漏电",
)  # fmt: skip


class Stage(NamedTuple):
    """A rehearsal, where it takes place, and what has been said at it."""

    rehearsal: Rehearsal
    installation: Installation
    said: list[str]


@pytest.fixture
async def stage(site: Site) -> AsyncIterator[Stage]:
    async with serving(site, "routing", "feedback") as town:
        async with town.http.get("/healthz") as answer:
            url = str(answer.url.origin())
        installation = Installation(url, site.amqp_url, {"routing": town["routing"]}, Letterbox())
        said: list[str] = []
        async with Visitor(url) as visitor:
            yield Stage(Rehearsal(installation, visitor, pace=0, tell=said.append), installation, said)


def a_letter(link: str) -> Mailing:
    return Mailing(NUMBER, "answer-1", "answer", "en", Recipient(), "Your complaint", f"Please open {link}", BEGAN)


async def test_a_complainant_whose_link_opens_nothing_says_so(stage: Stage) -> None:
    stage.rehearsal.expect(NUMBER, next(sample for sample in load_samples() if sample.complainant))
    await stage.installation.letterbox.send(a_letter(f"{stage.installation.url}/feedback/conversations/nonsense"))

    stage.rehearsal.hear(travelled(OutcomeDelivered(round=1), NUMBER))  # type: ignore[arg-type]  # an event

    (said,) = await eventually(lambda: stage.said)
    assert said.startswith(f"The complainant's reply to the letter answer-1 of {NUMBER} was refused (404): ")


async def test_a_department_that_is_not_shown_its_case_says_so(stage: Stage) -> None:
    await publish(stage.installation.amqp_url, outgoing(ORDER, NUMBER))

    sitting = asyncio.create_task(stage.rehearsal.run())

    (said,) = await eventually(lambda: stage.said)
    sitting.cancel()
    assert said == f"quality: a look at {NUMBER} was refused (404): There is no case {NUMBER}."
