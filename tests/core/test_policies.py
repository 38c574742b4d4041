"""Regulation packs that come, change and are wrong while services run: nothing is lost, nothing has to be restarted."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from shared.testing.calendars import as_they_were
from shared.worktime import CalendarEdition
from tests.broker import contents
from tests.core.packs import WITH_DEPARTMENT, in_force, within, write
from tests.harness import Site, Town, eventually, process, serving


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An operators' folder as Kubernetes mounts it: the files are links into a directory that is swapped as a whole."""
    write(tmp_path, version=1)
    return tmp_path


@pytest.fixture
def site(site: Site, folder: Path) -> Site:
    return replace(site, changes={"regulations": str(folder)})


async def known_to_sla(town: Town, number: str) -> Any:
    async def clock() -> Any:
        document = await town.state("sla", number)
        return document and document["state"]

    return await eventually(clock)


async def test_a_changed_pack_comes_into_force_without_a_restart(site: Site, folder: Path) -> None:
    async with serving(site, "intake", "sla") as town:
        write(folder, version=2, within="2 working days")

        await in_force(town, "2", "intake", "sla")
        _, receipt = await town.register(regulation="own")

        assert (await known_to_sla(town, receipt["number"]))["promises"][-1]["within"] == "2 working days"


async def test_a_complaint_stays_under_the_version_it_was_registered_under(site: Site, folder: Path) -> None:
    async with serving(site, "intake", "routing", "sla") as town:
        _, receipt = await town.register(regulation="own")
        write(folder, version=2, within="2 working days")
        await in_force(town, "2", "intake", "routing", "sla")

        clock = await known_to_sla(town, receipt["number"])

        assert (clock["regulation_version"], within(town, "sla", "1")) == ("1", "5 working days")


async def test_a_restart_finds_the_versions_whose_files_are_gone(site: Site, folder: Path) -> None:
    async with serving(site, "intake") as town:
        await in_force(town, "1", "intake")
    write(folder, version=2, within="2 working days")

    async with serving(site, "feedback") as town:
        assert (within(town, "feedback", "1"), within(town, "feedback", "2")) == ("5 working days", "2 working days")


async def test_a_service_without_the_folder_learns_of_its_packs(site: Site) -> None:
    async with serving(site, "intake"), serving(replace(site, changes={}), "archive") as elsewhere:
        await in_force(elsewhere, "1", "archive")


async def test_two_replicas_see_a_change_that_only_one_can_read(site: Site, folder: Path) -> None:
    async with serving(site, "intake"), serving(replace(site, changes={}), "intake") as other:
        write(folder, version=2)

        await in_force(other, "2", "intake")


async def test_a_wrong_pack_leaves_the_old_ones_in_force_and_says_what_is_wrong(site: Site, folder: Path) -> None:
    async with serving(site, "intake") as town:
        with capture_logs() as lines:
            write(folder, version=2, within="5 working das")

            found = await eventually(lambda: [one for one in lines if one["event"] == "regulations_not_loaded"])

        assert "own.yaml, line 10: targets.0.within: '5 working das' is not a time limit" in found[0]["mistakes"][0]
        assert town["intake"].regulations.get("own").version == "1"
        assert await town["intake"].ready() == {"database": True, "queue": True}


async def test_other_content_under_the_same_version_is_refused(site: Site, folder: Path) -> None:
    async with serving(site, "intake") as town:
        with capture_logs() as lines:
            write(folder, version=1, within="2 working days")

            await eventually(lambda: [one for one in lines if one["event"] == "policy_refused"])

        assert (within(town, "intake"), lines[-1]["policy"]) == ("5 working days", "own:1")


async def test_a_number_prefix_stays_with_its_regulation(site: Site, folder: Path) -> None:
    async with serving(site, "intake"):
        pass
    text = (folder / "own.yaml").read_text(encoding="utf-8")
    (folder / "own.yaml").unlink()
    (folder / "other.yaml").write_text(text.replace("name: own", "name: other"), encoding="utf-8")

    with capture_logs() as lines:
        async with serving(site, "intake"):
            refused = [one["policy"] for one in lines if one["event"] == "policy_refused"]

    assert refused == ["other:1"]


async def test_a_new_department_gets_its_work_orders(site: Site, folder: Path) -> None:
    async with serving(site, "intake", "routing") as town:
        write(folder, version=2, more=WITH_DEPARTMENT)
        await in_force(town, "2", "intake")

        _, receipt = await town.register(regulation="own")

        async def ordered() -> bool:
            document = await town.state("routing", receipt["number"])
            return bool(document and not document["outbox"])

        await eventually(ordered)
        orders = await contents(site.amqp_url, "department.workshop")
    assert [order.headers["cloudEvents:subject"] for order in orders] == [receipt["number"]]


async def test_a_pack_may_name_a_calendar_that_was_entered_before(site: Site, folder: Path) -> None:
    plant = CalendarEdition(name="plant", version=1, title="工厂")  # type: ignore[arg-type]  # a text for every language
    with as_they_were():
        async with serving(site, "intake") as town:
            await town["intake"].policies.enter(plant)
            write(folder, version=2, more="calendar: plant")

            await in_force(town, "2", "intake")


async def test_a_wrong_pack_at_the_start_stops_the_service(site: Site, folder: Path) -> None:
    write(folder, version=2, within="5 working das")

    async with process(site, "services.intake") as intake:
        assert await intake.ended() == 1
