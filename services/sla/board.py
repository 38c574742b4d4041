"""The board of a running service: who is late, how many stand where, and how a month went."""

from functools import partial

from services.sla import store
from services.sla.conformance.figures import Figures, count_promises
from services.sla.conformance.month import Month
from services.sla.forms import BoardQuery, ClockLine, CountsView, DepartmentCounts
from services.sla.model import Clock
from services.sla.store import Count
from shared.conflict import sees
from shared.identity import Caller
from shared.remembered import Figure, Remembered
from shared.service import Running
from shared.web import Page


async def lines(running: Running[Clock], query: BoardQuery, caller: Caller) -> Page[ClockLine]:
    """One page of clocks, most urgent first, without those about whoever asks."""
    wanted, seen = store.standing_at(query.state, query.department), partial(sees, caller, running.regulations)
    clocks, following = await store.board(running.repository.collection, wanted, seen, query.limit, query.cursor)
    return Page(items=[_line(clock) for clock in clocks], next=following)


async def counts(running: Running[Clock]) -> CountsView:
    """How many open clocks each department has, and where they stand, as they were counted last."""
    count = partial(store.counts, running.repository.collection)
    found: Figure[list[Count]] = await _remembered(running).get("counts", count)
    departments: dict[str | None, DepartmentCounts] = {}
    for department, standing, clocks in found.value:
        line = departments.setdefault(department, DepartmentCounts(department=department))
        setattr(line, standing.replace("-", "_"), clocks)
    return CountsView(as_of=found.as_of, departments=list(departments.values()))


async def figures(running: Running[Clock], month: Month) -> Figures:
    """The on-time figures of a month, as they were counted last."""

    async def count() -> Figures:
        clocks = store.promised(running.repository.collection, month.since, month.until)
        return await count_promises(clocks, month, running.clock())

    found: Figure[Figures] = await _remembered(running).get(month, count)
    return found.value


def _line(clock: Clock) -> ClockLine:
    own = set(ClockLine.model_fields) - {"due_at"}
    return ClockLine(**clock.model_dump(include=own), due_at=clock.next_due_at)


def _remembered(running: Running[Clock]) -> Remembered:
    remembered: Remembered = running.kit.figures
    return remembered
