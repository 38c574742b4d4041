"""The documents of learning: the learner, which every lesson changes, and the versions that took over, which stay.

Both hold numbers only; the texts were read in memory.
"""

from datetime import datetime
from typing import Any, NamedTuple

from services.routing.learning.experience import Experience
from services.routing.learning.learner import Learner
from services.routing.learning.trial import Trial
from shared.database import Database
from shared.errors import Conflict, NotFound
from shared.ids import ulid
from shared.repository import answering

LEARNER = "learner"
LEXICON = ""
"""The version before all others: nothing learnt."""

RACES = 5
"""How often an operator's command is tried while replicas are learning."""


class Version(NamedTuple):
    """A version that took over: when, after how many lessons, and what macro-F1 it and its predecessor had reached."""

    id: str
    at: datetime
    lessons: int
    macro_f1: float
    predecessor_macro_f1: float
    serving: bool


class Versions:
    """The collection `classifiers` of routing's database."""

    def __init__(self, database: Database) -> None:
        self._kept = database["classifiers"]

    async def serving(self) -> str:
        """The version in force. Raises `Unavailable`."""
        with answering():
            found = await self._kept.find_one({"_id": LEARNER}, {"serving": 1})
        return str(found["serving"]) if found else LEXICON

    async def experience(self, version: str) -> Experience | None:
        """What a version has learnt, None for the lexicon alone. Raises `NotFound`."""
        return Experience.unpacked((await self._version(version))["experience"]) if version else None

    async def learner(self) -> Learner:
        """The learner as it stands; a new one where nothing has been learnt yet. Raises `Unavailable`."""
        with answering():
            found = await self._kept.find_one({"_id": LEARNER})
        return Learner.restored(found) if found else Learner()

    async def save(self, learner: Learner) -> bool:
        """Write the learner unless somebody else has changed it meanwhile; whether it was written."""
        before = learner.revision
        learner.revision += 1
        with answering():
            if before == 0:
                beginning = {"$setOnInsert": Learner().stored()}
                await self._kept.update_one({"_id": LEARNER}, beginning, upsert=True)
            guard = {"_id": LEARNER, "revision": before}
            return (await self._kept.update_one(guard, {"$set": learner.stored()})).matched_count == 1

    async def keep(self, learner: Learner, trial: Trial, at: datetime) -> str:
        """Keep what the learner has learnt as a version; it is in force once the learner is saved with its name."""
        version = ulid()
        document = {
            "_id": version, "at": at, "lessons": learner.lessons, "experience": learner.experience.packed(),
            "macro_f1": trial.learner, "predecessor_macro_f1": trial.present,
        }  # fmt: skip
        with answering():
            await self._kept.insert_one(document)
        return version

    async def discard(self, version: str) -> None:
        """Drop a version that never was in force."""
        with answering():
            await self._kept.delete_one({"_id": version})

    async def listed(self) -> list[Version]:
        """Every version that was kept, the oldest first."""
        serving = await self.serving()
        with answering():
            found = self._kept.find({"_id": {"$ne": LEARNER}}, {"experience": 0}).sort("_id", 1)
            return [Version(id=raw["_id"], serving=raw["_id"] == serving, **_figures(raw)) async for raw in found]

    async def roll_back(self, to: str | None) -> str:
        """Put an earlier version in force, the one before the present where none is named; returns it.

        The learner goes on from there and forgets what it learnt since. Raises `NotFound`, `Conflict`.
        """
        for _ in range(RACES):
            learner = await self.learner()
            learner.serving = await self._before(learner.serving) if to is None else to
            learner.experience = await self.experience(learner.serving) or Experience()
            learner.begin_trial()
            if await self.save(learner):
                return learner.serving
        raise Conflict("Cases keep being learnt from; please try again.")

    async def _before(self, version: str) -> str:
        if version == LEXICON:
            raise NotFound("The lexicon alone is in force; there is nothing before it.")
        earlier = [known.id for known in await self.listed() if known.id < version]
        return earlier[-1] if earlier else LEXICON

    async def _version(self, version: str) -> dict[str, Any]:
        with answering():
            found: dict[str, Any] | None = await self._kept.find_one({"_id": version})
        if found is None or version == LEARNER:
            raise NotFound(f"There is no version {version} of the classifier.")
        return found


def _figures(raw: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if name != "_id"}
