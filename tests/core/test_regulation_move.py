"""An administrator moves a complaint to another version of its regulation: every service follows, on the record."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.identity import issue_staff_token
from tests.core.packs import WITH_DEPARTMENT, in_force, write
from tests.harness import JWT_SECRET, Site, Town, eventually, serving

EVERYBODY = ("intake", "routing", "sla", "feedback", "archive")
REASON = "the newer rules are kinder"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The operators' folder, with version 1 of a pack."""
    made = tmp_path_factory.mktemp("packs")
    write(made, version=1)
    return made


@pytest.fixture(scope="module")
async def town(module_site: Site, folder: Path) -> AsyncIterator[Town]:
    async with serving(replace(module_site, changes={"regulations": str(folder)}), *EVERYBODY) as running:
        yield running


@pytest.fixture(scope="module")
async def number(town: Town, folder: Path) -> str:
    """A complaint under version 1; versions 2 (sooner) and 3 (with other departments) have come into force since."""
    _, receipt = await town.register(regulation="own")

    async def placed() -> bool:
        complaint = await town.state("intake", receipt["number"])
        return bool(complaint and complaint["state"]["department"])

    await eventually(placed)
    for version, more in ((2, ""), (3, WITH_DEPARTMENT)):
        write(folder, version=version, within="2 working days", more=more)
        await in_force(town, str(version), *EVERYBODY)
    return str(receipt["number"])


async def move(town: Town, number: str, version: str, role: str = "administrator") -> tuple[int, Any]:
    token = issue_staff_token(JWT_SECRET, "ada", [role], [])
    path, body = f"/intake/complaints/{number}/regulation", {"version": version, "reason": REASON}
    return await town.send("POST", path, body, {"Authorization": f"Bearer {token}"})


@pytest.fixture(scope="module")
async def moved(town: Town, number: str) -> str:
    """The same complaint, moved to version 2, as soon as everybody has heard of it."""
    assert (await move(town, number, "2"))[0] == 200

    async def followed() -> bool:
        states = [await town.state(name, number) for name in ("intake", "routing", "sla", "feedback")]
        return {state["state"]["regulation_version"] for state in states if state} == {"2"}

    await eventually(followed)
    return number


@pytest.mark.parametrize(
    ("version", "role", "status", "code"),
    [("9", "administrator", 422, "unknown-regulation"), ("1", "administrator", 422, "invalid"),
     ("3", "administrator", 422, "invalid"), ("2", "manager", 403, "forbidden")],
)  # fmt: skip
async def test_a_move_that_cannot_be_is_refused(
    town: Town, number: str, version: str, role: str, status: int, code: str
) -> None:
    answer = await move(town, number, version, role)

    assert (answer[0], answer[1]["code"]) == (status, code)


async def test_an_open_promise_is_held_to_the_new_rule(town: Town, moved: str) -> None:
    clock = await town.state("sla", moved)

    assert clock
    assert [one["within"] for one in clock["state"]["promises"] if one["state"] == "open"] == ["2 working days"]


async def test_the_complainant_sees_the_promise_of_the_new_rule(town: Town, moved: str) -> None:
    async def shown() -> bool:
        complaint, clock = await town.state("intake", moved), await town.state("sla", moved)
        assert complaint
        assert clock
        return bool(complaint["state"]["promises"]["resolution"] == clock["state"]["promises"][-1]["due_at"])

    await eventually(shown)


async def test_the_record_says_who_moved_it_from_where_to_where_and_why(town: Town, moved: str) -> None:
    async def recorded() -> Any:
        return (await town["archive"].repository.get(moved)).present.said("complaint.regulation-moved")

    said = await eventually(recorded)
    assert (said["from"], said["to"], said["by"], said["reason"]) == ("1", "2", "ada", REASON)


async def test_the_dossier_is_kept_under_the_version_that_counted_in_the_end(town: Town, moved: str) -> None:
    async def followed() -> bool:
        return (await town["archive"].repository.get(moved)).present.regulation_version == "2"

    await eventually(followed)
