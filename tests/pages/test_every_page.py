"""What holds for every page: its headers, its faults, its words, and that no token leaves it."""

import re
from pathlib import Path

import pytest
import yaml
from structlog.testing import capture_logs

from tests.harness import Town
from tests.pages.browser import BROWSER, Browser

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "shared/web/templates", *sorted(ROOT.glob("services/*/pages"))]
SAID = re.compile(r"say\(\"([\w-]+)\"")
PATHS = [
    "/",
    "/intake/",
    "/intake/track",
    "/intake/nowhere",
    "/feedback/surveys/nonsense",
    "/archive/",
    "/sla/",
    "/nowhere",
]


@pytest.mark.parametrize("path", PATHS)
async def test_a_page_runs_no_script_is_framed_by_nobody_and_kept_nowhere(browser: Browser, path: str) -> None:
    page = await browser.open(path)

    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", PATHS)
async def test_a_page_has_no_script_and_no_style_of_its_own(browser: Browser, path: str) -> None:
    page = await browser.open(path)

    inline = [
        name for name, attributes in page.elements for key in attributes if key == "style" or key.startswith("on")
    ]
    assert (page.all("script"), page.all("style"), inline) == ([], [], [])


async def test_no_page_and_no_redirect_tells_where_the_reader_comes_from(browser: Browser, town: Town) -> None:
    token = town["intake"].tokens.issue("SQ-20261123-00017K", "track")
    form = {"number": "SQ-20261123-00017K", "token": token}

    async with browser.session.post("/intake/track", data=form, headers=BROWSER, allow_redirects=False) as redirect:
        page = await browser.open(redirect.headers["Location"])

    assert redirect.headers["Referrer-Policy"] == page.headers["Referrer-Policy"] == "no-referrer"


async def test_no_token_is_written_to_the_log(browser: Browser, answered: dict[str, str]) -> None:
    number, token = answered["number"], answered["tracking_token"]

    with capture_logs() as lines:
        await browser.open(f"/intake/complaints/{number}?token={token}")
        await browser.open(f"/feedback/conversations/{token}")
        await browser.send("/intake/track", {"number": number, "token": token})
        await browser.send("/archive/sign-in", {"token": token})

    assert lines
    assert token not in repr(lines)


@pytest.mark.parametrize("path", ["/intake/nowhere", "/nowhere", "/feedback/surveys/nonsense"])
async def test_a_program_is_told_a_fault_as_a_document(browser: Browser, path: str) -> None:
    async with browser.session.get(path, headers={"Accept": "*/*"}) as answer:
        assert (answer.status, answer.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize("service", ["intake", "archive", "sla"])
async def test_an_address_without_its_last_stroke_leads_to_the_page(browser: Browser, service: str) -> None:
    assert (await browser.open(f"/{service}")).path == f"/{service}/"


async def test_the_style_is_kept_by_browsers_until_it_changes(browser: Browser) -> None:
    (style,) = (await browser.open("/intake/")).all("link", rel="stylesheet")

    async with browser.session.get(style["href"] or "") as answer:
        assert (answer.status, answer.content_type) == (200, "text/css")
        assert "immutable" in answer.headers["Cache-Control"]


async def test_pages_are_not_part_of_the_documented_api(town: Town) -> None:
    _, document = await town.send("GET", "/intake/openapi.json")

    assert not {"/intake/", "/intake/form", "/intake/track"} & set(document["paths"])


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_what_a_page_says_it_says_in_both_languages(folder: Path) -> None:
    words = yaml.safe_load((folder / "words.yaml").read_text(encoding="utf-8"))

    assert [key for key, said in words.items() if set(said) != {"zh-CN", "en"} or not isinstance(key, str)] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_a_template_says_nothing_that_nobody_has_written(folder: Path) -> None:
    known = set()
    for place in {FOLDERS[0], folder}:
        known |= set(yaml.safe_load((place / "words.yaml").read_text(encoding="utf-8")))

    said = {key for file in folder.glob("*.html") for key in SAID.findall(file.read_text(encoding="utf-8"))}

    assert {key for key in said if not key.endswith("-")} - known == set()
