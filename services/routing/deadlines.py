"""Until when a case has to be answered: by its regulation, and as sla has said since that it was moved."""

from functools import partial
from typing import Any

from services.routing.model import Case, Moved
from shared.contracts.values import Instant, Milestone
from shared.handling import Context
from shared.worktime import Deadline


def deadlines(case: Case, context: Context[Any]) -> dict[Milestone, Deadline]:
    """What is due when, and how that was counted. Raises `NotYet` for an edition of the calendar not heard of here."""
    due = _by_regulation(case, context)
    for milestone in filter(partial(_stands, case), case.moved):
        due.pop(milestone, None)
        if moved := _as_moved(case.moved[milestone], context):
            due[milestone] = moved
    return due


def due(case: Case, context: Context[Any]) -> dict[Milestone, Instant]:
    """What is due when. Raises `NotYet`."""
    return {milestone: deadline.due_at for milestone, deadline in deadlines(case, context).items()}


def _by_regulation(case: Case, context: Context[Any]) -> dict[Milestone, Deadline]:
    """What counts from receipt and acceptance; in a later round the resolution counts from when it was reopened."""
    regulation = context.regulation_of(case)
    calendar = context.calendar(regulation.calendar, case.calendar_edition)
    conditions: dict[str, Any] = {
        "severity": case.severity, "written": case.written, "channel": case.channel, "tier": case.complainant.tier,
    }  # fmt: skip
    due = regulation.deadlines(case.received_at, accepted_at=case.accepted_at, calendar=calendar, **conditions)
    if case.counted_from and (target := regulation.targets_for(**conditions).get("resolution")):
        due["resolution"] = regulation.working_calendar.deadline(case.counted_from, target.within)
    return due


def _as_moved(moved: Moved, context: Context[Any]) -> Deadline | None:
    if moved.due_at is None or moved.counting is None:
        return None
    calendar = context.calendar(moved.counting.calendar, moved.counting.edition)
    return calendar.deadline_of(moved.counting, moved.due_at)


def _stands(case: Case, milestone: Milestone) -> bool:
    """Whether what was moved is not the answer of an earlier round."""
    return milestone != "resolution" or case.counted_from is None or case.moved[milestone].at >= case.counted_from
