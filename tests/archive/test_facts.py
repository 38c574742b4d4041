"""What an event said, as people understand it."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from services.archive.app import SERVICE
from services.archive.facts import Fact, Teller
from services.archive.pages import PAGES
from shared.contracts.values import Role

TELLER = Teller(PAGES.words("en"), "en", {"service": "Service department", "engineering": "Engineering"})

NOT_TOLD = frozenset({"type", "sealed"})
"""Names that no reader meets: what kind of event it is stands above the facts, what is sealed is opened."""


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"department": "engineering"}, Fact("Department", "Engineering")),
        ({"from": "service"}, Fact("From", "Service department")),
        ({"to": "engineering"}, Fact("To", "Engineering")),
        ({"category": "service"}, Fact("Category", "service")),
        ({"department": "dissolved"}, Fact("Department", "dissolved")),
    ],
    ids=str,
)
def test_a_department_is_called_by_its_title_and_nothing_else_is(said: dict[str, str], told: Fact) -> None:
    assert list(TELLER.facts(said)) == [told]


def test_every_standstill_of_a_clock_is_told_by_itself_and_in_local_time() -> None:
    stood = {"since": "2026-11-24T02:00:00Z", "until": "2026-11-25T02:00:00Z"}

    told = list(TELLER.facts({"counting": {"start": "2026-11-23T02:00:00Z", "pauses": [stood, stood]}}))

    pause = Fact("Pause", parts=(Fact("Since", "24 November 2026, 10:00"), Fact("Until", "25 November 2026, 10:00")))
    counted = (Fact("Counted from", "23 November 2026, 10:00"), pause, pause)
    assert told == [Fact("How it was counted", parts=counted)]


def test_every_fact_that_an_event_may_tell_has_a_name_that_people_understand() -> None:
    named = {name for event in SERVICE.subscriptions.events for name in _names(event)}

    assert [name for name in sorted(named - NOT_TOLD) if f"fact-{name}" not in PAGES.words("en")] == []


def test_every_role_has_a_name_that_people_understand() -> None:
    assert [role for role in get_args(Role) if f"value-{role}" not in PAGES.words("en")] == []


def _names(of: Any) -> Iterator[str]:
    """The names of the fields of a model, and of the models in them."""
    if isinstance(of, type) and issubclass(of, BaseModel):
        for name, field in of.model_fields.items():
            yield field.alias or name
            yield from _names(field.annotation)
    for part in get_args(of):
        yield from _names(part)
