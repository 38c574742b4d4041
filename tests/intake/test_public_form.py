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


async def send(town: Town, address: str) -> tuple[int, str, str]:
    """Send the form from an address behind the proxy: status, Retry-After and page."""
    form = {"key": ulid(), "narrative": "排队两小时", "complainant.phone": "13800001234"}
    headers = {"X-Forwarded-For": f"203.0.113.1, {address}", "Accept": "text/html"}
    async with town.http.post("/intake/form", data=form, headers=headers, allow_redirects=False) as answer:
        return answer.status, answer.headers.get("Retry-After", ""), await answer.text()


async def test_where_one_regulation_is_listed_the_form_is_for_that_one(town: Town) -> None:
    async with town.http.get("/intake/") as answer:
        page = await answer.text()

    assert re.findall(r'name="regulation" value="([\w-]+)"', page) == ["property"]


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
