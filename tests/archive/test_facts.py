"""What an event said, as people understand it."""

import pytest

from services.archive.facts import Fact, Teller
from services.archive.pages import PAGES

TELLER = Teller(PAGES.words("en"), "en", {"service": "Service department", "engineering": "Engineering"})


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
