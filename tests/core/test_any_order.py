"""Any order the broker may choose: however messages about a complaint come in, each service ends where it should."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.event import Message
from shared.document import Document
from shared.privacy import Keyring
from shared.service import Running
from shared.testing.builders import a_number
from shared.testing.keys import a_key
from shared.testing.stories import stories
from tests.core.resting import SERVICES, as_registered, context_of, heard, resting, told
from tests.harness import Site

KEY = a_key()
NUMBER = a_number()
STORIES = stories(NUMBER, KEY)
BOOKKEEPING = {"moved_at", "moved_by"}
"""What only says by which way the end was reached."""
DECIDED_BY_INTAKE = {"withdrawn", "declined"}
EVERYTHING = {message.kind() for story in STORIES.values() for message in story}
REPLIES_AND_RESULTS = {"department.reply", "outcome.disputed", "complaint.closed", "complaint.withdrawn"}
AFTER: dict[str, dict[str, set[str]]] = {
    # A department's replies stand in one queue in order, and what follows from them comes later.
    "routing": dict.fromkeys(REPLIES_AND_RESULTS, REPLIES_AND_RESULTS | {"complaint.registered"}),
    # A promise that was kept is not counted again, and the end of a matter ends its clock.
    "sla": {"case.resolved": {"case.paused", "case.resumed"}, "complaint.closed": EVERYTHING},
    # Progress that the answer has overtaken is not told any more.
    "feedback": {"case.resolved": {"case.progressed"}},
}
"""What comes first for certain, or has to: kinds of messages, and the kinds that come before each in the story."""


@pytest.fixture(scope="module")
async def services(module_site: Site) -> AsyncIterator[dict[str, Running[Any]]]:
    async with resting(module_site) as made:
        yield made


def ends(running: Running[Any], shuffled: Sequence[Message], story: Sequence[Message]) -> dict[str, Any]:
    """Where a service ends after a story that is told in another order."""
    place = {message.id: at for at, message in enumerate(story)}
    after = AFTER.get(running.service.name, {})

    def certainly(earlier: Message, later: Message) -> bool:
        return earlier.kind() in after.get(later.kind(), ()) and place[earlier.id] < place[later.id]

    subscriptions = running.service.subscriptions
    known = running.service.name == "intake"
    document = as_registered(story[0]) if known else Document(subscriptions.aggregate, NUMBER)  # type: ignore[arg-type]
    aggregate = told(document, subscriptions, heard(subscriptions, shuffled), context_of(running, KEY), certainly)
    return readable(aggregate.model_dump(mode="json", exclude=BOOKKEEPING)) | {"alarm_at": aggregate.alarm_at}


def readable(value: Any) -> Any:
    """The same with sealed values opened: what a service seals looks different every time."""
    match value:
        case dict():
            return {name: readable(part) for name, part in value.items()}
        case list():
            return [readable(part) for part in value]
        case str() if value.startswith("sealed:"):
            return Keyring([KEY]).open(value, NUMBER)
    return value


@pytest.mark.parametrize(
    ("name", "story"),
    [(name, story) for name in SERVICES for story in STORIES if name != "intake" or story not in DECIDED_BY_INTAKE],
)
@settings(derandomize=True, deadline=None, max_examples=25)
@given(data=st.data())
def test_in_any_order_a_story_ends_the_same(
    name: str, story: str, services: dict[str, Running[Any]], data: st.DataObject
) -> None:
    in_order = STORIES[story]

    shuffled = data.draw(st.permutations(in_order))

    assert ends(services[name], shuffled, in_order) == ends(services[name], in_order, in_order)
