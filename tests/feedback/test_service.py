"""One conversation over HTTP and the bus, on the real servers: answered, disputed, answered again, agreed, judged."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.contracts.event import Message
from shared.contracts.routing import CaseReopened, CaseResolved
from shared.privacy import DataKey, seal
from shared.testing.builders import a_number, outgoing, registered
from tests.harness import Site, Town, eventually, serving

JSON = {"Content-Type": "application/json"}


class Story:
    """One complaint in a running feedback service."""

    def __init__(self, town: Town, key: DataKey, sequence: int) -> None:
        self.town, self.key, self.number = town, key, a_number(sequence)

    async def tell(self, message: Message) -> None:
        """Publish what another service would say."""
        self.town["feedback"].bus.publisher.offer([(self.number, outgoing(message, self.number))])

    async def register(self) -> None:
        await self.tell(registered(self.number, self.key, regulation="service-quality"))
        await self.becomes(lambda state: state["letters"][0]["state"] == "sent")

    async def answer(self, round_: int = 1) -> str:
        """Put an answer, wait until its letter is out; the path that its link leads to."""
        sealed = seal("我们上门重装，并致歉。", self.key, self.number)
        await self.tell(CaseResolved(outcome="upheld", answer=sealed, round=round_))
        await self.becomes(lambda state: len(state["answers"]) == round_ and state["letters"][-1]["state"] == "sent")
        return self.path("conversations", f"answer-{round_}")

    async def becomes(self, condition: Any) -> dict[str, Any]:
        async def current() -> Any:
            document = await self.town.state("feedback", self.number)
            return document if document and condition(document["state"]) else None

        found: dict[str, Any] = await eventually(current)
        return found

    def path(self, what: str, purpose: str) -> str:
        return f"/feedback/{what}/{self.town['feedback'].tokens.issue(self.number, purpose)}"


@pytest.fixture(scope="module")
async def town(module_site: Site) -> AsyncIterator[Town]:
    async with serving(module_site, "feedback") as town:
        yield town


@pytest.fixture
async def story(town: Town, request: pytest.FixtureRequest) -> Story:
    story = Story(town, await town["feedback"].vault.new_key(), request.session.items.index(request.node))
    await story.register()
    return story


async def test_the_answer_is_read_and_agreed_with_once_and_the_survey_follows(story: Story):
    path = await story.answer()
    assert (await story.town.send("GET", path))[1]["answer"] == "我们上门重装，并致歉。"

    first = await story.town.send("POST", path, {"view": "agree"})
    second = await story.town.send("POST", path, {"view": "agree"})

    assert first[0] == 200
    assert first == second
    assert first[1]["status"] == "agreed"
    assert (await story.town.send("GET", story.path("surveys", "survey")))[1]["status"] == "asked"


async def test_a_dispute_leads_to_another_round_and_the_old_link_to_nothing(story: Story):
    old = await story.answer()
    assert (await story.town.send("POST", old, {"view": "dispute", "reason": "仍未修好"}))[1]["status"] == "disputed"
    await story.tell(CaseReopened(level=1, reason="disputed", department="service"))
    await story.becomes(lambda state: state["status"] == "open")

    new = await story.answer(2)

    assert (await story.town.send("POST", old, {"view": "agree"}))[1]["code"] == "superseded"
    assert (await story.town.send("POST", new, {"view": "agree"}))[1]["round"] == 2


async def test_s15_6_nobody_agrees_by_the_tracking_link_with_an_answer_that_they_have_not_read(story: Story):
    await story.answer()
    by_tracking = story.path("conversations", "track")
    await story.town.send("POST", by_tracking, {"view": "dispute", "reason": "仍未修好", "round": 1})
    await story.tell(CaseReopened(level=1, reason="disputed", department="service"))
    await story.becomes(lambda state: state["status"] == "open")
    await story.answer(2)

    status, problem = await story.town.send("POST", by_tracking, {"view": "agree", "round": 1})

    assert (status, problem["code"]) == (410, "superseded")
    assert (await story.town.send("POST", by_tracking, {"view": "agree", "round": 2}))[1]["status"] == "agreed"


async def test_what_has_not_been_answered_yet_is_not_called_superseded(story: Story):
    status, problem = await story.town.send("POST", story.path("conversations", "track"), {"view": "agree", "round": 1})

    assert (status, problem["code"]) == (409, "wrong-state")


async def test_the_link_of_an_earlier_answer_never_decides_on_a_later_one(story: Story):
    old = await story.answer()
    await story.town.send("POST", old, {"view": "dispute", "reason": "仍未修好"})
    await story.tell(CaseReopened(level=1, reason="disputed", department="service"))
    await story.becomes(lambda state: state["status"] == "open")
    await story.answer(2)

    status, problem = await story.town.send("POST", old, {"view": "agree", "round": 2})

    assert (status, problem["code"]) == (410, "superseded")


async def test_whoever_agreed_is_told_that_this_stands(story: Story):
    path = await story.answer()
    await story.town.send("POST", path, {"view": "agree"})

    status, problem = await story.town.send("POST", path, {"view": "dispute", "reason": "不同意"})

    assert (status, problem["code"]) == (409, "already-answered")


async def test_a_dispute_needs_a_reason(story: Story):
    path = await story.answer()

    status, problem = await story.town.send("POST", path, {"view": "dispute"})

    assert (status, problem["code"]) == (422, "invalid-body")


async def test_the_tracking_link_opens_the_answer_too(story: Story):
    await story.answer()

    status, view = await story.town.send("GET", story.path("conversations", "track"))

    assert (status, view["status"], view["until"] is not None) == (200, "answered", True)


@pytest.mark.parametrize("what", ["conversations", "surveys"])
async def test_a_link_that_is_not_ours_leads_nowhere(story: Story, what: str):
    status, problem = await story.town.send("GET", story.path(what, "track") + "x")

    assert (status, problem["code"]) == (404, "not-found")


async def test_nobody_is_asked_before_the_complaint_is_closed(story: Story):
    assert (await story.town.send("GET", story.path("surveys", "survey")))[0] == 404


async def test_the_survey_is_answered_once(story: Story):
    await story.town.send("POST", await story.answer(), {"view": "agree"})
    path, said = story.path("surveys", "survey"), {"csat": 4, "nps": 9, "ces": 6, "comment": "师傅很专业"}

    answers = [await story.town.send("POST", path, body) for body in (said, said, said | {"csat": 1})]

    assert [status for status, _ in answers] == [200, 200, 409]
    assert answers[0][1]["status"] == "completed"


async def test_what_the_complainant_said_in_the_survey_is_stored_sealed(story: Story):
    await story.town.send("POST", await story.answer(), {"view": "agree"})

    await story.town.send("POST", story.path("surveys", "survey"), {"csat": 4, "comment": "师傅很专业"})

    document = await story.becomes(lambda state: state["survey"]["status"] == "completed")
    assert document["state"]["survey"]["comment"].startswith("sealed:v1:")


@pytest.mark.parametrize("bad", [{"csat": 6}, {"csat": 0}, {"nps": 5}, {"csat": 5, "nps": 11}, {"csat": 5, "ces": 8}])
async def test_a_judgement_off_the_scale_is_refused(story: Story, bad: dict[str, int]):
    assert (await story.town.send("POST", story.path("surveys", "survey"), bad))[0] == 422


@pytest.mark.parametrize(("what", "said"), [("conversations", "reason"), ("surveys", "comment")])
async def test_words_beyond_their_limit_are_refused(story: Story, what: str, said: str):
    body = {"view": "dispute"} if what == "conversations" else {"csat": 1}
    path = story.path(what, "track")

    status, problem = await story.town.send("POST", path, body | {said: "x" * 5_001})

    assert (status, problem["errors"][0]["pointer"]) == (422, f"#/{said}")
