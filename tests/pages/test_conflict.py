"""No page of any service shows a complaint to whoever it is about (S18.3)."""

import pytest

from shared.identity import issue_staff_token
from tests.harness import JWT_SECRET, Town, eventually
from tests.pages.browser import Browser, Shown

ROLES = ["officer", "supervisor", "archivist"]


def token(name: str) -> str:
    return issue_staff_token(JWT_SECRET, name, ROLES, [])


async def opened(browser: Browser, name: str, path: str) -> Shown:
    """A page in the browser of a member of staff who has signed in."""
    service = path.split("/")[1]
    if service == "intake":
        return await browser.open(path, Authorization=f"Bearer {token(name)}")
    await browser.send(f"/{service}/sign-in", {"token": token(name)})
    return await browser.open(path)


@pytest.fixture(scope="module")
async def running(town: Town) -> str:
    """The number of a complaint against Li Qiang that somebody is at work on."""
    _, receipt = await town.register(respondent="李强", subject_line="李强骂人")
    number: str = receipt["number"]
    await eventually(lambda: town.state("sla", number))
    await eventually(lambda: town.state("archive", number))
    return number


@pytest.fixture(scope="module")
async def filed(town: Town) -> str:
    """The number of one that is in the archive."""
    _, receipt = await town.register(respondent="李强")
    number: str = receipt["number"]
    await town.send(
        "POST", f"/intake/complaints/{number}/withdrawal", {}, {"Authorization": f"Bearer {receipt['tracking_token']}"}
    )

    async def is_filed() -> bool:
        document = await town.state("archive", number)
        return bool(document and document["state"]["status"] == "archived")

    await eventually(is_filed)
    return number


@pytest.mark.parametrize(("name", "status"), [("amy", 200), ("李强", 404)])
@pytest.mark.parametrize("path", ["/intake/complaints/{}", "/archive/records/{}"])
async def test_its_page_is_not_there(browser: Browser, running: str, path: str, name: str, status: int) -> None:
    page = await opened(browser, name, path.format(running))

    assert page.status == status


@pytest.mark.parametrize(("name", "shown"), [("amy", True), ("李强", False)])
@pytest.mark.parametrize("path", ["/sla/", "/sla/clocks"])
async def test_the_board_does_not_show_it(browser: Browser, running: str, path: str, name: str, shown: bool) -> None:
    page = await opened(browser, name, path)

    assert (page.status, running in page.text) == (200, shown)


@pytest.mark.parametrize(("name", "shown"), [("amy", True), ("李强", False)])
async def test_the_search_of_the_archive_does_not_find_it(browser: Browser, filed: str, name: str, shown: bool) -> None:
    page = await opened(browser, name, f"/archive/records?from=&number={filed}")

    assert (page.status, bool(page.all("a", href=f"/archive/records/{filed}"))) == (200, shown)
