"""The public form under the operator's settings: what it offers, and how often one address may send it."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import count

import pytest

from shared.ids import ulid
from shared.regulations import load_regulations
from tests.harness import Site, Town, serving

UNLISTED = ", ".join({pack.name for pack in load_regulations()} - {"property"})
SETTINGS = {"form_limit": "2", "trusted_proxies": "1", "unlisted": UNLISTED}
addresses = (f"192.0.2.{last}" for last in count(1))


@pytest.fixture(scope="module")
async def town(module_site: Site) -> AsyncIterator[Town]:
    async with serving(replace(module_site, changes=SETTINGS), "intake") as running:
        yield running


FORM = {
    "regulation": "property", "narrative": "排队两小时", "occurred_at": "2026-11-20T09:30", "place": "一号楼",
    "complainant.phone": "13800001234",
}  # fmt: skip


async def send(town: Town, address: str, **changes: str) -> tuple[int, str, str]:
    """Send the form from an address behind the proxy: status, Retry-After and page."""
    form = {"key": ulid()} | FORM | changes
    headers = {"X-Forwarded-For": f"203.0.113.1, {address}", "Accept": "text/html"}
    async with town.http.post("/intake/form", data=form, headers=headers, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Retry-After", ""), await answer.text()


async def test_where_one_regulation_is_listed_the_form_is_for_that_one(town: Town) -> None:
    async with town.http.get("/intake/") as answer:
        page = await answer.text()

    assert re.findall(r'name="regulation" value="([\w-]+)"', page) == ["property"]


async def test_what_the_only_regulation_asks_for_is_marked_before_anything_is_sent(town: Town) -> None:
    async with town.http.get("/intake/") as answer:
        page = await answer.text()

    assert {"place", "occurred_at"} <= set(re.findall(r'name="([\w.]+)"[^>]* required', page))


@pytest.mark.parametrize("regulation", ["service-quality", "demo"])
async def test_a_regulation_that_the_form_does_not_offer_is_refused(town: Town, regulation: str) -> None:
    before = await town["intake"].repository.collection.count_documents({})

    status, _, page = await send(town, next(addresses), regulation=regulation)

    assert (status, "没有这种投诉类型" in page) == (422, True)
    assert await town["intake"].repository.collection.count_documents({}) == before


async def test_where_no_regulation_is_listed_the_form_is_closed(module_site: Site) -> None:
    changes = SETTINGS | {"unlisted": f"{UNLISTED}, property"}
    async with (
        serving(replace(module_site, changes=changes), "intake") as closed,
        closed.http.get("/intake/") as answer,
    ):
        page = await answer.text()

    assert ("目前不通过网页受理投诉" in page, "<textarea" in page) == (True, False)


async def test_an_address_that_sends_too_often_is_asked_to_wait_and_keeps_what_it_has_typed(town: Town) -> None:
    address = next(addresses)
    sent = [(await send(town, address))[0] for _ in range(2)]

    status, retry_after, page = await send(town, address)

    assert (sent, status, int(retry_after) > 0, "排队两小时" in page) == ([303, 303], 429, True, True)


async def test_another_address_behind_the_same_proxy_need_not_wait(town: Town) -> None:
    first, second = next(addresses), next(addresses)
    for _ in range(3):
        await send(town, first)

    assert (await send(town, second))[0] == 303
