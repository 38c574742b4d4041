"""What a complainant sees of intake: the form, the receipt, tracking."""

import re

import pytest

from tests.harness import Town, eventually
from tests.pages.browser import Browser, Shown, unlabelled

TYPED = {
    "regulation": "service-quality",
    "narrative": "排队两小时，收银员态度恶劣。",
    "complainant.phone": "13800001234",
}
HOSTILE = "\"><script>alert('x')</script>"
NUMBER = re.compile(r"[A-Z]{2}-\d{8}-[0-9A-Z]{6}")


async def complain(browser: Browser, language: str = "zh-CN", **changes: str) -> Shown:
    """Fill in the form and send it."""
    key = (await browser.open("/intake/", language)).value("key")
    return await browser.send("/intake/form", TYPED | {"key": key} | changes, language)


def tracking(receipt: Shown) -> str:
    """The link on a receipt that leads to tracking."""
    number = NUMBER.findall(receipt.path)[0]
    return next(
        link["href"] or ""
        for link in receipt.all("a")
        if (link["href"] or "").startswith(f"/intake/complaints/{number}?")
    )


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "提交投诉"), ("en-GB,en", "Make a complaint")])
async def test_the_form_speaks_the_readers_language(browser: Browser, language: str, words: str) -> None:
    assert words in (await browser.open("/intake/", language)).text


async def test_the_form_does_not_offer_the_regulation_for_demonstrations(browser: Browser) -> None:
    page = await browser.open("/intake/")

    assert (page.all("option", value="demo"), len(page.all("option", value="property"))) == ([], 1)


async def test_the_language_chosen_on_one_page_is_kept_on_the_next(browser: Browser) -> None:
    await browser.open("/intake/?lang=en", "zh-CN")

    assert (await browser.open("/intake/track", "zh-CN")).all("html", lang="en")


async def test_every_field_has_a_label(browser: Browser) -> None:
    assert list(unlabelled(await browser.open("/intake/"))) == []


async def test_s8_7_a_sent_form_leads_to_a_receipt_with_the_number_that_can_be_reloaded(
    browser: Browser, town: Town
) -> None:
    receipt = await complain(browser)

    number = NUMBER.findall(receipt.path)[0]
    assert receipt.status == 200
    assert number in receipt.text
    assert "/receipt?token=" in receipt.path


async def test_the_receipt_says_how_each_deadline_was_counted(browser: Browser) -> None:
    receipt = await complain(browser)

    assert "《民法典》第二百零一条" in receipt.text


async def test_a_complaint_comes_in_through_the_channel_web(browser: Browser, town: Town) -> None:
    number = NUMBER.findall((await complain(browser)).path)[0]

    stored = await town.state("intake", number)
    assert stored is not None
    assert stored["state"]["channel"] == "web"


async def test_a_form_sent_twice_is_one_complaint(browser: Browser) -> None:
    form = TYPED | {"key": (await browser.open("/intake/")).value("key")}

    assert (await browser.send("/intake/form", form)).path == (await browser.send("/intake/form", form)).path


async def test_a_form_sent_again_with_other_content_asks_before_it_becomes_a_new_complaint(browser: Browser) -> None:
    form = TYPED | {"key": (await browser.open("/intake/")).value("key")}
    await browser.send("/intake/form", form)

    asked = await browser.send("/intake/form", form | {"narrative": "另一件事"})

    assert asked.status == 422
    assert asked.value("key") != form["key"]


async def test_what_was_typed_stays_where_something_is_missing(browser: Browser) -> None:
    page = await complain(browser, narrative="", claim="退货")

    assert page.status == 422
    assert page.value("claim") == "退货"
    assert page.all("textarea", **{"aria-describedby": "narrative-hint narrative-mistake"})


async def test_somebody_who_leaves_no_way_to_be_answered_is_told_so_beside_the_fields(browser: Browser) -> None:
    page = await complain(browser, **{"complainant.phone": ""})

    assert "请至少留一种联系方式" in page.text


async def test_what_the_regulation_asks_for_is_said_beside_its_field(browser: Browser) -> None:
    page = await complain(browser, regulation="property")

    assert page.all("input", name="place", **{"aria-invalid": "true"})


async def test_a_moment_is_taken_as_the_offices_local_time(browser: Browser, town: Town) -> None:
    receipt = await complain(browser, regulation="property", occurred_at="2026-11-20T09:30", place="3号楼")

    stored = await town.state("intake", NUMBER.findall(receipt.path)[0])
    assert stored is not None
    assert stored["state"]["occurred_at"].isoformat() == "2026-11-20T01:30:00+00:00"


async def test_nobody_makes_themselves_important_by_form(browser: Browser, town: Town) -> None:
    receipt = await complain(browser, **{"complainant.tier": "important", "severity": "critical"})

    stored = await town.state("intake", NUMBER.findall(receipt.path)[0])
    assert stored is not None
    assert (stored["state"]["complainant"]["tier"], stored["state"]["hints"]["severity"]) == ("standard", None)


async def test_of_somebody_anonymous_no_contact_is_kept(browser: Browser, town: Town) -> None:
    receipt = await complain(browser, **{"complainant.anonymous": "yes"})

    stored = await town.state("intake", NUMBER.findall(receipt.path)[0])
    assert stored is not None
    assert stored["state"]["complainant"]["anonymous"] is True


@pytest.mark.parametrize("name", ["narrative", "claim", "place", "complainant.name", "product.name"])
async def test_hostile_input_is_shown_as_text(browser: Browser, name: str) -> None:
    page = await complain(browser, **{"complainant.phone": "", name: HOSTILE})

    assert page.status == 422
    assert page.all("script") == []


@pytest.mark.parametrize(
    "form", [b"narrative=%ff%fe&complainant.phone=1", b"a=1&" * 200, b"complainant=x&complainant.name=y"]
)
async def test_a_form_that_no_browser_sends_is_refused_without_an_error_of_ours(browser: Browser, form: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=nonsense", "Accept": "text/html"}

    async with browser.session.post("/intake/form", data=form, headers=headers) as answer:
        assert 400 <= answer.status < 500


async def test_another_web_site_cannot_send_our_form(browser: Browser) -> None:
    page = await browser.send("/intake/form", TYPED, **{"Sec-Fetch-Site": "cross-site"})

    assert page.status == 403


async def test_number_and_code_lead_to_tracking(browser: Browser) -> None:
    link = tracking(await complain(browser))
    number, _, code = link.removeprefix("/intake/complaints/").partition("?token=")

    assert (await browser.send("/intake/track", {"number": number.lower(), "token": code})).path == link


@pytest.mark.parametrize("more", ["", "&lang=en", "&done=supplemented", "#top"])
async def test_the_whole_link_does_as_a_code_whatever_stands_behind_it(browser: Browser, more: str) -> None:
    link = tracking(await complain(browser))
    typed = {"number": NUMBER.findall(link)[0], "token": f"https://example.org{link}{more}"}

    assert (await browser.send("/intake/track", typed)).path == link


async def test_a_number_with_the_code_of_another_complaint_is_refused_beside_the_field(browser: Browser) -> None:
    page = await browser.send("/intake/track", {"number": "SQ-20261123-00017K", "token": "guessed"})

    assert (page.status, page.value("number")) == (422, "SQ-20261123-00017K")


async def test_a_browser_gets_the_tracking_page_and_a_program_the_document(browser: Browser, town: Town) -> None:
    link = tracking(await complain(browser))

    status, document = await town.send("GET", link)
    assert (status, document["number"]) == (200, NUMBER.findall(link)[0])
    assert (await browser.open(link)).all("li", **{"aria-current": "step"})


async def test_the_tracking_page_calls_the_department_by_its_name(browser: Browser) -> None:
    link = tracking(await complain(browser))

    page = await eventually(lambda: _assigned(browser, link))

    assert "服务部门" in page.text


async def test_the_tracking_document_calls_the_department_by_its_name_where_people_read_it(
    browser: Browser, town: Town
) -> None:
    link = tracking(await complain(browser))
    await eventually(lambda: _assigned(browser, link))

    _, document = await town.send("GET", link)

    texts = {entry["what"]: entry["text"] for entry in document["timeline"]}
    assert (document["department"], texts["assigned"]) == ("service", "已分派至责任部门（服务部门）")


async def _assigned(browser: Browser, link: str) -> Shown | None:
    page = await browser.open(link)
    return page if "已分派至责任部门" in page.text else None


async def test_something_can_be_added_on_the_tracking_page(browser: Browser) -> None:
    link = tracking(await complain(browser))
    number, _, token = link.removeprefix("/intake/complaints/").partition("?token=")

    page = await browser.send(f"/intake/complaints/{number}/supplements?token={token}", {"narrative": "还有录像"})

    assert "已收到您的补充" in page.text


async def test_a_withdrawal_is_confirmed_before_it_counts(browser: Browser) -> None:
    link = tracking(await complain(browser)).replace("?", "/withdrawal?")

    asked = await browser.open(link)
    done = await browser.send(link, {"reason": "已自行解决"})

    assert asked.all("form", method="post", action=link)
    assert "投诉已撤回" in done.text


async def test_a_link_of_another_complaint_opens_nothing(browser: Browser) -> None:
    mine, other = tracking(await complain(browser)), tracking(await complain(browser))
    crossed = mine.partition("?")[0] + "?" + other.partition("?")[2]

    page = await browser.open(crossed)

    assert (page.status, page.headers["Content-Type"]) == (403, "text/html; charset=utf-8")
