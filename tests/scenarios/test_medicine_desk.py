"""S20 through the services: what may harm is worked on at three in the morning of a holiday, and passes every hand."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest

from shared.testing.builders import a_registration
from shared.testing.clocks import SetClock
from tests.harness import Site, Town, eventually, serving
from tests.openapi import Client
from tests.routing.test_department_path import ordered
from tests.scenarios.given import SHANGHAI
from tests.scenarios.test_casework import DANGER, REACTION

NIGHT = datetime.fromisoformat("2026-10-03T03:00:00+08:00")
"""Three in the morning, in the middle of the National Day holidays."""
CHAIN = (("supervisor", "sue"), ("manager", "max"), ("approver", "gao"))
"""Head of quality assurance, quality vice-president, general manager."""


class Case:
    """A complaint about a medicine that the duty desk has taken down, and those who work on it."""

    def __init__(self, client: Client, town: Town, number: str) -> None:
        self.client, self.town, self.number = client, town, number

    async def note(self, *steps: str) -> None:
        for step in steps:
            await self.command("progress", {"step": step, "note": "见附件"}, roles="handler")

    async def command(self, what: str, body: Any, **who: str) -> Any:
        who = {"departments": "quality"} | who
        return (await self.client.staff("POST", f"/routing/cases/{self.number}/{what}", body, **who)).body

    async def approve(self, role: str, name: str) -> Any:
        return await self.command("approval", {"decision": "approve"}, roles=role, name=name)

    async def tracked(self) -> str:
        """What the complainant sees."""
        shown = await self.client.staff("GET", f"/intake/complaints/{self.number}", roles="officer")
        status: str = shown.body["status"]
        return status

    async def is_answered(self) -> bool:
        return await self.tracked() == "answered"


@pytest.fixture(scope="module")
async def town(module_site: Site) -> AsyncIterator[Town]:
    async with serving(module_site, "intake", "routing", "sla", clock=SetClock(NIGHT)) as running:
        yield running


async def taken_down(town: Town, site: Site, narrative: str) -> Case:
    """What the duty desk registers, as soon as quality assurance has it."""
    client = Client(town.http, await site.channel_key("duty-desk"))
    body = a_registration(
        channel="duty-desk", regulation="medicine-gmp", narrative=narrative, received_by="值班员",
        product={"name": "阿莫西林胶囊", "batch": "260701"},
    )  # fmt: skip
    receipt = (await client.ask("POST", "/intake/complaints", body, client.channel_key)).body
    case = Case(client, town, receipt["number"])
    await eventually(lambda: town.state("routing", case.number))
    return case


async def test_s20_1_and_s20_5_what_the_duty_desk_takes_at_three_in_the_morning_is_with_its_department_at_once(
    town: Town, module_site: Site
) -> None:
    case = await taken_down(town, module_site, "服药后过敏性休克，呼吸困难，正在抢救。")

    order = await ordered(module_site, "quality", case.number)

    assert (order["severity"], order["priority"], order["due"]["first-reply"]) == (
        "critical", "urgent", "2026-10-02T20:00:00.000Z",
    )  # fmt: skip


async def test_s20_5_its_clock_alerts_head_and_vice_president_within_a_quarter_of_an_hour(
    town: Town, module_site: Site
) -> None:
    case = await taken_down(town, module_site, "服药后过敏性休克，呼吸困难，正在抢救。")

    async def alerted() -> list[tuple[str, str]]:
        clock = await town.state("sla", case.number)
        notices = clock["state"]["notices"] if clock else []
        return sorted((notice["role"], f"{notice['until'].astimezone(SHANGHAI):%H:%M}") for notice in notices)

    assert await eventually(alerted) == [
        ("manager", "03:15"), ("supervisor", "03:15"),
    ]  # fmt: skip


async def test_s20_5_what_is_confirmed_goes_through_every_hand_before_anybody_is_told(
    town: Town, module_site: Site
) -> None:
    case = await taken_down(town, module_site, "服药后过敏性休克，呼吸困难，正在抢救。")
    await case.note(*DANGER, "recall-decision")
    answer = {"outcome": "upheld", "answer": "该批次紧急召回。", "measures": "紧急召回"}
    await case.command("resolution", answer, roles="handler", name="amy")

    stations = []
    for role, name in CHAIN:
        stations.append(await case.tracked())
        last = await case.approve(role, name)

    assert "answered" not in stations
    assert (last["status"], last["approved_by"]) == ("answered", ["sue", "max", "gao"])
    await eventually(case.is_answered)


async def test_s20_3_a_reaction_passes_inspector_head_vice_president_and_general_manager_in_this_order(
    town: Town, module_site: Site
) -> None:
    case = await taken_down(town, module_site, "吃了两天以后全身起皮疹，瘙痒。")
    await case.note(*REACTION)
    answer = {"outcome": "upheld", "answer": "已停用并随访。", "measures": "随访用户"}
    await case.command("resolution", answer, roles="handler", name="amy")

    too_early = await case.approve("approver", "gao")
    own = await case.approve("supervisor", "amy")
    in_turn = [(await case.approve(role, name))["status"] for role, name in CHAIN]

    assert (too_early["code"], own["code"], in_turn) == (
        "not-your-turn", "excluded", ["in-approval", "in-approval", "answered"],
    )  # fmt: skip


async def test_s20_3_nothing_is_proposed_before_the_records_are_checked(town: Town, module_site: Site) -> None:
    case = await taken_down(town, module_site, "吃了两天以后全身起皮疹，瘙痒。")

    refused = await case.command("resolution", {"outcome": "not-upheld", "answer": "无关。"}, roles="handler")

    assert [step["step"] for step in refused["missing"]] == list(REACTION)
