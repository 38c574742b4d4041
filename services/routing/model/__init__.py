"""What routing knows and decides; pure."""

from services.routing.model.assessment import URGENCY, Assessment, Briefing, priority_of
from services.routing.model.case import Case
from services.routing.model.duty import Colleague, Duty
from services.routing.model.faults import AnswerIncomplete, Excluded, LeadKeepsIt, NotYourTurn, StepsMissing, TasksOpen
from services.routing.model.file import AT_WORK, LEVELS, MOST_TRANSFERS, OPEN, Moved, State, Step
from services.routing.model.task import Task

__all__ = [
    "AT_WORK",
    "LEVELS",
    "MOST_TRANSFERS",
    "OPEN",
    "URGENCY",
    "AnswerIncomplete",
    "Assessment",
    "Briefing",
    "Case",
    "Colleague",
    "Duty",
    "Excluded",
    "LeadKeepsIt",
    "Moved",
    "NotYourTurn",
    "State",
    "Step",
    "StepsMissing",
    "Task",
    "TasksOpen",
    "priority_of",
]
