"""The register (台账) as MongoDB answers it: latest first, filtered, and no page reads more than it shows."""

from collections.abc import AsyncIterator, Iterator
from typing import Any, get_args

import pytest

from services.intake import store
from services.intake.model import Complaint
from shared.contracts.values import Channel, Status
from shared.database import Documents
from shared.testing.builders import a_number
from tests.asked import Asked, explained, holding
from tests.intake.given import a_complaint, later

CHANNELS: list[Channel] = ["hotline", "web"]
MANY = 400


def everywhere() -> Iterator[Complaint]:
    """Complaints of both channels in every status, several at a moment, in no order of time."""
    statuses = get_args(Status)
    for serial in range(MANY):
        yield a_complaint().model_copy(
            update={
                "number": a_number(serial + 1),
                "registration_id": f"{serial * 37 % MANY:04d}",
                "received_at": later(serial * 53 % MANY // 3),
                "status": statuses[serial % len(statuses)],
                "channel": CHANNELS[serial % 7 == 0],
            }
        )


@pytest.fixture(scope="module")
def asked() -> Asked:
    return Asked()


@pytest.fixture(scope="module")
async def documents(mongodb_url: str, database_prefix: str, asked: Asked) -> AsyncIterator[Documents]:
    async with holding(mongodb_url, f"{database_prefix}intake", store.INDEXES, everywhere(), asked) as complaints:
        yield complaints


async def page(
    documents: Documents, wanted: dict[str, Any], cursor: str = "", limit: int = 7
) -> tuple[list[Complaint], str | None]:
    return await store.register(documents, store.criteria(**ANYTHING | wanted), lambda _: True, limit, cursor)


ANYTHING: dict[str, Any] = dict.fromkeys(("status", "channel", "regulation", "since", "until"))
FILTERS: list[dict[str, Any]] = [
    {},
    {"status": "closed"},
    {"channel": "hotline"},
    {"since": later(20), "until": later(90)},
    {"status": "registered", "since": later(20)},
]


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
async def test_the_pages_hold_what_fits_latest_first_and_each_complaint_once(
    documents: Documents, wanted: dict[str, Any]
) -> None:
    paged: list[Complaint] = []
    cursor: str | None = ""
    while cursor is not None:
        items, cursor = await page(documents, wanted, cursor)
        paged += items

    def fits(one: Complaint) -> bool:
        since, until = wanted.get("since", later(0)), wanted.get("until", later(MANY))
        named = {name: value for name, value in wanted.items() if name in ("status", "channel")}
        return since <= one.received_at < until and all(getattr(one, name) == value for name, value in named.items())

    fitting = sorted((one for one in everywhere() if fits(one)), key=lambda one: one.registration_id)
    assert paged == sorted(fitting, key=lambda one: one.received_at, reverse=True)


@pytest.mark.parametrize("behind", [0, 5, 25], ids=["first", "later", "far down"])
@pytest.mark.parametrize("wanted", FILTERS, ids=str)
async def test_a_page_is_read_from_an_index_and_reads_hardly_more_than_it_shows(
    documents: Documents, asked: Asked, wanted: dict[str, Any], behind: int
) -> None:
    _, cursor = await page(documents, wanted, limit=behind) if behind else ([], "")
    asked.finds.clear()
    await page(documents, wanted, cursor or "", limit=5)
    plans = [await explained(documents, question) for question in list(asked.finds)]

    assert not set().union(*(plan.stages for plan in plans)) & {"COLLSCAN", "SORT"}
    assert sum(plan.examined for plan in plans) <= 50
