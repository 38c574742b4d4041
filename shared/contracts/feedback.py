"""What feedback publishes: what reached the complainant, and what they think of it."""

from typing import Literal

from pydantic import Field

from shared.contracts.event import Event
from shared.contracts.values import Instant, Outcome, Sealed


class ReceiptDelivered(Event):
    """The acknowledgement reached the complainant."""

    type: Literal["receipt.delivered"] = "receipt.delivered"
    via: str
    at: Instant


class ReceiptFailed(Event):
    """The acknowledgement did not reach the complainant."""

    type: Literal["receipt.failed"] = "receipt.failed"
    via: str
    at: Instant
    reason: str = ""


class OutcomeDelivered(Event):
    """The answer reached the complainant."""

    type: Literal["outcome.delivered"] = "outcome.delivered"
    round: int
    via: str = ""
    reason: str = ""


class OutcomeAgreed(Event):
    """The complainant agrees with the answer, in so many words or by the rule for silence."""

    type: Literal["outcome.agreed"] = "outcome.agreed"
    round: int
    reason: str = ""


class OutcomeDisputed(Event):
    """The complainant does not agree with the answer."""

    type: Literal["outcome.disputed"] = "outcome.disputed"
    round: int
    reason: str


class SurveyCompleted(Event):
    """The complainant has judged how the complaint was handled."""

    type: Literal["survey.completed"] = "survey.completed"
    csat: int = Field(ge=1, le=5)
    nps: int | None = Field(None, ge=0, le=10)
    ces: int | None = Field(None, ge=1, le=7)
    comment: Sealed | None = None


class SurveyExpired(Event):
    """The complainant was asked and did not say."""

    type: Literal["survey.expired"] = "survey.expired"


class ComplaintClosed(Event):
    """The matter is finished."""

    type: Literal["complaint.closed"] = "complaint.closed"
    outcome: Outcome
    agreed: bool
    rounds: int


class ImprovementOpened(Event):
    """A corrective and preventive action was opened."""

    type: Literal["improvement.opened"] = "improvement.opened"
    root_cause: str
    owner: str
    effect: str = ""


class ImprovementVerified(Event):
    """The measure did what it was meant to do."""

    type: Literal["improvement.verified"] = "improvement.verified"
    root_cause: str
    owner: str
    effect: str


class ImprovementFailed(Event):
    """The measure did not do what it was meant to do."""

    type: Literal["improvement.failed"] = "improvement.failed"
    root_cause: str
    owner: str
    effect: str
