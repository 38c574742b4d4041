"""What complainants hand in, and what they get back."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from services.feedback.model import State, View
from shared.contracts.values import Instant, Language, Outcome
from shared.web import Body, Text


class Reply(Body):
    """What the complainant says to the answer; who disputes it says why.

    `round` is that of the answer which they have read. The link of an answer's letter says so by itself; whoever comes
    by the tracking link and says nothing means the answer that counts.
    """

    view: View
    reason: Annotated[Text, Field(max_length=5_000)] = ""
    round: int | None = Field(None, ge=1, le=1_000)

    @model_validator(mode="after")
    def _a_dispute_has_a_reason(self) -> Self:
        if self.view == "dispute" and not self.reason:
            raise PydanticCustomError(
                "reason_missing", "say what is wrong with the answer, so that the next level can look at it"
            )
        return self


class ConversationView(BaseModel):
    """The answer as the complainant sees it, until when they may object, and what they have said."""

    number: str
    subject_line: str
    language: Language
    status: State
    round: int
    outcome: Outcome | None
    outcome_text: str
    answer: str
    until: Instant | None
    last: bool
    remedies: str
    view: View | None
    reason: str


class SurveyForm(Body):
    """The complainant's judgement: satisfaction, recommendation (0 to 10), ease (1 to 7), and words."""

    csat: int = Field(ge=1, le=5)
    nps: int | None = Field(None, ge=0, le=10)
    ces: int | None = Field(None, ge=1, le=7)
    comment: Annotated[Text, Field(max_length=5_000)] = ""


class Question(BaseModel):
    """One question of the survey in the reader's language; `least` and `most` bound a number, a text has none."""

    name: str
    text: str
    required: bool
    least: int | None = None
    most: int | None = None


class SurveyView(BaseModel):
    """The survey: its questions, until when it is open, and whether it has been answered."""

    number: str
    status: Literal["asked", "completed", "expired"]
    due_at: Instant
    questions: list[Question]
