"""A clock: the targets of one complaint, what time does to them, and who is told of it."""

from services.sla.model.clock import Clock
from services.sla.model.notice import Notice
from services.sla.model.pause import Pause
from services.sla.model.promise import PAUSABLE, Promise, TargetState
from services.sla.model.standing import NEVER, Placement, Standing

__all__ = [
    "NEVER",
    "PAUSABLE",
    "Clock",
    "Notice",
    "Pause",
    "Placement",
    "Promise",
    "Standing",
    "TargetState",
]
