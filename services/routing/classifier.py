"""Tells what a complaint is about and how grave it is, and says by which words.

Plain rules over a lexicon, and what was learnt from the company's own cases where there is anything: the same letter
gets the same answer, and whoever doubts it reads the reasons. A clause of praise hardly counts, the clause after a
"but" counts more, the subject line counts most.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from math import exp
from typing import NamedTuple, cast, get_args

from services.routing.learning.evidence import Evidence
from services.routing.learning.experience import Experience
from services.routing.lexicon import BREAK, Found, Lexicon, Mark, Pattern, load_lexicon, normalise
from shared.contracts.values import Category, Severity

__all__ = ["Classification", "Classifier", "Lexicon", "gravest", "load_lexicon"]

HEAD, TAIL = 2_000, 1_000
"""Characters of a long text that are read, from its beginning and from its end."""

SUBJECT, CLAIM = 2.0, 1.5
"""How much more a word counts in the subject line, and in what the complainant demands, than in the narrative."""

DISMISSED, PRAISED, CONCEDED, COMPLAINED, CONTRASTED = 0.05, 0.25, 0.5, 1.3, 1.6
"""What a clause's tone does to the weight of the matters in it."""

FAULT = 2.5
"""From this weight on a term is a complaint by itself, whatever praise stands beside it."""

HINT = 1.5
"""The weight of the category that whoever registered the complaint had in mind."""

FADING, SPREADING = 0.6, 0.9
"""Each further term of a finer class, and each further class of a category, counts this much of the one before: length
alone decides nothing."""

NEAR = 2
"""Words that may stand between a negation and what it denies."""

FIRST = 1.1
"""How much more the matter counts that a part of the letter names first."""

WORTH_A_TAG = 1.0
"""The weight from which on a finer class is one of the letter's matters."""

REASONS = 8
"""Finer classes named in an explanation."""

UNDECIDED: tuple[Category, float] = ("other", 0.1)
"""What is said of a letter that says nothing, and how sure that is."""

CATEGORIES: tuple[Category, ...] = get_args(Category)

EVEN = 0.334
"""A category that is no more probable than this is as good as any other of the three."""


@dataclass(frozen=True)
class Classification:
    """What a complaint is about, how grave it is, how sure that is, and the words that decided."""

    category: Category
    severity: Severity
    confidence: float
    because: list[str]
    tags: list[str]


@dataclass
class _Clause:
    """One clause: the matters and dangers it names and the tone it names them in."""

    tones: set[str] = field(default_factory=set)
    matters: list[Mark] = field(default_factory=list)
    dangers: list[Mark] = field(default_factory=list)
    denied_until: int = -1

    def hear(self, mark: Mark, start: int, end: int) -> None:
        denied = start <= self.denied_until
        match mark.kind:
            case "matter":
                self.matters.append(mark)
            case "negation":
                self.denied_until = end + NEAR
            case "danger" | "complaint" if denied:
                return
            case "danger":
                self.dangers.append(mark)
            case "praise" if denied:
                self.tones.add("complaint")
            case "praise" | "complaint" | "concession" | "dismissal":
                self.tones.add(mark.kind)

    def weight(self, mark: Mark) -> float:
        return mark.weight * self._mood(mark) * (CONTRASTED if "contrast" in self.tones else 1.0)

    def _mood(self, mark: Mark) -> float:
        if "dismissal" in self.tones:
            return DISMISSED
        if mark.weight <= FAULT and "praise" in self.tones and "complaint" not in self.tones:
            return PRAISED
        if "concession" in self.tones:
            return CONCEDED
        return COMPLAINED if "complaint" in self.tones else 1.0


def gravest(severities: Iterable[str]) -> Severity:
    """The gravest of some severities, `general` when there is none."""
    reached = set(severities)
    return "critical" if "critical" in reached else "major" if "major" in reached else "general"


class _Reading(NamedTuple):
    """One part of a letter, read: its text in one spelling, the weighted matters and the dangers in it."""

    plain: str
    matters: list[tuple[Mark, float]]
    dangers: list[Mark]


class Classifier:
    """Classifies complaints in Chinese and English by a lexicon and by what was learnt; pure, and safe to share."""

    def __init__(self, lexicon: Lexicon, experience: Experience | None = None) -> None:
        self._lexicon, self._experience = lexicon, experience

    def taught(self, experience: Experience | None) -> "Classifier":
        """This classifier with another experience, or with the lexicon alone."""
        return Classifier(self._lexicon, experience)

    def classify(
        self,
        text: str,
        *,
        subject_line: str = "",
        claim: str = "",
        respondent: str = "",
        hint: Category | None = None,
    ) -> Classification:
        """The category, severity and finer classes of one letter.

        `respondent` is the name complained of: it is taken out, for a name is no reason. `hint` is the category that
        whoever registered the complaint had in mind: one more reason among others.
        """
        readings = self._readings(text, subject_line, claim, respondent)
        classes = _weigh(chain.from_iterable(reading.matters for reading in readings))
        evidence = _evidence(readings, classes, hint)
        category, confidence = self.decide(evidence)
        dangers = list(chain.from_iterable(reading.dangers for reading in readings))
        severity = gravest(mark.name.partition("/")[0] for mark in dangers)
        learnt = self._experience.reasons(evidence, category) if self._experience else []
        because = [*_hinted(hint), *_reasons(classes, evidence.classes), *learnt, *_alarms(dangers, severity)]
        tags = [name for name, weight in evidence.classes.items() if weight >= WORTH_A_TAG]
        return Classification(category, severity, confidence, because or ["no word of the lexicon"], tags)

    def evidence(self, text: str, *, subject_line: str = "", claim: str = "", respondent: str = "") -> Evidence:
        """What of one letter can be learnt from; the arguments are those of `classify`."""
        readings = self._readings(text, subject_line, claim, respondent)
        return _evidence(readings, _weigh(chain.from_iterable(reading.matters for reading in readings)), None)

    def decide(self, evidence: Evidence) -> tuple[Category, float]:
        """The category, and how sure that is; `other`, hardly sure, where nothing speaks for anything."""
        if self._experience is None:
            return _heaviest_category(evidence.totals)
        shares = self._experience.shares(evidence)
        category = max(shares, key=shares.__getitem__)
        return (category, round(shares[category], 3)) if shares[category] > EVEN else UNDECIDED

    def _readings(self, text: str, subject_line: str, claim: str, respondent: str) -> list[_Reading]:
        """What each part of a letter says; the patterns are sought in all of it, and then only those that are there."""
        parts = [(subject_line, SUBJECT), (claim, CLAIM), (text, 1.0)]
        normalised = [(normalise(_shorten(part, respondent)), emphasis) for part, emphasis in parts if part]
        patterns = self._lexicon.patterns_in("\n".join(plain for plain, _ in normalised))
        return [self._read(plain, emphasis, patterns) for plain, emphasis in normalised]

    def _read(self, plain: str, emphasis: float, patterns: Iterable[Pattern]) -> _Reading:
        spelled = self._lexicon.spell(plain)
        clauses = _clauses(spelled, self._lexicon.search(spelled))
        matters = [(mark, emphasis * clause.weight(mark)) for clause in clauses for mark in clause.matters]
        matters[:1] = [(mark, weight * FIRST) for mark, weight in matters[:1]]
        matters += [(mark, emphasis * mark.weight) for pattern in patterns for mark in pattern.marks(plain)]
        return _Reading(plain, matters, [danger for clause in clauses for danger in clause.dangers])


def _evidence(readings: Iterable[_Reading], classes: dict[str, dict[str, float]], hint: Category | None) -> Evidence:
    sums = _sums(classes)
    return Evidence("\n".join(reading.plain for reading in readings), sums, _totals(sums, hint))


def _shorten(text: str, respondent: str) -> str:
    kept = text if len(text) <= HEAD + TAIL else f"{text[:HEAD]}\n{text[-TAIL:]}"
    return kept.replace(respondent, " ") if len(respondent) > 1 else kept


def _clauses(spelled: str, found: Iterable[Found]) -> list[_Clause]:
    """Divide a text at its punctuation and its contrasts, and hear what each clause says."""
    clauses, at = [_Clause()], 0
    for start, end, marks in found:
        if BREAK in spelled[at:start]:
            clauses.append(_Clause())
        for mark in marks:
            if mark.kind == "contrast":
                clauses.append(_Clause(tones={"contrast"}))
            else:
                clauses[-1].hear(mark, start, end)
        at = end
    return clauses


def _weigh(matters: Iterable[tuple[Mark, float]]) -> dict[str, dict[str, float]]:
    """The terms of each finer class, each with the greatest weight it reached anywhere."""
    classes: dict[str, dict[str, float]] = {}
    for mark, weight in matters:
        terms = classes.setdefault(mark.name, {})
        terms[mark.term] = max(weight, terms.get(mark.term, 0.0))
    return classes


def _fade(weights: Iterable[float], share: float) -> float:
    total, counts = 0.0, 1.0
    for weight in sorted(weights, reverse=True):
        total += weight * counts
        counts *= share
    return total


def _sums(classes: dict[str, dict[str, float]]) -> dict[str, float]:
    """The weight of each finer class, the heaviest first."""
    sums = {name: _fade(terms.values(), FADING) for name, terms in classes.items()}
    return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))


def _totals(sums: dict[str, float], hint: Category | None) -> dict[Category, float]:
    weights: dict[Category, list[float]] = {category: [] for category in CATEGORIES}
    for name, weight in sums.items():
        weights[cast(Category, name.partition("/")[0])].append(weight)
    totals = {category: _fade(found, SPREADING) for category, found in weights.items()}
    return totals | {hint: totals[hint] + HINT} if hint is not None else totals


def _heaviest_category(totals: Mapping[Category, float]) -> tuple[Category, float]:
    """The heaviest category by the lexicon alone; undecided when nothing was found or two weigh the same."""
    first, second, third = sorted(totals, key=totals.__getitem__, reverse=True)
    if totals[first] - totals[second] < 1e-9:
        return UNDECIDED
    share = totals[first] / (totals[first] + totals[second] + totals[third])
    return first, round(share * (1 - exp(-totals[first] / 2)), 3)


def _reasons(classes: dict[str, dict[str, float]], sums: Mapping[str, float]) -> list[str]:
    return [f"{name}: {', '.join(_heaviest(classes[name]))} ({sums[name]:.1f})" for name in list(sums)[:REASONS]]


def _heaviest(terms: dict[str, float]) -> list[str]:
    return sorted(terms, key=lambda term: (-terms[term], term))[:REASONS]


def _alarms(dangers: list[Mark], severity: Severity) -> list[str]:
    names = dict.fromkeys((mark.name, mark.term) for mark in dangers if mark.name.startswith(severity))
    return [f"severity {name}: {term}" for name, term in list(names)[:REASONS]]


def _hinted(hint: Category | None) -> list[str]:
    return [f"hint: {hint} ({HINT:.1f})"] if hint is not None else []
