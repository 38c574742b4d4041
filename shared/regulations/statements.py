"""What a pack says, in words: every promise, rung and rule as a statement that can be read and compared."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple

from shared.contracts.values import Language, Role
from shared.regulations import words
from shared.regulations.model import Regulation
from shared.regulations.parts import Part, SeverityRule

CONDITIONS = ("severity", "written", "channel", "tier", "category", "outcome", "given", "unless")
"""What a row of a pack may depend on."""


class Statement(NamedTuple):
    """One thing that a pack says, and by which clause.

    `key` names what it is about in the pack's words, the same in every language; `subject` in the reader's.
    """

    key: str
    subject: str
    says: tuple[str, ...]
    clause: str = ""


def statements(pack: Regulation, language: Language) -> dict[str, list[Statement]]:
    """Everything a pack says, by its parts, in the order in which an officer asks for them."""
    teller = _Teller(pack, language)
    return {part: list(tell(teller)) for part, tell in PARTS.items()}


class _Teller:
    """One pack, told in one language."""

    def __init__(self, pack: Regulation, language: Language) -> None:
        self.pack, self.language = pack, language

    def head(self) -> Iterator[Statement]:
        pack = self.pack
        named = {"title": pack.title[self.language], "source": pack.source, "prefix": pack.prefix,
                 "builds_on": pack.builds_on, "calendar": pack.calendar}  # fmt: skip
        yield from (Statement(key, self._say(key), (value,)) for key, value in named.items() if value)

    def channels(self) -> Iterator[Statement]:
        listed = self.pack.channels
        says = (self._say("all"),) if listed == "all" else self._named(words.CHANNELS, listed)
        yield Statement("channels", "", says)

    def requires(self) -> Iterator[Statement]:
        if self.pack.requires:
            yield Statement("requires", "", self._named(words.FIELDS, self.pack.requires))

    def admissibility(self) -> Iterator[Statement]:
        if rule := self.pack.admissibility:
            yield Statement("tests", self._say("tests"), self._named(words.TESTS, rule.tests), rule.clause)
            review = words.counted(rule.review, "receipt", self.language)
            yield Statement("review", self._say("review"), (review,), rule.clause)

    def categories(self) -> Iterator[Statement]:
        for category, rule in self.pack.categories.items():
            department = self.pack.departments[rule.department]
            yield Statement(category, rule.title[self.language], (department.title[self.language],))

    def departments(self) -> Iterator[Statement]:
        for name, entry in self.pack.departments.items():
            yield Statement(name, f"{entry.title[self.language]} [{name}]", (entry.place[self.language],))
            if alternate := entry.alternate:
                titles = [self.pack.departments[one].title[self.language] for one in (name, alternate.department)]
                says = self._say("alternate", department=titles[0], instead=titles[1])
                yield Statement(f"alternate {name}", titles[0], (says,), alternate.clause)

    def severities(self) -> Iterator[Statement]:
        for severity, rule in self.pack.severities.items():
            subject = f"{rule.title[self.language]} [{severity}]"
            criteria = tuple(self._criteria(rule)) or (self._say("the rest"),)
            yield Statement(severity, subject, criteria, rule.clause)

    def mass(self) -> Iterator[Statement]:
        rule = self.pack.mass
        says = self._say("mass", count=rule.count, days=rule.days, likeness=f"{rule.likeness:.0%}")
        yield Statement("mass", "", (says,), rule.clause)

    def targets(self) -> Iterator[Statement]:
        for target in self.pack.targets:
            subject = words.MILESTONES[target.milestone][self.language] + self._where(target)
            says = words.counted(target.within, target.starts, self.language)
            yield Statement(_key(target.milestone, target), subject, (says,), target.clause)

    def warnings(self) -> Iterator[Statement]:
        if shares := self.pack.warnings:
            yield Statement("warnings", "", tuple(self._say("used up", share=share) for share in shares))

    def ladder(self) -> Iterator[Statement]:
        for rise in self.pack.ladder:
            subject = words.RUNGS[rise.rung][self.language] + self._where(rise)
            says = [self._say("late", role=self._role(rise.role), limit=words.limit(rise.after, self.language))]
            if rise.again:
                says.append(self._say("again", limit=words.limit(rise.again, self.language)))
            yield Statement(_key(rise.rung, rise), subject, tuple(says), rise.clause)

    def alerts(self) -> Iterator[Statement]:
        for alert in self.pack.alerts:
            subject = words.COMMA[self.language].join(self._conditions(alert))
            says = self._say("at once", role=self._role(alert.role), limit=words.limit(alert.within, self.language))
            yield Statement(_key(alert.role, alert), subject, (says,), alert.clause)

    def pauses(self) -> Iterator[Statement]:
        if rule := self.pack.pauses:
            says = self._say("pauses", limit=words.limit(rule.most, self.language))
            yield Statement("pauses", "", (says,), rule.clause)

    def process(self) -> Iterator[Statement]:
        yield from (Statement(step["en"], "", (step[self.language],)) for step in self.pack.process)

    def on_the_spot(self) -> Iterator[Statement]:
        if rule := self.pack.on_the_spot:
            yield Statement("on_the_spot", "", tuple(self._conditions(rule)), rule.clause)

    def dispatch(self) -> Iterator[Statement]:
        if rule := self.pack.dispatch:
            yield Statement("dispatch", "", (self._say(rule.by),), rule.clause)

    def tasks(self) -> Iterator[Statement]:
        if rule := self.pack.tasks:
            says = self._say("answered within", limit=words.limit(rule.within, self.language))
            yield Statement("tasks", "", (says,), rule.clause)

    def teams(self) -> Iterator[Statement]:
        for team in self.pack.teams:
            titles = (self.pack.departments[name].title[self.language] for name in team.departments)
            departments = words.COMMA[self.language].join(titles)
            says = self._say("led by", role=self._role(team.leader), departments=departments)
            subject = self._say("team") + self._where(team)
            yield Statement(_key("team", team), subject, (says, team.asks[self.language]), team.clause)

    def casework(self) -> Iterator[Statement]:
        for step in self.pack.casework.steps:
            yield Statement(
                _key(step.step, step), step.title[self.language] + self._where(step), (self._say("must"),), step.clause
            )
        for approval in self.pack.casework.approvals:
            subject = self._role(approval.role) + self._where(approval)
            yield Statement(_key(approval.role, approval), subject, (self._say("approves"),), approval.clause)
        for duty in self.pack.casework.duties:
            asks = self._named(words.ANSWER, duty.asks)
            yield Statement(_key("answer", duty), self._say("answer") + self._where(duty), asks, duty.clause)

        for rule in self.pack.casework.wording:
            subject = self._say("wording") + self._where(rule)
            says = (words.WORDING[rule.part][self.language], *(word for own in rule.words.values() for word in own))
            yield Statement(_key(f"wording {rule.part}", rule), subject, says, rule.clause)

    def lead(self) -> Iterator[Statement]:
        if rule := self.pack.lead:
            title = self.pack.departments[rule.department].title[self.language]
            yield Statement("lead", "", (self._say("lead", department=title),), rule.clause)

    def summing_up(self) -> Iterator[Statement]:
        if rule := self.pack.summing_up:
            yield Statement("summing_up", "", (self._say("summed up"),), rule.clause)

    def consent(self) -> Iterator[Statement]:
        rule = self.pack.consent
        silence = self._say("silence", limit=words.limit(rule.silence, self.language))
        yield Statement("silence", "", (silence,), rule.clause)
        yield Statement("rounds", "", (self._say("rounds", rounds=rule.rounds),), rule.clause)

    def remedies(self) -> Iterator[Statement]:
        if rule := self.pack.remedies:
            says = (rule.text[self.language], self._say("ends" if rule.ends else "goes on"))
            yield Statement("remedies", "", says, rule.clause)

    def survey(self) -> Iterator[Statement]:
        rule = self.pack.survey
        opened = self._say("open", limit=words.limit(rule.within, self.language))
        reminders = (self._say("reminder", limit=words.limit(one, self.language)) for one in rule.reminders)
        yield Statement("survey", "", (opened, *reminders), rule.clause)

    def retention(self) -> Iterator[Statement]:
        rule = self.pack.retention
        years = words.years(rule.years, self.language)
        says: tuple[str, ...] = (self._say("closing", years=years),)
        if rule.after_expiry is not None:
            after_expiry = words.years(rule.after_expiry, self.language)
            says = (self._say("expiry", years=after_expiry), self._say("unknown expiry", years=years))
        yield Statement("retention", "", says, rule.clause)

    def _criteria(self, rule: SeverityRule) -> Iterator[str]:
        """Words of every language: they all count, whatever language the officer reads."""
        yield from chain.from_iterable(rule.words.values())
        for channel in rule.channels:
            yield self._say("through", channel=words.CHANNELS[channel][self.language])
        yield from self._named(words.TIERS, rule.tiers)
        if rule.amount:
            yield self._say("amount", amount=f"{rule.amount:,}")
        if rule.similar:
            yield self._say("similar", count=rule.similar)

    def _where(self, row: Part) -> str:
        conditions = words.COMMA[self.language].join(self._conditions(row))
        return f" [{conditions}]" if conditions else ""

    def _conditions(self, row: Part) -> Iterator[str]:
        """What has to hold for a row, each condition in words."""
        own = {severity: rule.title for severity, rule in self.pack.severities.items()}
        named: dict[str, Mapping[Any, words.Words]] = {
            "severity": words.SEVERITIES | own, "channel": words.CHANNELS, "tier": words.TIERS,
            "category": {name: rule.title for name, rule in self.pack.categories.items()}, "outcome": words.OUTCOMES,
        }  # fmt: skip
        for condition, values in _holding(row).items():
            if condition == "written":
                yield self._say("written" if values else "not written")
            elif condition in ("given", "unless"):
                yield self._say(condition, steps=words.COMMA[self.language].join(values))
            else:
                yield from self._named(named[condition], values)

    def _role(self, role: Role) -> str:
        return (words.ROLES | self.pack.roles)[role][self.language]

    def _named(self, table: Mapping[Any, words.Words], names: Iterable[str]) -> tuple[str, ...]:
        return tuple(table[name][self.language] for name in names)

    def _say(self, key: str, **values: object) -> str:
        return words.say(key, self.language, **values)


PARTS: dict[str, Callable[[_Teller], Iterator[Statement]]] = {
    "pack": _Teller.head,
    "channels": _Teller.channels,
    "requires": _Teller.requires,
    "admissibility": _Teller.admissibility,
    "categories": _Teller.categories,
    "departments": _Teller.departments,
    "severities": _Teller.severities,
    "mass": _Teller.mass,
    "targets": _Teller.targets,
    "warnings": _Teller.warnings,
    "ladder": _Teller.ladder,
    "alerts": _Teller.alerts,
    "pauses": _Teller.pauses,
    "process": _Teller.process,
    "on_the_spot": _Teller.on_the_spot,
    "dispatch": _Teller.dispatch,
    "tasks": _Teller.tasks,
    "teams": _Teller.teams,
    "casework": _Teller.casework,
    "lead": _Teller.lead,
    "summing_up": _Teller.summing_up,
    "consent": _Teller.consent,
    "remedies": _Teller.remedies,
    "survey": _Teller.survey,
    "retention": _Teller.retention,
}
"""The parts of an explanation in their order, and who tells them."""


def _holding(row: Part) -> dict[str, Any]:
    """The conditions of a row that say anything."""
    return {name: value for name in CONDITIONS if (value := getattr(row, name, None)) not in (None, ())}


def _key(name: str, row: Part) -> str:
    """`resolution severity=major,critical`: a row's name and its conditions, as the pack writes them."""
    return " ".join([name, *(f"{condition}={_plain(given)}" for condition, given in _holding(row).items())])


def _plain(given: bool | tuple[str, ...]) -> str:
    return ",".join(given) if isinstance(given, tuple) else str(given).lower()
