"""Learning on the real servers: what teaches, how often, when it takes over, and the way back."""

import asyncio
from typing import Any

import pytest
from click.testing import CliRunner

from services.routing.handlers import on_complaint_closed
from services.routing.learning.commands import classifier
from services.routing.learning.experience import Experience
from services.routing.learning.learner import Learner
from services.routing.learning.school import School
from services.routing.learning.trial import CASES, Trial, Verdict
from services.routing.learning.versions import Versions
from shared.contracts.feedback import ComplaintClosed
from shared.errors import NotFound
from tests.harness import Site, Town
from tests.openapi import Client
from tests.routing.asking import a_case
from tests.routing.test_case_api import ANSWER, command, path

WON = [Verdict("product", "service", "product")] * (CASES - 1)


def versions(town: Town) -> Versions:
    return Versions(town["routing"].database)


async def learner(town: Town) -> Learner:
    return await versions(town).learner()


async def hold(town: Town) -> Learner:
    """The learner after a round in which everything owed was learnt."""
    await School(town["routing"]).hold()
    return await learner(town)


async def correct(client: Client, number: str, category: str = "product") -> None:
    body = {"category": category, "reason": "the thing, not the manners"}
    await client.staff("PUT", path(number, "/classification"), body, roles="dispatcher")


async def taken_over(client: Client, town: Town) -> str:
    """The version that took over after a trial that was won."""
    before = await learner(town)
    before.trial = Trial(list(WON))
    assert await versions(town).save(before)
    await correct(client, await a_case(client, town))
    return (await hold(town)).serving


async def redress(site: Site, *arguments: str) -> Any:
    return await asyncio.to_thread(CliRunner().invoke, classifier, arguments, env=site.environment())


async def test_a_correction_teaches(client: Client, town: Town) -> None:
    before = await learner(town)
    await correct(client, await a_case(client, town))

    assert (await hold(town)).lessons == before.lessons + 1


async def test_a_correction_of_severity_alone_says_nothing_of_the_category(client: Client, town: Town) -> None:
    number = await a_case(client, town)
    body = {"severity": "major", "reason": "a child"}
    await client.staff("PUT", path(number, "/classification"), body, roles="dispatcher")

    assert (await town.state("routing", number) or {})["state"]["lesson"] is None


async def test_a_transfer_teaches_the_category_of_the_department(client: Client, town: Town) -> None:
    number = await a_case(client, town)
    await command(client, number, "transfer", {"to": "quality", "reason": "broken, not rude"})

    assert (number, "product") in (await hold(town)).taught


async def test_a_case_closed_with_agreement_teaches_and_one_without_does_not(client: Client, town: Town) -> None:
    before = await learner(town)
    for agreed in (True, False):
        number = await a_case(client, town)
        await command(client, number, "resolution", ANSWER)
        closed = ComplaintClosed(outcome="upheld", agreed=agreed, rounds=1)
        await town["routing"].change(
            number, lambda case, context, event=closed: on_complaint_closed(case, event, context)
        )

    assert (await hold(town)).lessons == before.lessons + 1


async def test_what_was_learnt_once_is_not_learnt_again(client: Client, town: Town) -> None:
    number = await a_case(client, town)
    await correct(client, number)
    before = await hold(town)
    await correct(client, number)

    assert (await hold(town)).lessons == before.lessons


async def test_two_replicas_that_learn_at_once_learn_once(client: Client, town: Town) -> None:
    before = await learner(town)
    await correct(client, await a_case(client, town))
    await asyncio.gather(hold(town), hold(town))

    assert (await hold(town)).lessons == before.lessons + 1


async def test_a_crash_between_learning_and_noting_it_teaches_nothing_twice(client: Client, town: Town) -> None:
    number = await a_case(client, town)
    await correct(client, number)
    before = await hold(town)
    untold = {"$set": {"state.lesson": "product", "state.learnt": None}, "$inc": {"version": 1}}
    await town["routing"].repository.collection.update_one({"_id": number}, untold)

    assert (await hold(town)).lessons == before.lessons


async def test_a_version_that_won_its_trial_takes_over(client: Client, town: Town) -> None:
    version = await taken_over(client, town)

    assert [known.id for known in await versions(town).listed() if known.serving] == [version]


async def test_two_replicas_that_win_one_trial_make_one_version(client: Client, town: Town) -> None:
    known, before = await versions(town).listed(), await learner(town)
    before.trial = Trial(list(WON))
    await versions(town).save(before)
    await correct(client, await a_case(client, town))
    await asyncio.gather(hold(town), hold(town))

    assert len(await versions(town).listed()) == len(known) + 1


async def test_a_replica_follows_the_version_in_force(client: Client, town: Town) -> None:
    version = await taken_over(client, town)
    await hold(town)

    assert town["routing"].kit.version == version


async def test_a_trial_that_was_not_won_changes_nothing(client: Client, town: Town) -> None:
    before = await learner(town)
    before.trial = Trial([Verdict("product", "product", "service")] * CASES)
    await versions(town).save(before)
    await correct(client, await a_case(client, town))
    after = await hold(town)

    assert (after.serving, after.trial.verdicts) == (before.serving, [])


async def test_an_operator_goes_back_to_the_version_before(client: Client, town: Town, module_site: Site) -> None:
    first = await taken_over(client, town)
    await taken_over(client, town)
    result = await redress(module_site, "rollback")

    assert (result.exit_code, result.stdout) == (0, f"In force: {first}\n")


async def test_after_a_rollback_the_learner_goes_on_from_that_version(client: Client, town: Town) -> None:
    first = await taken_over(client, town)
    lessons = (await versions(town).experience(first) or Experience()).packed()
    await taken_over(client, town)
    await versions(town).roll_back(first)

    assert (await learner(town)).experience.packed() == lessons


async def test_a_version_that_does_not_exist_is_not_gone_back_to(town: Town, module_site: Site) -> None:
    result = await redress(module_site, "rollback", "nowhere")

    assert (result.exit_code, "no version nowhere" in result.stderr) == (1, True)


async def test_there_is_nothing_before_the_lexicon(client: Client, town: Town) -> None:
    await versions(town).roll_back("")

    with pytest.raises(NotFound):
        await versions(town).roll_back(None)


async def test_versions_are_listed_with_the_one_in_force_starred(client: Client, town: Town, module_site: Site) -> None:
    version = await taken_over(client, town)
    listed = (await redress(module_site, "list")).stdout.splitlines()

    assert listed[-1].startswith(f"* {version}")
