"""What feedback knows and decides; pure."""

from services.feedback.model.answer import AlreadyAnswered, Answer, Superseded, View
from services.feedback.model.conversation import SILENCE, Conversation, State
from services.feedback.model.letter import Attempt, Kind, Letter
from services.feedback.model.survey import Survey, SurveyClosed

__all__ = [
    "SILENCE",
    "AlreadyAnswered",
    "Answer",
    "Attempt",
    "Conversation",
    "Kind",
    "Letter",
    "State",
    "Superseded",
    "Survey",
    "SurveyClosed",
    "View",
]
