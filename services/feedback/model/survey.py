"""The satisfaction survey after closing: asked once, answered once, or expired."""

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel

from services.feedback.model.answer import AlreadyAnswered
from shared.contracts.feedback import SurveyCompleted
from shared.contracts.values import Instant, Sealed
from shared.errors import Fault
from shared.regulations import Regulation


class SurveyClosed(Fault):
    """The time for the survey is over."""

    code = "survey-expired"
    status = 410


class Survey(BaseModel):
    """One survey; `fingerprint` tells the same answers sent twice from other ones."""

    status: Literal["asked", "completed", "expired"] = "asked"
    due_at: Instant
    reminders: list[Instant] = []
    fingerprint: str = ""
    csat: int | None = None
    nps: int | None = None
    ces: int | None = None
    comment: Sealed | None = None

    @classmethod
    def ask(cls, at: datetime, regulation: Regulation) -> Self:
        """Ask now; it stays open, and is reminded of, as the regulation says."""
        calendar, rule = regulation.working_calendar, regulation.survey
        due_at = calendar.due_at(at, rule.within)
        reminders = sorted(calendar.due_at(at, within) for within in rule.reminders)
        return cls(due_at=due_at, reminders=[moment for moment in reminders if moment < due_at])

    def complete(self, said: SurveyCompleted, fingerprint: str) -> bool:
        """Keep the answers; False where the same ones were given before. Raises `AlreadyAnswered`, `SurveyClosed`."""
        if self.fingerprint == fingerprint:
            return False
        if self.status == "completed":
            raise AlreadyAnswered("This survey has been answered before.")
        if self.status == "expired":
            raise SurveyClosed("The time for this survey is over.")
        self.status, self.fingerprint = "completed", fingerprint
        self.csat, self.nps, self.ces, self.comment = said.csat, said.nps, said.ces, said.comment
        return True

    def expire(self, now: datetime) -> bool:
        """Close it where its time has run out; whether that happened now."""
        if self.status != "asked" or self.due_at > now:
            return False
        self.status = "expired"
        return True

    def remind(self, now: datetime) -> bool:
        """Whether a reminder is due; several that were missed make one."""
        if self.status != "asked" or not self.reminders or self.reminders[0] > now:
            return False
        self.reminders = [moment for moment in self.reminders if moment > now]
        return True

    @property
    def next_moment(self) -> datetime | None:
        """When something is to be done about it, if nobody answers."""
        return min([self.due_at, *self.reminders]) if self.status == "asked" else None
