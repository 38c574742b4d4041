"""What a regulation demands before a department's answer goes out: steps, approvals, duties."""

from collections.abc import Collection, Iterable, Iterator
from typing import Annotated, Literal, NamedTuple, TypeVar

from pydantic import Field, StringConstraints

from shared.contracts.values import Category, Channel, Department, Language, Outcome, Severity
from shared.regulations.parts import Part, Text, Title, Within

StepName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
"""A step as the department puts it on record: `complainant-heard`."""

AnswerField = Literal["measures", "redress", "root_cause", "responsible", "finding", "referred_to"]
"""A field of the resolution that an outcome may oblige the department to fill in."""


ApproverRole = Literal["supervisor", "quality", "manager", "approver"]
"""Who can be asked to approve an answer."""


class Matter(NamedTuple):
    """What the rows of casework are held against: how the case stands, and the outcome that is proposed."""

    severity: Severity
    category: Category
    outcome: Outcome
    on_record: Collection[str]


class Row(Part):
    """A demand under conditions; a condition left out always holds.

    `given` and `unless` are steps: the row counts where one of the former, and none of the latter, is on record.
    """

    clause: Text
    severity: tuple[Severity, ...] | None = Field(None, min_length=1)
    category: tuple[Category, ...] | None = Field(None, min_length=1)
    outcome: tuple[Outcome, ...] | None = Field(None, min_length=1)
    given: tuple[StepName, ...] | None = Field(None, min_length=1)
    unless: tuple[StepName, ...] = ()

    def applies(self, matter: Matter) -> bool:
        """Whether every condition of the row holds."""
        return (
            (self.severity is None or matter.severity in self.severity)
            and (self.category is None or matter.category in self.category)
            and (self.outcome is None or matter.outcome in self.outcome)
            and (self.given is None or any(step in matter.on_record for step in self.given))
            and not any(step in matter.on_record for step in self.unless)
        )


class StepRule(Row):
    """A step that has to be on record, with a note of what was found, before there is an outcome."""

    step: StepName
    title: Title


class Approval(Row):
    """Who has to approve an answer before it goes out; the rows stand in the order in which they are asked."""

    role: ApproverRole


class Duty(Row):
    """What an answer of this outcome has to say besides."""

    asks: tuple[AnswerField, ...] = Field(min_length=1)


AnswerPart = Literal["apology", "next-steps", "time", "matters", "plain-words"]
"""What can be told of an answer by reading it."""


class Wording(Row):
    """Something that the answer itself has to have in it, told by its `words`; `plain-words` may not have these.

    Redress knows the words of an apology, of next steps and of times; a pack adds its own.
    """

    part: AnswerPart
    words: dict[Language, tuple[Text, ...]] = {}


AnyRow = TypeVar("AnyRow", bound=Row)


class Casework(Part):
    """The steps that must be on record before an outcome, the approvals in their order, and what outcomes oblige to."""

    steps: tuple[StepRule, ...] = ()
    approvals: tuple[Approval, ...] = ()
    duties: tuple[Duty, ...] = ()
    wording: tuple[Wording, ...] = ()

    def missing(self, matter: Matter) -> list[StepRule]:
        """The steps that are demanded and not on record."""
        return [rule for rule in _applying(self.steps, matter) if rule.step not in matter.on_record]

    def chain(self, matter: Matter) -> list[Approval]:
        """Whose approval the answer needs, in order."""
        return list(_applying(self.approvals, matter))

    def wording_of(self, matter: Matter) -> list[Wording]:
        """What the answer itself has to have in it."""
        return list(_applying(self.wording, matter))

    def duties_of(self, matter: Matter) -> dict[AnswerField, str]:
        """What the answer has to say, each with the clause that wants it."""
        return {field: duty.clause for duty in _applying(self.duties, matter) for field in duty.asks}


class OnTheSpot(Part):
    """Which complaints whoever receives them may settle in the same breath (S2.3); a channel left out is any."""

    severity: tuple[Severity, ...] = ("general",)
    channel: tuple[Channel, ...] | None = None
    clause: Text


class Tasks(Part):
    """By when a department answers what the one that leads asks of it, where those who ask say nothing else."""

    within: Within
    clause: Text


class Team(Part):
    """Departments that work together on such a complaint from the beginning, and who leads them (S5.7, S8.5)."""

    severity: tuple[Severity, ...] | None = Field(None, min_length=1)
    category: tuple[Category, ...] | None = Field(None, min_length=1)
    departments: tuple[Department, ...] = Field(min_length=1)
    leader: ApproverRole
    asks: Title
    clause: Text

    def applies(self, severity: Severity, category: Category) -> bool:
        """Whether every condition holds."""
        return (self.severity is None or severity in self.severity) and (
            self.category is None or category in self.category
        )


class Dispatch(Part):
    """How a case finds its handler: whoever claims it, or whoever on duty has the least in hand."""

    by: Literal["claim", "least-load"]
    clause: Text


class Lead(Part):
    """The department that gets a complaint the third time it is passed on, and keeps it (提级督办)."""

    department: Department
    clause: Text


class SummingUp(Part):
    """Once a complaint is closed, its causes and lessons are summed up."""

    clause: Text


class Remedies(Part):
    """What else is open to a complainant who does not agree; they are told with every answer (S14.4).

    With `ends` the first answer after the rounds of consent is the last one; without, it is talked over until both
    sides agree.
    """

    text: Title
    clause: Text
    ends: bool = True


def _applying(rows: Iterable[AnyRow], matter: Matter) -> Iterator[AnyRow]:
    return (row for row in rows if row.applies(matter))
