"""What intake brings along at its start: the reception, and the throttle of the public form."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from services.intake.config import Settings
from services.intake.model import Complaint
from services.intake.reception import Reception
from shared.service import Running
from shared.web.throttle import Throttle

FORM_PERIOD = timedelta(minutes=10)
"""In what time `REDRESS_FORM_LIMIT` is used up."""


@dataclass(frozen=True)
class Kit:
    """What registering takes: `settings` are intake's own, `throttle` is for whoever sends the public form."""

    settings: Settings
    reception: Reception
    throttle: Throttle

    @classmethod
    def of(cls, running: Running[Complaint]) -> Self:
        """The kit of a running intake."""
        settings = running.settings
        if not isinstance(settings, Settings):
            raise TypeError("intake runs with its own settings")
        return cls(settings, Reception(running), Throttle(settings.form_limit, FORM_PERIOD))
