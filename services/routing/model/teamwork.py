"""How several departments work on one complaint: one leads and answers the customer, the others do what it asks."""

from collections.abc import Sequence

from pydantic import Field, computed_field

from services.routing.model.assessment import Briefing
from services.routing.model.clustering import Clustering
from services.routing.model.faults import Excluded, TasksOpen
from services.routing.model.file import OPEN
from services.routing.model.task import Task
from shared.contracts.routing import CaseProgressed
from shared.contracts.values import Department, Instant, Outcome, Sealed
from shared.errors import Invalid, NotFound, WrongState

LATE = 1
"""The level with which a department is told again of a task whose target it has missed."""


class Teamwork(Clustering):
    """A case on which others work for the department that leads it; a special team has a leader, and members."""

    tasks: list[Task] = Field(default_factory=list)
    leader: str = ""
    members: list[str] = Field(default_factory=list)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def asked(self) -> list[Department]:
        """The departments that have a task to answer; kept beside the state, where lists find it."""
        return [task.department for task in self.tasks if task.is_open] if self.tasks and self.status in OPEN else []

    def task(self, name: str) -> Task:
        """The task of a name. Raises `NotFound`."""
        for task in self.tasks:
            if task.name == name:
                return task
        raise NotFound(f"{self.number} has no task {name}.")

    def task_of(self, department: Department) -> Task | None:
        """The task that a department has to answer."""
        return next((task for task in self.tasks if task.is_open and task.department == department), None)

    def ask(self, task: Task, *, at: Instant, briefing: Briefing) -> None:
        """Ask another department for something; it gets a work order of its own."""
        self.must_be_at_work()
        self._must_be_free_for(task.department)
        if task.due_at <= at:
            raise Invalid("The time until which the task is to be done has passed already.")
        self.tasks = [*self.tasks, task]
        self._put_on_record(f"asked-{task.department}", task.asks, task.asked_by, at)
        self._order_task(task, briefing)
        self._rearm(briefing)

    def take_task(self, task: Task, *, by: str, at: Instant) -> None:
        """Somebody of the department takes the task on. Raises `Excluded` for whoever the complaint is about."""
        self._must_be_open(task)
        self.must_not_be_about(by)
        self._replace(task, taken_by=by)
        self._did(f"taken-by-{task.department}", by, at)

    def report(self, task: Task, step: str, *, note: Sealed | None, by: str, at: Instant) -> None:
        """A step that was taken for a task is on the case's record; the customer does not hear of it."""
        self._must_be_open(task)
        self._put_on_record(step, note, by, at)

    def answer_task(self, task: Task, outcome: Outcome, answer: Sealed, *, by: str, at: Instant) -> None:
        """The department has done what it was asked for; those who lead read the answer."""
        self._must_be_open(task)
        self._replace(task, status="answered", outcome=outcome, answer=answer, ended_by=by, ended_at=at)
        self._put_on_record(f"answered-by-{task.department}", answer, by, at)

    def withdraw_task(self, task: Task, reason: str, *, by: str, at: Instant, briefing: Briefing) -> None:
        """Those who lead do not need it any more; the department is told why."""
        self._must_be_open(task)
        self._replace(task, status="withdrawn", reason=reason, ended_by=by, ended_at=at)
        self._did(f"withdrawn-from-{task.department}", by, at)
        self._order_task(self.task(task.name), briefing)

    def urge_tasks(self, now: Instant, briefing: Briefing) -> None:
        """Tell each department whose task is late so; once, since it is those who lead that answer the customer."""
        for task in [task for task in self.tasks if self.status in OPEN and task.is_late(now)]:
            self._replace(task, urged=True)
            self._did(f"late-{task.department}", "", now)
            self._order_task(self.task(task.name), briefing)

    def form_team(self, leader: str, members: Sequence[str], note: Sealed, *, at: Instant) -> None:
        """A leader forms the special team for the case, and leads it (S5.7)."""
        self.must_be_at_work()
        self.must_not_be_about(leader, *members)
        self.leader, self.members = leader, list(members)
        self._put_on_record("team", note, leader, at)

    def _order_tasks_again(self, briefing: Briefing) -> None:
        """Tell every department that has a task what has been added."""
        for task in self.tasks if self.asked else ():
            if task.is_open:
                self._order_task(task, briefing)

    def _must_have_no_task(self) -> None:
        left = [task for task in self.tasks if task.is_open]
        if left:
            named = ", ".join(f"{task.name} ({task.department})" for task in left)
            raise TasksOpen(
                f"{self.number} has tasks that are not answered: {named}. Wait for them, or withdraw them.",
                tasks=[task.model_dump(mode="json", include={"name", "department", "due_at"}) for task in left],
            )

    def _take_over(self, by: str, at: Instant) -> None:
        """The department that leads from now on asks nothing of itself."""
        if own := self.task_of(self.department):
            self._replace(own, status="withdrawn", reason="leads the case now", ended_by=by, ended_at=at)

    def _must_be_free_for(self, department: Department) -> None:
        if department == self.department:
            raise Invalid(f"{department} leads {self.number}; it asks others.")
        if department in self.concerned:
            raise Excluded(f"{self.number} is about {department}; it has no part in it.")
        if open_task := self.task_of(department):
            raise Invalid(f"{department} has task {open_task.name} to answer first.")

    def _must_be_open(self, task: Task) -> None:
        self.must_be_at_work()
        if not task.is_open:
            raise WrongState(f"Task {task.name} of {self.number} is {task.status}.", state=task.status)

    def _replace(self, task: Task, **fields: object) -> None:
        changed = task.model_copy(update=fields)
        self.tasks = [changed if one.name == task.name else one for one in self.tasks]

    def _put_on_record(self, step: str, note: Sealed | None, by: str, at: Instant) -> None:
        self._did(step, by, at, note)
        self.record(CaseProgressed(step=step, note=note, by=by))

    def _order_task(self, task: Task, briefing: Briefing) -> None:
        due = {"resolution": task.due_at}
        self.record(
            self._work_order(briefing).model_copy(
                update={
                    "department": task.department, "task": task.name, "asks": briefing.asks.get(task.name, ""),
                    "lead": self.department, "withdrawn": task.reason, "due": due, "derivation": {}, "leads": False,
                    "escalation_level": LATE if task.urged else 0,
                }
            )
        )  # fmt: skip

    def _rearm(self, briefing: Briefing) -> None:
        """Be woken when a handler is to be found, and when a task becomes late."""
        waits = [task.due_at for task in self.tasks if self.status in OPEN and task.is_open and not task.urged]
        self.wake_at(briefing.hand_out_at if self.is_unclaimed else None, *waits)
