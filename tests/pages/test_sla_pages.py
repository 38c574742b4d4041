"""What staff see of the deadlines: the board, the counts, and how a month went."""

import pytest

from shared.identity import issue_staff_token
from tests.harness import JWT_SECRET, Town, eventually
from tests.pages.browser import Browser, Shown


async def sign_in(browser: Browser, *roles: str) -> Shown:
    return await browser.send("/sla/sign-in", {"token": issue_staff_token(JWT_SECRET, "amy", list(roles), [])})


@pytest.fixture
async def supervisor(browser: Browser) -> Browser:
    """A browser in which a supervisor has signed in."""
    await sign_in(browser, "supervisor")
    return browser


@pytest.fixture
async def number(town: Town) -> str:
    """A complaint whose clock runs in a department."""
    _, receipt = await town.register()
    number: str = receipt["number"]

    async def placed() -> bool:
        document = await town.state("sla", number)
        return bool(document and document["state"]["department"])

    await eventually(placed)
    return number


@pytest.mark.parametrize(("path", "status"), [("/sla/", 200), ("/sla/clocks", 401)])
async def test_who_has_not_signed_in_is_asked_to(browser: Browser, path: str, status: int) -> None:
    page = await browser.open(path)

    assert (page.status, bool(page.all("form", action="/sla/sign-in"))) == (status, True)


async def test_the_token_opens_the_pages_of_this_service_only(browser: Browser) -> None:
    await sign_in(browser, "supervisor")

    (kept,) = [cookie for cookie in browser.session.cookie_jar if cookie.key == "redress_token"]
    assert kept["path"] == "/sla"


async def test_the_board_shows_a_complaint_that_is_due(supervisor: Browser, number: str) -> None:
    assert number in (await supervisor.open("/sla/clocks")).text


async def test_a_board_of_something_else_does_not_show_it(supervisor: Browser, number: str) -> None:
    assert number not in (await supervisor.open("/sla/clocks?state=paused")).text


async def test_the_first_page_counts_it_and_leads_to_where_it_stands(
    supervisor: Browser, number: str, town: Town
) -> None:
    document = await town.state("sla", number)
    assert document is not None
    leading_there = f"/sla/clocks?state=running&department={document['state']['department']}"

    async def counted() -> bool:  # what was counted before it came in is remembered for a moment
        return bool((await supervisor.open("/sla/")).all("a", href=leading_there))

    await eventually(counted)


async def test_the_first_page_draws_how_much_of_the_month_was_on_time(
    supervisor: Browser, number: str, town: Town
) -> None:
    document = await town.state("sla", number)
    assert document is not None
    month = f"{document['state']['promises'][0]['first_due_at']:%Y-%m}"

    async def drawn() -> bool:
        page = await supervisor.open(f"/sla/?month={month}")
        return bool(page.all("rect", **{"class": "pending"}) or page.all("rect", **{"class": "met"}))

    await eventually(drawn)


async def test_a_month_that_there_is_not_is_a_page_that_says_so(supervisor: Browser) -> None:
    page = await supervisor.open("/sla/?month=never")

    assert (page.status, page.headers["Content-Type"]) == (400, "text/html; charset=utf-8")


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "各部门在办件数"), ("en", "Open by department")])
async def test_the_first_page_speaks_the_readers_language(supervisor: Browser, language: str, words: str) -> None:
    assert words in (await supervisor.open("/sla/", language)).text


async def test_programs_get_the_board_as_data(town: Town, number: str) -> None:
    status, page = await town.staff("GET", "/sla/clocks?limit=500")

    assert (status, number in {line["number"] for line in page["items"]}) == (200, True)
