"""What staff see of the archive: signing in, searching, reading a dossier."""

import re

import pytest

from shared.identity import issue_staff_token
from tests.harness import JWT_SECRET
from tests.pages.browser import Browser, Shown, unlabelled


async def sign_in(browser: Browser, *roles: str) -> Shown:
    token = issue_staff_token(JWT_SECRET, "amy", list(roles), ["quality"])
    return await browser.send("/archive/sign-in", {"token": token})


async def test_who_has_not_signed_in_is_asked_to(browser: Browser) -> None:
    page = await browser.open("/archive/")

    assert page.all("form", action="/archive/sign-in")


@pytest.mark.parametrize("path", ["/archive/records?q=x", "/archive/records/SQ-20261123-00017K"])
async def test_without_signing_in_nothing_is_shown(browser: Browser, path: str) -> None:
    page = await browser.open(path)

    assert (page.status, bool(page.all("form", action="/archive/sign-in"))) == (401, True)


async def test_a_token_that_is_not_for_staff_does_not_sign_in(browser: Browser, answered: dict[str, str]) -> None:
    page = await browser.send("/archive/sign-in", {"token": answered["tracking_token"]})

    assert (page.status, list(browser.session.cookie_jar)) == (401, [])


async def test_the_token_is_kept_where_no_script_and_no_other_site_reaches_it(browser: Browser) -> None:
    await sign_in(browser, "archivist")

    (kept,) = [cookie for cookie in browser.session.cookie_jar if cookie.key == "redress_token"]
    assert (kept["path"], kept["httponly"], kept["samesite"]) == ("/archive", True, "Strict")


async def test_who_signs_out_is_a_stranger_again(browser: Browser) -> None:
    await sign_in(browser, "archivist")
    await browser.send("/archive/sign-out", {})

    assert (await browser.open("/archive/records")).status == 401


async def test_a_token_gone_stale_is_forgotten_so_that_one_can_sign_in_again(browser: Browser) -> None:
    page = await browser.open("/archive/", Cookie="redress_token=no-longer-valid")

    assert page.status == 401
    assert re.match('redress_token="".*Max-Age=0; Path=/archive', page.headers["Set-Cookie"])


async def test_a_token_gone_stale_does_not_keep_a_page_from_its_style(browser: Browser) -> None:
    style = await browser.open("/archive/style.css", Cookie="redress_token=no-longer-valid")

    assert style.status == 200


async def test_the_cookie_lets_staff_look_but_no_form_act_for_them(browser: Browser, agreed: dict[str, str]) -> None:
    await sign_in(browser, "archivist")
    browser.session.cookie_jar.update_cookies({"redress_token": issue_staff_token(JWT_SECRET, "amy", ["officer"], [])})

    page = await browser.send(f"/intake/complaints/{agreed['number']}/withdrawal", {"reason": "x"})

    assert page.status == 401


async def test_a_record_is_found_and_opened(browser: Browser, agreed: dict[str, str]) -> None:
    await sign_in(browser, "archivist")

    found = await browser.open(f"/archive/records?q={agreed['number']}&from=&to=")

    assert found.all("a", href=f"/archive/records/{agreed['number']}")


async def test_the_list_of_what_was_found_names_nobody(browser: Browser, agreed: dict[str, str]) -> None:
    await sign_in(browser, "archivist")

    found = await browser.open(f"/archive/records?q={agreed['number']}")

    assert "王**的电饭煲漏电 <b>" in found.text


async def test_a_search_that_is_too_short_says_so_beside_the_field(browser: Browser) -> None:
    await sign_in(browser, "archivist")

    page = await browser.open("/archive/records?q=漏")

    assert (page.status, page.value("q")) == (400, "漏")
    assert "至少两个连续的汉字" in page.text


async def test_every_field_of_the_search_has_a_label(browser: Browser) -> None:
    await sign_in(browser, "archivist")

    assert list(unlabelled(await browser.open("/archive/"))) == []


async def test_a_dossier_shows_nobody_until_a_reason_is_given(browser: Browser, agreed: dict[str, str]) -> None:
    await sign_in(browser, "archivist")

    page = await browser.open(f"/archive/records/{agreed['number']}")

    assert ("13800001234" in page.html, "*******1234" in page.text) == (False, True)


async def test_a_given_reason_stands_in_the_dossier_beside_what_was_shown(
    browser: Browser, agreed: dict[str, str]
) -> None:
    await sign_in(browser, "archivist")

    page = await browser.open(f"/archive/records/{agreed['number']}?unmask=复查<b>")

    assert "13800001234" in page.text
    assert "amy: 复查<b>" in page.text


async def test_a_dossier_runs_nothing_that_somebody_wrote_into_it(browser: Browser, agreed: dict[str, str]) -> None:
    await sign_in(browser, "archivist")

    page = await browser.open(f"/archive/records/{agreed['number']}")

    assert "<script>alert('answer')</script>" in page.text
    assert page.all("script") == []


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "全部经过"), ("en", "Everything that happened")])
async def test_a_dossier_speaks_the_readers_language(
    browser: Browser, agreed: dict[str, str], language: str, words: str
) -> None:
    await sign_in(browser, "archivist")

    assert words in (await browser.open(f"/archive/records/{agreed['number']}", language)).text
