"""What departments and Redress say to each other: work orders out, commands and replies in."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.contracts.event import Message
from shared.contracts.intake import Product
from shared.contracts.values import (
    NO_CONTROLS,
    Category,
    Department,
    Instant,
    Milestone,
    Number,
    Outcome,
    Priority,
    Severity,
    Tier,
)

Word = Annotated[str, StringConstraints(max_length=200, pattern=NO_CONTROLS)]
Words = Annotated[str, StringConstraints(max_length=20_000, pattern=NO_CONTROLS)]
SomeWord = Annotated[Word, StringConstraints(strip_whitespace=True, min_length=1)]
SomeWords = Annotated[Words, StringConstraints(strip_whitespace=True, min_length=1)]


class MaskedComplainant(BaseModel):
    """Who complains, with just enough left to recognise them by."""

    model_config = ConfigDict(frozen=True)

    name: str = ""
    phone: str = ""
    email: str = ""
    tier: Tier = "standard"
    anonymous: bool = False


class WorkOrder(Message):
    """What a department receives: the matter, until when, and where to answer. Personal data is masked.

    It comes again with a higher level when the department is late, and when something was added. After a dispute comes
    one of the next `round`, which asks for another answer. A department that `leads` cannot pass the matter on.
    `derivation` says in words, line by line, how each due time was counted.

    With a `task` it is for a department that the `lead` asks for something: what `asks` says, by the due time of the
    resolution. Its replies name the task. A task that is `withdrawn`, with this reason, is not to be answered any more.
    """

    EXCHANGE: ClassVar[str] = "redress.departments"

    type: Literal["department.work-order"] = "department.work-order"
    number: Number  # in the body, for readers who do not look at headers
    regulation: str
    department: Department
    category: Category
    severity: Severity
    priority: Priority
    subject_line: str = ""
    narrative: str
    complainant: MaskedComplainant = MaskedComplainant()
    product: Product | None = None
    place: str = ""
    due: dict[Milestone, Instant] = {}
    derivation: dict[Milestone, list[str]] = {}
    escalation_level: int = 0
    round: int = 1
    leads: bool = False
    task: str = ""
    asks: str = ""
    lead: Department | None = None
    withdrawn: str = ""
    reply_to: str = "department.replies"
    links: dict[str, str] = {}

    @property
    def routing_key(self) -> str:
        """The department's own queue is bound to this key."""
        return f"department.{self.department}"


class Command(BaseModel):
    """What a department does with its case; by HTTP, what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid")


class Acceptance(Command):
    """Take the case (签收)."""

    handler: Word = ""


class Progress(Command):
    """Record a step; one that the regulation demands counts with a note of what was found.

    `promised_at` is the time of reply agreed with the complainant, who is told of it.
    """

    step: SomeWord
    note: Words = ""
    visible_to_complainant: bool = False
    promised_at: Instant | None = None


class Pause(Command):
    """Wait for somebody; the resolution clock waits too."""

    reason: SomeWords
    waiting_for: SomeWord = "complainant"


class Resumption(Command):
    """Go on after a pause."""

    reason: Words = ""


class Transfer(Command):
    """Hand the case to another department, with a reason."""

    to: Department
    reason: SomeWords


class Resolution(Command):
    """Answer the complaint; the complainant reads the `finding` below the answer.

    With `wording_checked` somebody has seen to it that the answer says what the regulation wants said, in other words.
    """

    outcome: Outcome
    answer: SomeWords
    measures: Words = ""
    redress: Words = ""
    root_cause: Words = ""
    responsible: Word = ""
    finding: Words = ""
    referred_to: Word = ""
    wording_checked: bool = False


class Summary(Command):
    """What the matter came from, and what is to be learnt from it, once it is closed."""

    causes: SomeWords
    lessons: SomeWords


class TaskAsked(Command):
    """Ask another department for something, by a time that the regulation says where nothing is said here."""

    department: Department
    asks: SomeWords
    due_at: Instant | None = None


class TaskAnswer(Command):
    """Answer a task; those who lead read it, and the customer hears of their answer only."""

    answer: SomeWords
    outcome: Outcome = "explained"


class TaskWithdrawal(Command):
    """A task is not needed any more, with the reason."""

    reason: SomeWords


class Reply(Message):
    """A command that a department sends over the bus instead of HTTP.

    Where it says its `department`, it is refused unless the case, or a task of it, is with that department. One with a
    `task` is about that task only. Unlike the commands it passes over what it does not know, as every message does.
    """

    number: Number  # in the body, for readers who do not look at headers
    by: SomeWord
    department: Department | None = None
    task: Word = ""

    @classmethod
    def kind(cls) -> str:
        """Replies share one type; which command it is stands in the body's `type`."""
        return "department.reply"


class AcceptReply(Reply, Acceptance, extra="ignore"):
    """A department takes the case."""

    type: Literal["accept"] = "accept"


class ProgressReply(Reply, Progress, extra="ignore"):
    """A department records a step."""

    type: Literal["progress"] = "progress"


class PauseReply(Reply, Pause, extra="ignore"):
    """A department waits for somebody."""

    type: Literal["pause"] = "pause"


class ResumeReply(Reply, Resumption, extra="ignore"):
    """A department goes on."""

    type: Literal["resume"] = "resume"


class TransferReply(Reply, Transfer, extra="ignore"):
    """A department hands the case to another."""

    type: Literal["transfer"] = "transfer"


class ResolveReply(Reply, Resolution, extra="ignore"):
    """A department answers."""

    type: Literal["resolve"] = "resolve"


DepartmentReply = Annotated[
    AcceptReply | ProgressReply | PauseReply | ResumeReply | TransferReply | ResolveReply,
    Field(discriminator="type"),
]
"""What comes in on `department.replies`."""
