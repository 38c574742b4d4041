"""Where a clock stands: with whom, how urgent, and in which part of the board."""

from datetime import UTC, datetime
from typing import Literal

from pydantic import BaseModel, Field, computed_field

from services.sla.model.promise import PAUSABLE, Promise
from services.sla.model.supervision import Supervised
from shared.contracts.values import Department, Instant

Standing = Literal["breached", "at-risk", "paused", "running", "ended"]
"""Where a clock stands on the board."""

NEVER = datetime(9998, 12, 31, tzinfo=UTC)
"""When a clock is urgent by which nothing is due: after all others."""


class Placement(BaseModel):
    """Which department had the complaint, from when on."""

    since: Instant
    department: Department


class Placed(Supervised):
    """A complaint's place on the board, and the departments that have had it."""

    status: Literal["running", "paused", "ended"] = "running"
    placements: list[Placement] = Field(default_factory=list)

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorators on properties
    @property
    def standing(self) -> Standing:
        """Where it stands on the board, and in its index: late comes before in danger, that before waiting."""
        if any(promise.breached_at for promise in self._still_open()):
            return "breached"
        return "at-risk" if any(promise.warnings_given for promise in self._ticking()) else self.status

    @computed_field  # type: ignore[prop-decorator]  # as above
    @property
    def urgent_at(self) -> Instant:
        """What the board is ordered by: when the next open promise falls due, or the first one fell due."""
        return self.next_due_at or NEVER

    @property
    def next_due_at(self) -> Instant | None:
        """When the next open promise falls due, or the first one fell due; None where nothing is."""
        return min((promise.due_at for promise in self._still_open()), default=None)

    def department_at(self, moment: Instant) -> Department | None:
        """The department that had the complaint at a moment; before it was given to any, the first that got it."""
        held = [placement.department for placement in self.placements if placement.since <= moment]
        return held[-1] if held else next((placement.department for placement in self.placements), None)

    def _place(self, department: Department, at: Instant) -> Department:
        """Note who has the complaint since when; returns who has it now, whatever the order of the messages."""
        self.placements.append(Placement(since=at, department=department))
        self.placements.sort(key=lambda placement: placement.since)
        self.department = self.placements[-1].department
        return self.department

    def _ticking(self) -> list[Promise]:
        """The open promises whose time runs."""
        still = PAUSABLE if self.status == "paused" else frozenset()
        return [promise for promise in self._still_open() if promise.milestone not in still]
