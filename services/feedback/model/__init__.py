"""What feedback knows and decides; pure."""

from services.feedback.model.answer import AlreadyAnswered, Answer, Superseded, View
from services.feedback.model.conversation import FACE_TO_FACE, SILENCE, Conversation
from services.feedback.model.letter import Attempt, Kind, Letter
from services.feedback.model.survey import Survey, SurveyClosed

__all__ = [
    "FACE_TO_FACE",
    "SILENCE",
    "AlreadyAnswered",
    "Answer",
    "Attempt",
    "Conversation",
    "Kind",
    "Letter",
    "Superseded",
    "Survey",
    "SurveyClosed",
    "View",
]
