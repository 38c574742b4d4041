"""The conformance report, as an auditor gets it."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from motor.motor_asyncio import AsyncIOMotorClient

from services.sla.conformance.figures import Figures, MilestoneFigures, count_promises
from services.sla.conformance.month import Month
from services.sla.conformance.paper import markdown
from services.sla.conformance.report import ClauseReport, Report, conformance
from services.sla.model import Clock
from shared.cli import main
from shared.policies import POLICIES, Shelf
from shared.regulations import UnknownRegulation, load_regulations
from shared.testing.builders import a_number
from shared.testing.calendars import as_they_were
from shared.worktime import CalendarEdition
from tests.harness import Site
from tests.sla.given import RECEIVED, a_clock, hours, promise, rules

RULES = rules()
REGULATIONS = load_regulations()
NOVEMBER = Month(2026, 11)
DUE = (promise(a_clock(), "resolution").due_at - RECEIVED) / timedelta(hours=1)
NOW = hours(24 * 60)


def complaint(serial: int, *, resolved: float | None = None, paused: tuple[float, float] | None = None) -> Clock:
    """A complaint of 23 November, acknowledged at once, resolved after so many hours."""
    clock = a_clock()
    clock.number = a_number(serial)
    clock.meet("acknowledgement", hours(1), RULES, hours(1))
    if paused:
        clock.pause("photos", "complainant", hours(paused[0]), RULES, hours(paused[0]))
        clock.resume(hours(paused[1]), RULES, hours(paused[1]))
    if resolved:
        clock.resolved(1, hours(resolved), RULES, hours(resolved))
    return clock


CLOCKS = [
    complaint(1, resolved=DUE - 1),
    complaint(2, resolved=DUE + 1),
    complaint(3, resolved=DUE + 1, paused=(24, 48)),
    complaint(4),
]


async def one_by_one(clocks: Sequence[Clock]) -> AsyncIterator[Clock]:
    for clock in clocks:
        yield clock


async def reported(clocks: Sequence[Clock] = CLOCKS, month: Month = NOVEMBER, packs: Sequence[str] = ()) -> Report:
    return await conformance(one_by_one(clocks), month, REGULATIONS, NOW, "en", packs)


async def clause(name: str, clocks: Sequence[Clock] = CLOCKS) -> ClauseReport:
    """What was found about a clause of the service quality regulation."""
    (pack,) = (await reported(clocks)).packs
    return next(one for one in pack.clauses if one.clause == name)


async def test_a_clause_says_how_many_complaints_it_applied_to_and_how_many_met_it() -> None:
    found = await clause("S15.5")

    assert (found.applied, found.met, found.moved, found.missed) == (4, 1, 1, 2)


async def test_the_complaints_that_did_not_meet_a_clause_are_named() -> None:
    found = await clause("S15.5")

    assert (found.missed_numbers, found.moved_numbers) == ([a_number(2), a_number(4)], [a_number(3)])


async def test_pauses_are_shown_beside_what_was_met() -> None:
    found = await clause("S15.5")

    assert (found.paused, found.paused_hours) == (1, 7.5)


async def test_the_rate_is_of_what_was_met_by_the_first_deadline() -> None:
    assert (await clause("S15.5")).on_time == 0.25


async def test_a_complaint_that_was_late_in_one_round_has_not_met_the_clause() -> None:
    clock = complaint(1, resolved=DUE - 100)
    clock.reopen(hours(DUE - 99), RULES, hours(DUE - 99))
    late = hours(DUE + 24 * 20)
    clock.resolved(2, late, RULES, late)
    clock.promises[-1].first_due_at = hours(DUE)

    found = await clause("S15.5", [clock])

    assert (found.applied, found.missed) == (1, 1)


async def test_a_clause_that_applied_to_nothing_stands_in_the_report_too() -> None:
    assert (await clause("S15.7")).applied == 0


async def test_what_a_clause_promises_is_told_in_words() -> None:
    assert (await clause("S15.2")).promise == "acknowledgement: within 24 hours of receipt"


async def test_a_promise_of_another_month_is_not_counted() -> None:
    assert [one.applied for pack in (await reported(month=Month(2026, 12), packs=["service-quality"])).packs
            for one in pack.clauses] == [0] * 4  # fmt: skip


async def test_a_deadline_that_touches_a_year_without_an_arrangement_is_told_to_be_provisional() -> None:
    clock = complaint(1)
    for one in clock.promises:
        one.started_at = one.due_at = one.first_due_at = hours(24 * 365 * 20)
    month = Month.of(clock.promises[0].due_at)

    (pack,) = (await reported([clock], month)).packs

    assert pack.provisional == [month.year]


async def test_a_complaint_under_a_regulation_that_is_not_there_is_not_passed_over() -> None:
    with pytest.raises(UnknownRegulation):
        await reported([CLOCKS[0].model_copy(update={"regulation_version": "0"})])


async def test_the_report_on_paper_names_regulation_clause_figures_and_numbers() -> None:
    paper = markdown(await reported(), "en")

    row = next(line for line in paper.splitlines() if line.startswith("| S15.5 | resolution: "))
    assert row.split(" | ")[2:] == ["4", "1", "1", "2", "0", "0", "25.0%", "1 (7.5 h) |"]
    assert f"{a_number(2)}, {a_number(4)}" in paper


async def test_the_report_says_its_period_and_how_it_was_counted() -> None:
    paper = markdown(await reported(), "zh-CN")

    assert "首次期限在 2026-11-01 00:00 至 2026-11-30 23:59（Asia/Shanghai）之间的承诺" in paper
    assert "每项承诺只计一次" in paper


async def counted(clocks: Sequence[Clock] = CLOCKS) -> Figures:
    return await count_promises(one_by_one(clocks), NOVEMBER, NOW)


async def of_resolution(clocks: Sequence[Clock] = CLOCKS) -> MilestoneFigures:
    return next(one for one in (await counted(clocks)).milestones if one.milestone == "resolution")


async def test_the_figures_of_a_month_count_every_promise_once() -> None:
    found = await of_resolution()

    assert (found.met, found.moved, found.missed, found.on_time) == (1, 1, 2, 0.25)


async def test_lateness_is_that_of_the_late_ones_only() -> None:
    found = await of_resolution(CLOCKS[:3])

    assert (found.mean_lateness, found.p90_lateness) == (3600, 3600)


async def test_nine_in_ten_of_the_late_ones_were_not_later_than_the_p90() -> None:
    found = await of_resolution([complaint(serial, resolved=DUE + serial) for serial in range(1, 21)])

    assert found.p90_lateness == 18 * 3600


async def test_every_department_has_figures_of_its_own() -> None:
    clocks = [complaint(1, resolved=DUE - 1), complaint(2, resolved=DUE + 1)]
    for clock, department in zip(clocks, ("quality", "service"), strict=True):
        clock.hand_over(department, RECEIVED)

    departments = (await counted(clocks)).departments

    assert {one.department: one.on_time for one in departments if one.milestone == "resolution"} == {
        "quality": 1, "service": 0,
    }  # fmt: skip


@pytest.fixture(scope="module")
async def filled(module_site: Site) -> Site:
    """A site whose sla keeps the complaints."""
    client: AsyncIOMotorClient[Any] = AsyncIOMotorClient(module_site.mongodb_url)
    documents = client[f"{module_site.prefix}_sla"]["clocks"]
    await documents.insert_many([{"_id": clock.number, "state": clock.model_dump()} for clock in CLOCKS])
    client.close()
    return module_site


def run(site: Site, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["conformance", *arguments], env=site.environment(), catch_exceptions=False)


def test_the_command_reports_what_the_service_keeps(filled: Site) -> None:
    result = run(filled, "--month", "2026-11", "--format", "json")

    (pack,) = json.loads(result.stdout)["packs"]
    assert (result.exit_code, pack["name"], pack["clauses"][0]["met"]) == (0, "service-quality", 4)


async def test_the_command_prints_nothing_but_the_report_where_calendars_were_entered(filled: Site) -> None:
    client: AsyncIOMotorClient[Any] = AsyncIOMotorClient(filled.mongodb_url)
    plant = CalendarEdition(name="plant", version=1, title="Plant")
    await Shelf(client[f"{filled.prefix}_{POLICIES}"]["calendars"], CalendarEdition).put("plant:1", plant)
    client.close()

    with as_they_were():
        result = await asyncio.to_thread(run, filled, "--month", "2026-11", "--json")

    assert json.loads(result.stdout)["packs"]
    assert "calendar_entered" in result.stderr


def test_the_command_prints_a_page_to_read(filled: Site) -> None:
    assert run(filled, "--month", "2026-11", "--lang", "en").stdout.startswith("# Conformance to the complaint")


@pytest.mark.parametrize(("month", "code"), [("2026-11", 1), ("2026-12", 0)])
def test_whoever_asks_strictly_is_told_of_a_miss_by_the_exit_code(filled: Site, month: str, code: int) -> None:
    assert run(filled, "--month", month, "--strict").exit_code == code


def test_the_report_of_one_regulation_leaves_out_the_others(filled: Site) -> None:
    result = run(filled, "--month", "2026-11", "--pack", "property", "--json")

    assert [(pack["name"], pack["clauses"][0]["applied"]) for pack in json.loads(result.stdout)["packs"]] == [
        ("property", 0)
    ]


@pytest.mark.parametrize("arguments", [["--month", "2026-13"], ["--month", "2026-11", "--pack", "nowhere"], []])
def test_a_month_or_regulation_that_there_is_not_is_misuse(filled: Site, arguments: list[str]) -> None:
    assert run(filled, *arguments).exit_code == 2
