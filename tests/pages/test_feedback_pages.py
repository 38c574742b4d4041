"""What a complainant sees of feedback: the answer, and the survey."""

from shared.privacy import Tokens
from tests.harness import Town
from tests.pages.browser import Browser, unlabelled


def survey_of(town: Town, receipt: dict[str, str]) -> str:
    """The link to the survey of a complaint."""
    return f"/feedback/surveys/{town['feedback'].tokens.issue(receipt['number'], 'survey')}"


async def test_the_answer_is_shown_as_it_was_written_and_runs_nothing(
    browser: Browser, answered: dict[str, str]
) -> None:
    page = await browser.open(f"/feedback/conversations/{answered['tracking_token']}")

    assert "<script>alert('answer')</script>" in page.text
    assert page.all("script") == []


async def test_the_answer_can_be_read_in_english_surroundings(browser: Browser, answered: dict[str, str]) -> None:
    page = await browser.open(f"/feedback/conversations/{answered['tracking_token']}", "en")

    assert "What do you think?" in page.text


async def test_who_agrees_is_thanked_and_asked_how_we_did(
    browser: Browser, town: Town, answered: dict[str, str]
) -> None:
    page = await browser.send(f"/feedback/conversations/{answered['tracking_token']}", {"view": "agree"})

    assert "您已同意处理结果" in page.text
    assert page.all("a", href=survey_of(town, answered))


async def test_who_disputes_reads_their_reason_again_as_text(browser: Browser, answered: dict[str, str]) -> None:
    path = f"/feedback/conversations/{answered['tracking_token']}"

    page = await browser.send(path, {"view": "dispute", "reason": "<img src=x onerror=alert(1)>没有道歉"})

    assert "<img src=x onerror=alert(1)>没有道歉" in page.text
    assert page.all("img") == []


async def test_a_dispute_without_a_reason_is_a_page_that_says_so(browser: Browser, answered: dict[str, str]) -> None:
    page = await browser.send(
        f"/feedback/conversations/{answered['tracking_token']}", {"view": "dispute", "reason": " "}
    )

    assert (page.status, page.headers["Content-Type"]) == (422, "text/html; charset=utf-8")


async def test_who_has_agreed_cannot_dispute_and_is_told_kindly(browser: Browser, answered: dict[str, str]) -> None:
    path = f"/feedback/conversations/{answered['tracking_token']}"
    await browser.send(path, {"view": "agree"})

    page = await browser.send(path, {"view": "dispute", "reason": "改主意了"})

    assert (page.status, "您已经答复过了" in page.text) == (409, True)


async def test_a_link_that_is_not_ours_is_a_friendly_page(browser: Browser) -> None:
    page = await browser.open("/feedback/conversations/nonsense", "en")

    assert (page.status, "The link may not be complete" in page.text) == (404, True)


async def test_every_question_has_a_legend_or_a_label(browser: Browser, town: Town, agreed: dict[str, str]) -> None:
    page = await browser.open(survey_of(town, agreed))

    assert list(unlabelled(page)) == []
    assert len(page.all("fieldset")) == len(page.all("legend")) == 3


async def test_an_answered_survey_thanks_and_asks_no_more(browser: Browser, town: Town, agreed: dict[str, str]) -> None:
    path = survey_of(town, agreed)

    page = await browser.send(path, {"csat": "5", "nps": "10", "comment": "谢谢\r\n很快"})

    assert "谢谢您的评价" in page.text
    assert (await browser.open(path)).all("form") == []


async def test_a_survey_is_answered_once(browser: Browser, town: Town, agreed: dict[str, str]) -> None:
    path = survey_of(town, agreed)
    await browser.send(path, {"csat": "5"})

    assert (await browser.send(path, {"csat": "1"})).status == 409


async def test_a_survey_link_of_another_installation_opens_nothing(browser: Browser, agreed: dict[str, str]) -> None:
    forged = Tokens(b"another master key of 32 bytes!!").issue(agreed["number"], "survey")

    assert (await browser.open(f"/feedback/surveys/{forged}")).status == 404
