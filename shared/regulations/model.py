"""A regulation pack: what one regulation promises, asks for and decides."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cached_property
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, StringConstraints, field_validator, model_validator

from shared.contracts.values import Category, Channel, Department, Milestone, Role, Severity, Tier
from shared.regulations.casework import (
    Casework,
    Dispatch,
    Lead,
    OnTheSpot,
    Remedies,
    SummingUp,
    Tasks,
    Team,
)
from shared.regulations.grading import grade
from shared.regulations.parts import (
    Admissibility,
    Alert,
    CategoryRule,
    Consent,
    DepartmentEntry,
    Grading,
    Mass,
    Part,
    Pauses,
    RegisterField,
    Retention,
    Rise,
    SeverityRule,
    Share,
    Survey,
    Target,
    Text,
    Title,
    mistake_at,
)
from shared.text import says, spelled
from shared.worktime import CALENDARS, Calendar, Deadline, calendar_named

RUNGS = ("urge", "written", "raised")

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
Version = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]*$", max_length=40)]
Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,6}$")]

Conditions = tuple[Severity, bool, Tier, Channel | None]
"""What tells the targets of one complaint from those of another: severity, written, tier, channel."""


class Regulation(Part):
    """One version of one regulation; `builds_on` names the pack, as `name version`, that gave the keys it lacked."""

    name: Name
    version: Version
    builds_on: Text | None = None
    title: Title
    source: Text
    prefix: Prefix
    channels: tuple[Channel, ...] | Literal["all"] = "all"
    calendar: str = "cn"
    requires: tuple[RegisterField, ...] = ()
    admissibility: Admissibility | None = None
    roles: dict[Role, Title] = Field(default_factory=dict)
    departments: dict[Department, DepartmentEntry]
    categories: dict[Category, CategoryRule]
    severities: dict[Severity, SeverityRule] = Field(default_factory=dict)
    mass: Mass = Mass()
    targets: tuple[Target, ...] = Field(min_length=1)
    warnings: tuple[Share, ...] = ()
    ladder: tuple[Rise, ...] = ()
    alerts: tuple[Alert, ...] = ()
    pauses: Pauses | None = None
    process: tuple[Title, ...] = Field(min_length=1)
    on_the_spot: OnTheSpot | None = None
    dispatch: Dispatch | None = None
    tasks: Tasks | None = None
    teams: tuple[Team, ...] = ()
    casework: Casework = Casework()
    lead: Lead | None = None
    summing_up: SummingUp | None = None
    consent: Consent
    remedies: Remedies | None = None
    survey: Survey
    retention: Retention

    def admits(self, channel: Channel) -> bool:
        """Whether complaints come in through this channel under the regulation."""
        return self.channels == "all" or channel in self.channels

    def department_for(self, category: Category) -> Department:
        """The department that answers a category."""
        return self.categories[category].department

    @property
    def hands_out(self) -> bool:
        """Whether each case is given to a handler, instead of waiting for whoever claims it."""
        return self.dispatch is not None and self.dispatch.by == "least-load"

    def team_for(self, severity: Severity, category: Category) -> Team | None:
        """The team that works on such a complaint; the first row that applies counts."""
        return next((team for team in self.teams if team.applies(severity, category)), None)

    def concerned(self, respondent: str, staff: Mapping[Department, Collection[str]]) -> list[Department]:
        """The departments that a complaint against `respondent` is about, and that have an alternate for it.

        It is against one whose name it is, whose title stands in it, or whose `staff` it names.
        """
        if not respondent:
            return []
        plain = spelled(respondent)
        about = [name for name in self.departments if self._is_named(name, plain, staff.get(name, ()))]
        return [name for name in about if self.beside(name, about) != name]

    def _is_named(self, department: Department, respondent: str, staff: Collection[str]) -> bool:
        return respondent == department or says(respondent, *self.departments[department].title.values(), *staff)

    def beside(self, department: Department, concerned: Collection[Department]) -> Department:
        """Who answers instead of a department where the complaint is about it; itself where nobody else can."""
        instead = department
        for _ in self.departments:
            alternate = self.departments[instead].alternate
            if instead not in concerned or alternate is None:
                break
            instead = alternate.department
        return department if instead in concerned else instead

    def severity_of(
        self, text: str, channel: Channel | None = None, tier: Tier = "standard", *, similar: int = 0
    ) -> Grading:
        """How severe one of so many `similar` complaints is by the pack, with the words and rules that decided."""
        return grade(self.severities, text, channel, tier, similar)

    def targets_for(
        self,
        *,
        severity: Severity = "general",
        written: bool = False,
        channel: Channel | None = None,
        tier: Tier = "standard",
    ) -> Mapping[Milestone, Target]:
        """The promise that counts for each milestone: of the rows that apply, the one with the most conditions.

        The later row counts where two have equally many.
        """
        case = (severity, written, tier, channel)
        found = self._targets_of.get(case)
        if found is None:
            applying = [target for target in self.targets if target.applies(*case)]
            found = {target.milestone: target for target in sorted(applying, key=lambda target: target.specificity)}
            self._targets_of[case] = found
        return found

    @cached_property
    def _targets_of(self) -> dict[Conditions, Mapping[Milestone, Target]]:
        """What `targets_for` has answered: there are few kinds of cases, and every complaint asks several times."""
        return {}

    def deadlines(
        self,
        received_at: datetime,
        *,
        severity: Severity = "general",
        written: bool = False,
        channel: Channel | None = None,
        tier: Tier = "standard",
        accepted_at: datetime | None = None,
        calendar: Calendar | None = None,
    ) -> dict[Milestone, Deadline]:
        """When the targets that count from receipt are due, and from acceptance where it is named; no later ones.

        They are counted by the edition of the working calendar that is in force, unless another is given. Raises
        ValueError when a time has no offset.
        """
        starts = {"receipt": received_at, "acceptance": accepted_at}
        targets = self.targets_for(severity=severity, written=written, channel=channel, tier=tier)
        calendar = calendar or self.working_calendar
        return {
            milestone: calendar.deadline(start, target.within)
            for milestone, target in targets.items()
            if (start := starts.get(target.starts))
        }

    def ladder_for(self, severity: Severity) -> tuple[Rise, ...]:
        """The rungs that supervision of such a complaint climbs, lowest first."""
        return self._ladders[severity]

    @cached_property
    def _ladders(self) -> dict[Severity, tuple[Rise, ...]]:
        return {severity: self._ladder(severity) for severity in get_args(Severity)}

    def _ladder(self, severity: Severity) -> tuple[Rise, ...]:
        own = {rise.rung: rise for rise in self.ladder if rise.severity and severity in rise.severity}
        others = {rise.rung: rise for rise in self.ladder if rise.severity is None}
        rungs = others | own
        return tuple(rungs[rung] for rung in RUNGS if rung in rungs)

    def alerts_for(self, severity: Severity) -> tuple[Alert, ...]:
        """Who is told at once when such a complaint comes in."""
        return tuple(alert for alert in self.alerts if severity in alert.severity)

    def settles(self, severity: Severity, channel: Channel) -> bool:
        """Whether whoever receives such a complaint may settle it on the spot."""
        rule = self.on_the_spot
        return rule is not None and severity in rule.severity and (rule.channel is None or channel in rule.channel)

    def is_last(self, round: int) -> bool:
        """Whether there is no other answer after that of this round, but other remedies."""
        return self.remedies is not None and self.remedies.ends and round > self.consent.rounds

    @property
    def edition(self) -> str:
        """Name and version, as another pack writes them to build on this one."""
        return f"{self.name} {self.version}"

    @property
    def working_calendar(self) -> Calendar:
        """The calendar that the regulation's deadlines are counted by."""
        return calendar_named(self.calendar)

    @field_validator("calendar")
    @classmethod
    def _calendar_exists(cls, name: str) -> str:
        if name not in CALENDARS:
            raise ValueError(f"there is no calendar {name!r}; there is {', '.join(CALENDARS)}")
        return name

    @field_validator("categories")
    @classmethod
    def _every_category(cls, categories: dict[Category, CategoryRule]) -> dict[Category, CategoryRule]:
        missing = sorted({"product", "service", "other"} - set(categories))
        if missing:
            raise ValueError(f"give {' and '.join(missing)} a department too")
        return categories

    @field_validator("severities")
    @classmethod
    def _general_is_the_rest(cls, severities: dict[Severity, SeverityRule]) -> dict[Severity, SeverityRule]:
        if (general := severities.get("general")) and general.criteria:
            raise ValueError("general is what meets no criterion: give it a title and a clause only")
        return severities

    @field_validator("warnings")
    @classmethod
    def _warnings_in_order(cls, shares: tuple[float, ...]) -> tuple[float, ...]:
        if list(shares) != sorted(set(shares)):
            raise ValueError("write the warning points in growing order, each once")
        return shares

    @field_validator("ladder")
    @classmethod
    def _ladder_climbs(cls, ladder: tuple[Rise, ...]) -> tuple[Rise, ...]:
        places = [RUNGS.index(rise.rung) for rise in ladder]
        steps = [(rise.rung, severity) for rise in ladder for severity in rise.severity or (None,)]
        if places != sorted(places) or len(steps) != len(set(steps)):
            raise ValueError(f"a ladder climbs {', '.join(RUNGS)} in this order, each rung once for a severity")
        return ladder

    @field_validator("targets")
    @classmethod
    def _no_row_twice(cls, targets: tuple[Target, ...]) -> tuple[Target, ...]:
        seen: set[tuple[object, ...]] = set()
        for place, target in enumerate(targets):
            row = (target.milestone, *target.conditions)
            if row in seen:
                raise ValueError(f"row {place + 1} promises {target.milestone} again under the same conditions")
            seen.add(row)
        return targets

    @model_validator(mode="after")
    def _somebody_decides(self) -> Self:
        for place, target in enumerate(self.targets):
            if self.admissibility is None and (target.milestone == "decision" or target.starts == "acceptance"):
                reason = "nobody decides on acceptance here; give the pack its admissibility, or count from receipt"
                raise mistake_at(["targets", place], reason)
        return self

    @model_validator(mode="after")
    def _departments_are_known(self) -> Self:
        for category, rule in self.categories.items():
            if rule.department not in self.departments:
                known = ", ".join(self.departments)
                reason = f"there is no department {rule.department!r}; there is {known}"
                raise mistake_at(["categories", category, "department"], reason)
        if self.lead and self.lead.department not in self.departments:
            raise mistake_at(["lead", "department"], f"there is no department {self.lead.department!r} here")
        for place, team in enumerate(self.teams):
            for name in set(team.departments) - set(self.departments):
                raise mistake_at(["teams", place, "departments"], f"there is no department {name!r} here")
        for department, entry in self.departments.items():
            if entry.alternate and entry.alternate.department not in set(self.departments) - {department}:
                reason = f"there is no other department {entry.alternate.department!r} here"
                raise mistake_at(["departments", department, "alternate", "department"], reason)
        return self
