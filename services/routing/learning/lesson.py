"""What a case teaches: the category that people gave it, until the learner has been told."""

from collections.abc import Mapping

from shared.aggregate import Governed
from shared.contracts.values import Category, Department
from shared.regulations.parts import CategoryRule


class Instructive(Governed):
    """A case that others can be classified by, once people have confirmed or corrected what it is."""

    lesson: Category | None = None
    """What the learner has still to be told."""
    learnt: Category | None = None
    """What the learner was told last: the same again teaches nothing."""

    def hold_back(self) -> None:
        """Nothing says plainly what this is: a dispatcher decides, instead of a department being guessed."""
        self._move("triage")

    def teach(self, category: Category | None) -> None:
        """People decided that this is the category; None where what they decided says nothing of it."""
        if category is not None:
            self.lesson = category if category != self.learnt else None

    def told(self, category: Category) -> None:
        """The learner has heard that this is the category."""
        if self.lesson == category:
            self.lesson, self.learnt = None, category


def category_decided(
    category: Category, department: Department, categories: Mapping[Category, CategoryRule]
) -> Category | None:
    """The category that a case has in effect by being with a department.

    Its own, where that department answers it; else the one category that the department answers; None where that is
    none or several.
    """
    answered = [name for name, rule in categories.items() if rule.department == department]
    if category in answered:
        return category
    return answered[0] if len(answered) == 1 else None
