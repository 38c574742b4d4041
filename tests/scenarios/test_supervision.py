"""Supervision through the service: grave complaints reach their leaders at any hour, and climb until someone acts."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from services.sla.digests.contacts import Contacts
from shared.contracts.intake import Hints
from shared.identity import issue_staff_token
from shared.ids import complaint_number
from shared.testing.builders import outgoing, registered
from shared.testing.clocks import SetClock
from shared.testing.keys import a_key
from tests.broker import publish, tapped
from tests.feedback.builders import PigeonHole
from tests.harness import JWT_SECRET, Site, Town, eventually, serving

MONDAY = datetime.fromisoformat("2026-11-23T09:30:00+08:00")
NIGHT = datetime.fromisoformat("2026-10-03T03:00:00+08:00")
"""Three in the morning, in the middle of the National Day holidays."""
ADDRESSES = {role: f"{role}@example.org" for role in ("handler", "supervisor", "manager", "approver")}


class Watch:
    """The sla service at a moment that stands until it is moved on, and the letters that it writes."""

    def __init__(self, site: Site, town: Town, clock: SetClock) -> None:
        self.site, self.town, self.clock, self.letters = site, town, clock, PigeonHole()
        self.office = town["sla"].kit
        self.office.messenger, self.office.contacts = self.letters, Contacts.model_validate(ADDRESSES)

    async def register(self, pack: str, prefix: str, severity: str) -> str:
        """A complaint of this severity comes in now; its number."""
        number = complaint_number(prefix, f"{self.clock():%Y%m%d}", 7)
        event = registered(number, a_key(), regulation=pack, received_at=self.clock(), hints=Hints(severity=severity))
        await publish(self.site.amqp_url, outgoing(event, number, self.clock()))
        return number

    async def written_to(self, role: str) -> str:
        """The last letter to a role, once there is one."""
        address = ADDRESSES[role]
        found = await eventually(lambda: [one for one in self.letters.mailings if one.recipient.email == address])
        return found[-1].body

    async def until_told(self, number: str) -> None:
        """Wait until nobody has to be told of anything any more."""

        async def told() -> bool:
            document = await self.town.state("sla", number)
            return bool(document) and document["state"]["untold_since"] is None

        await eventually(told)


@pytest.fixture
async def watch(site: Site, request: pytest.FixtureRequest) -> AsyncIterator[Watch]:
    clock = SetClock(request.param)
    async with serving(site, "sla", clock=clock) as town, tapped(site.amqp_url):
        yield Watch(site, town, clock)


@pytest.mark.parametrize("watch", [MONDAY], indirect=True)
async def test_s2_7_a_major_complaint_is_in_the_letterbox_of_the_leader_in_charge_at_once(watch: Watch) -> None:
    number = await watch.register("group", "GR", "major")

    assert number in await watch.written_to("supervisor")


@pytest.mark.parametrize("watch", [MONDAY], indirect=True)
async def test_s2_7_what_is_not_settled_in_time_is_written_to_the_responsible_leader(watch: Watch) -> None:
    number = await watch.register("group", "GR", "general")
    await eventually(lambda: watch.town.state("sla", number))

    watch.clock.advance(days=14)

    letter = await watch.written_to("manager")
    assert all(words in letter for words in (number, "提级督办", "处理结果"))


@pytest.mark.parametrize("watch", [NIGHT], indirect=True)
async def test_s20_5_class_3_reaches_the_vice_president_at_three_in_the_morning_of_a_holiday(watch: Watch) -> None:
    number = await watch.register("medicine-gmp", "GMP", "critical")

    assert number in await watch.written_to("manager")


@pytest.mark.parametrize("watch", [NIGHT], indirect=True)
async def test_s20_5_class_3_that_nobody_has_seen_reaches_the_general_manager_before_dawn(watch: Watch) -> None:
    number = await watch.register("medicine-gmp", "GMP", "critical")
    await watch.written_to("manager")
    await watch.until_told(number)

    watch.clock.advance(minutes=16)

    assert number in await watch.written_to("approver")


@pytest.mark.parametrize("watch", [MONDAY], indirect=True)
async def test_an_alert_that_its_role_has_signed_for_goes_no_further(watch: Watch) -> None:
    number = await watch.register("group", "GR", "major")
    await watch.written_to("supervisor")
    await watch.until_told(number)
    token = issue_staff_token(JWT_SECRET, "sun", ["supervisor"], [])
    path = f"/sla/clocks/{number}/notices/alert-1/receipt"
    await watch.town.send("POST", path, headers={"Authorization": f"Bearer {token}"})

    watch.clock.advance(hours=1)
    await watch.town["sla"].alarms.walk()

    document = await watch.town.state("sla", number)
    assert document
    assert [notice["seen_by"] for notice in document["state"]["notices"]] == ["sun"]
