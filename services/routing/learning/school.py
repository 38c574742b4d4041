"""The school: gives the learner what cases have to teach, and lets this replica follow the version in force.

Every replica runs it. Twice is once: a batch is one guarded write of the learner, which remembers whose lessons it
held; whoever comes next first tells those cases, and only then asks which lessons are still owed.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

import structlog

from services.routing.kit import Kit
from services.routing.learning.learner import Learner, Lesson
from services.routing.learning.versions import Versions
from services.routing.model import Case
from shared.contracts.values import Category
from shared.document import Step, in_place
from shared.privacy import Keyring, Unreadable
from shared.processor import commit
from shared.service import Index, Running

log = structlog.get_logger(__name__)

OWED = {"state.lesson": {"$type": "string"}}
"""What the learner has not heard."""
INDEXES: list[Index] = [([("state.lesson", 1)], {"partialFilterExpression": OWED})]

EVERY = timedelta(seconds=5)
"""How often a replica looks for lessons and for a new version."""

BATCH = 100
"""Lessons learnt in one write, and in one round: learning never takes more than a few hundredths of a processor."""


class School:
    """Learning in one replica of routing."""

    def __init__(self, running: Running[Case]) -> None:
        self._running, self._versions = running, Versions(running.database)

    @property
    def _kit(self) -> Kit:
        kit: Kit = self._running.kit
        return kit

    async def attend(self) -> None:
        """Hold rounds for ever."""
        while True:
            try:
                await self.hold()
            except Exception as error:
                log.warning("lessons_not_learnt", error=repr(error))
            await asyncio.sleep(EVERY.total_seconds())

    async def hold(self) -> None:
        """One round: follow the version in force, then learn a batch of what is owed."""
        await self._follow(await self._versions.serving())
        if await self._owing():
            learner = await self._versions.learner()
            await self._tell(dict(learner.taught))
            documents = await self._running.repository.load(await self._owing())
            await self._teach(learner, [document.aggregate for document in documents.values() if document.aggregate])

    async def _follow(self, version: str) -> None:
        if version != self._kit.version:
            self._kit.adopt(version, await self._versions.experience(version))
            log.info("classifier_adopted", version=version)

    async def _owing(self) -> list[str]:
        """Numbers of cases whose lesson the learner has not heard."""
        owing = self._running.repository.collection.find(OWED, {"_id": 1})
        return [raw["_id"] async for raw in owing.limit(BATCH)]

    async def _teach(self, learner: Learner, cases: list[Case]) -> None:
        """Learn what these cases have to teach, decide a trial that is over, write it all, and tell the cases."""
        keyring = await self._running.vault.unlock({case.key_id for case in cases})
        learner.taught = []
        for case in cases:
            self._study(learner, case, keyring)
            await asyncio.sleep(0)
        if await self._save(learner):
            await self._tell({case.number: case.lesson for case in cases if case.lesson})

    def _study(self, learner: Learner, case: Case, keyring: Keyring) -> None:
        classifier = self._kit.classifier
        if case.lesson is None:
            return
        try:
            narrative = keyring.open(case.narrative, case.number)
        except Unreadable:
            return  # the record was destroyed: its text teaches nobody
        evidence = classifier.evidence(
            narrative, subject_line=case.subject_line, claim=case.claim, respondent=case.respondent
        )
        learner.study(Lesson(case.number, case.lesson, evidence), present=classifier.decide(evidence)[0])

    async def _save(self, learner: Learner) -> bool:
        """Write the learner; at the end of a trial that was won it takes over. Whether nobody else was quicker."""
        trial = learner.trial
        if trial.is_over:
            learner.begin_trial()
        if not trial.is_won:
            return await self._versions.save(learner)
        learner.serving = version = await self._versions.keep(learner, trial, self._running.clock())
        if not await self._versions.save(learner):
            await self._versions.discard(version)
            return False
        log.info("classifier_took_over", version=version, lessons=learner.lessons,
                 macro_f1=trial.learner, predecessor_macro_f1=trial.present)  # fmt: skip
        return True

    async def _tell(self, taught: Mapping[str, Category]) -> None:
        """Note on the cases that the learner has heard them."""
        found = await self._running.repository.load(taught)
        documents = [document for document in found.values() if document.aggregate]
        for document in documents:
            told = in_place(partial(Case.told, category=taught[document.key]))
            document.apply(Step(told, self._running.clock()))
        await commit(self._running.repository, documents)


async def attend(running: Running[Case]) -> None:
    """Keep school as long as the service runs."""
    await School(running).attend()
