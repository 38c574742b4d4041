"""All services on the real servers, and browsers to look at their pages with."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.harness import Site, Town, eventually, serving
from tests.pages.browser import Browser

ANSWER = "我们上门退货。<script>alert('answer')</script>\n深表歉意。"


@pytest.fixture(scope="module")
async def town(module_site: Site) -> AsyncIterator[Town]:
    async with serving(module_site, "intake", "routing", "sla", "feedback", "archive") as running:
        yield running


@pytest.fixture
async def browser(town: Town) -> AsyncIterator[Browser]:
    """A browser that has not been anywhere yet."""
    async with town.http.get("/healthz") as answer:
        origin = answer.url.origin()
    async with aiohttp.ClientSession(origin, cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield Browser(session)


@pytest.fixture
async def answered(town: Town) -> dict[str, str]:
    """The receipt of a complaint that has been answered."""
    return await an_answered_complaint(town)


@pytest.fixture
async def agreed(town: Town) -> dict[str, str]:
    """The receipt of a complaint whose answer was agreed to, and which is in the archive."""
    receipt = await an_answered_complaint(town)
    number, token = receipt["number"], receipt["tracking_token"]
    await town.send("POST", f"/feedback/conversations/{token}", {"view": "agree"})
    await eventually(lambda: _is_filed(town, number))
    return receipt


async def an_answered_complaint(town: Town) -> dict[str, str]:
    _, receipt = await town.register(subject_line="王小明的电饭煲漏电 <b>", product={"name": "电饭煲", "batch": "B7"})
    number, token = receipt["number"], receipt["tracking_token"]
    await eventually(lambda: _done(town, f"/routing/cases/{number}/acceptance", {}))
    await _done(town, f"/routing/cases/{number}/resolution", {"outcome": "upheld", "answer": ANSWER})
    await eventually(lambda: _is_answered(town, token))
    return receipt


async def _done(town: Town, path: str, body: dict[str, str]) -> bool:
    status, _ = await town.staff("POST", path, body, ["quality", "service", "general-affairs"])
    return status == 200


async def _is_answered(town: Town, token: str) -> bool:
    status, view = await town.send("GET", f"/feedback/conversations/{token}")
    return status == 200 and view["status"] == "answered"


async def _is_filed(town: Town, number: str) -> bool:
    status, view = await town.staff("GET", f"/archive/records/{number}")
    return status == 200 and view["status"] == "archived"
