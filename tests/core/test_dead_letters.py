"""Dead letters: operators look at them, put them back when the cause is mended, or drop them."""

import json

import pytest

from shared.bus.dead import DeadLetter, letters
from shared.errors import Discard
from shared.testing.builders import outgoing, registered
from shared.testing.keys import a_key
from tests.broker import publish, put, put_batch
from tests.core.letters import SERVICE, a_fresh_number, dead, empty_dead_queue, event, step, takes
from tests.core.tally import raising
from tests.harness import Site, Town, eventually, redress


async def a_dead_letter(town: Town, site: Site, number: str) -> DeadLetter:
    """A step that was buried because its handler was broken."""
    town[SERVICE].kit["broken"] = raising(Discard("broken"))
    await publish(site.amqp_url, outgoing(step("broken"), number))
    return await dead(site, number)


async def test_a_replayed_letter_is_handled_after_the_cause_is_mended(
    town: Town, module_site: Site, number: str
) -> None:
    letter = await a_dead_letter(town, module_site, number)
    town[SERVICE].kit.clear()

    said = await redress(module_site, "dead", "replay", SERVICE, letter.id)

    assert (said.exit_code, said.output) == (0, "1 put back\n")
    await takes(town, number, "broken")
    assert not await letters(module_site.amqp_url, SERVICE)


async def test_replaying_everything_ends_although_the_cause_is_not_mended(
    town: Town, module_site: Site, number: str
) -> None:
    letter = await a_dead_letter(town, module_site, number)

    said = await redress(module_site, "dead", "replay", SERVICE, "--all")

    assert "1 put back" in said.output.splitlines()  # beside what the service logs meanwhile
    assert (await dead(module_site, number)).id == letter.id
    await empty_dead_queue(module_site)


async def test_letters_whose_senders_count_alike_are_all_put_back(town: Town, module_site: Site, number: str) -> None:
    other = a_fresh_number()
    await publish(module_site.amqp_url, outgoing(registered(other, a_key()), other))
    await eventually(lambda: town.state(SERVICE, other))
    town[SERVICE].kit["broken"] = raising(Discard("broken"))
    for one in (number, other):
        await put_batch(module_site.amqp_url, SERVICE, [event(step("broken"), one, id="1")])
        await dead(module_site, one)
    town[SERVICE].kit.clear()

    said = await redress(module_site, "dead", "replay", SERVICE, "1")

    assert said.output == "2 put back\n"
    for one in (number, other):
        await takes(town, one, "broken")


async def test_a_letter_with_nonsense_for_attempts_is_listed_like_any_other(
    town: Town, module_site: Site, number: str
) -> None:
    await put(module_site.amqp_url, f"{SERVICE}.dead", b"{}", {"x-redress-attempts": "x"}, message_id=number)

    said = await redress(module_site, "dead", "list", SERVICE)

    assert (said.exit_code, number in said.output) == (0, True)
    await empty_dead_queue(module_site)


async def test_the_list_names_each_letter_and_leaves_it_there(town: Town, module_site: Site, number: str) -> None:
    letter = await a_dead_letter(town, module_site, number)

    said = await redress(module_site, "dead", "list", SERVICE)

    assert said.output == f"{letter.id}  case.progressed  {number}  broken\n"
    assert await letters(module_site.amqp_url, SERVICE) == [letter]
    await empty_dead_queue(module_site)


async def test_a_letter_is_shown_with_all_that_befell_it(town: Town, module_site: Site, number: str) -> None:
    letter = await a_dead_letter(town, module_site, number)

    said = await redress(module_site, "dead", "show", SERVICE, letter.id)

    shown = json.loads(said.output)
    assert (shown["reason"], shown["first_error"], shown["number"]) == ("broken", "broken", number)
    await empty_dead_queue(module_site)


async def test_dropping_one_letter_leaves_the_others(town: Town, module_site: Site, number: str) -> None:
    letter = await a_dead_letter(town, module_site, number)
    other = a_fresh_number()
    await publish(module_site.amqp_url, outgoing(registered(other, a_key()), other), outgoing(step("broken"), other))
    await eventually(lambda: two_letters(module_site))

    said = await redress(module_site, "dead", "drop", SERVICE, letter.id)

    assert said.output == "1 dropped\n"
    assert [one.number for one in await letters(module_site.amqp_url, SERVICE)] == [other]
    await empty_dead_queue(module_site)


async def two_letters(site: Site) -> bool:
    return len(await letters(site.amqp_url, SERVICE)) == 2


@pytest.mark.parametrize("command", ["show", "replay", "drop"])
async def test_a_letter_that_is_not_there_is_a_no(command: str, town: Town, module_site: Site) -> None:
    said = await redress(module_site, "dead", command, SERVICE, "01J000")

    assert (said.exit_code, "has no dead letter 01J000" in said.output) == (1, True)


@pytest.mark.parametrize("command", ["replay", "drop"])
async def test_without_saying_which_letters_nothing_is_done(command: str, module_site: Site) -> None:
    assert (await redress(module_site, "dead", command, SERVICE)).exit_code == 2


async def test_a_service_that_has_never_run_is_told_from_one_without_dead_letters(module_site: Site) -> None:
    result = await redress(module_site, "dead", "list", "archive")

    assert (result.exit_code, "archive has never run on it" in result.stderr) == (1, True)
