"""Until when a case has to be answered: by its regulation, and as sla has said since that it was moved."""

from typing import Any

from services.routing.model import Case, Moved
from shared.contracts.values import Instant, Milestone
from shared.handling import Context
from shared.worktime import Deadline


def deadlines(case: Case, context: Context[Any]) -> dict[Milestone, Deadline]:
    """What is due when, and how that was counted. Raises `NotYet` for an edition of the calendar not heard of here."""
    return _by_regulation(case, context) | {
        milestone: _as_moved(moved, context) for milestone, moved in case.moved.items() if _stands(case, milestone)
    }


def due(case: Case, context: Context[Any]) -> dict[Milestone, Instant]:
    """What is due when. Raises `NotYet`."""
    return {milestone: deadline.due_at for milestone, deadline in deadlines(case, context).items()}


def _by_regulation(case: Case, context: Context[Any]) -> dict[Milestone, Deadline]:
    """What counts from receipt and acceptance; in a later round the resolution counts from when it was reopened."""
    regulation = context.regulation(case.regulation, case.regulation_version)
    calendar = context.calendar(regulation.calendar, case.calendar_edition)
    conditions: dict[str, Any] = {
        "severity": case.severity, "written": case.written, "channel": case.channel, "tier": case.complainant.tier,
    }  # fmt: skip
    due = regulation.deadlines(case.received_at, accepted_at=case.accepted_at, calendar=calendar, **conditions)
    target = regulation.targets_for(**conditions).get("resolution")
    if case.counted_from and target:
        due["resolution"] = regulation.working_calendar.deadline(case.counted_from, target.within)
    return due


def _as_moved(moved: Moved, context: Context[Any]) -> Deadline:
    calendar = context.calendar(moved.counting.calendar, moved.counting.edition)
    return calendar.deadline_of(moved.counting, moved.due_at)


def _stands(case: Case, milestone: Milestone) -> bool:
    """Whether what was moved is not the answer of an earlier round."""
    return milestone != "resolution" or case.counted_from is None or case.moved[milestone].at >= case.counted_from
