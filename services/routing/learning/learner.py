"""The learner: it judges every new lesson before it learns from it, so that each later case is a test."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from services.routing.learning.evidence import Evidence
from services.routing.learning.experience import Experience
from services.routing.learning.trial import Trial, Verdict
from shared.contracts.values import Category


class Lesson(NamedTuple):
    """A case that people have decided on, and what can be learnt from it."""

    number: str
    category: Category
    evidence: Evidence


@dataclass
class Learner:
    """What has been learnt so far, whether it is better than what is in force, and who has still to be told so.

    `serving` names the version in force, empty for the lexicon alone; `taught` are the lessons of the last batch, which
    their cases may not know of yet; `revision` guards the write.
    """

    revision: int = 0
    serving: str = ""
    lessons: int = 0
    experience: Experience = field(default_factory=Experience)
    trial: Trial = field(default_factory=lambda: Trial([]))
    taught: list[tuple[str, Category]] = field(default_factory=list)

    @classmethod
    def restored(cls, stored: dict[str, Any]) -> Self:
        """The learner that was stored."""
        return cls(
            revision=stored["revision"],
            serving=stored["serving"],
            lessons=stored["lessons"],
            experience=Experience.unpacked(stored["experience"]),
            trial=Trial([Verdict(*verdict) for verdict in stored["trial"]]),
            taught=[(number, category) for number, category in stored["taught"]],
        )

    def stored(self) -> dict[str, Any]:
        """The learner as MongoDB keeps it; numbers only, but for the complaint numbers of the last batch."""
        return {
            "revision": self.revision,
            "serving": self.serving,
            "lessons": self.lessons,
            "experience": self.experience.packed(),
            "trial": [list(verdict) for verdict in self.trial.verdicts],
            "taught": [list(lesson) for lesson in self.taught],
        }

    def study(self, lesson: Lesson, present: Category) -> None:
        """Judge one case, then learn what it is; `present` is what the classifier in force takes it for."""
        shares = self.experience.shares(lesson.evidence)
        self.trial.verdicts.append(Verdict(lesson.category, present, max(shares, key=shares.__getitem__)))
        self.experience.learn(lesson.evidence, lesson.category)
        self.lessons += 1
        self.taught.append((lesson.number, lesson.category))

    def begin_trial(self) -> None:
        """Begin a fresh trial, so that it is always the latest cases that count."""
        self.trial = Trial([])
