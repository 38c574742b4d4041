"""What routing brings along at its start, and what it makes of it: an assessment, a briefing for the department."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Self

from services.routing.classifier import Classifier, gravest, load_lexicon
from services.routing.deadlines import deadlines
from services.routing.desk.claims import Claims
from services.routing.desk.roster import Roster
from services.routing.learning.experience import Experience
from services.routing.masses.clusters import Clusters
from services.routing.masses.traits import traits_of
from services.routing.model import Assessment, Briefing, Case, priority_of
from services.routing.worklist.live import Live
from services.routing.worklist.views import Shelves
from shared.contracts.departments import MaskedComplainant
from shared.contracts.intake import ComplaintRegistered
from shared.contracts.values import Category, Department, Sealed
from shared.handling import Context
from shared.privacy import mask_email, mask_name, mask_number, mask_text
from shared.regulations import Regulation
from shared.regulations.grading import grade
from shared.remembered import Remembered
from shared.service import Running

SURE_ENOUGH = 0.3
"""The confidence below which a dispatcher decides; among labelled complaints every second guess below it was wrong."""


@dataclass
class Kit:
    """The classifier in force and the version of what it has learnt, the clusters known here, what links begin with.

    `seed` makes fingerprints that say nothing to whoever does not have the master key.
    """

    classifier: Classifier
    public_url: str
    version: str = ""
    roster: Roster | None = None
    claims: Claims = field(default_factory=Claims)
    shelves: Shelves | None = None
    figures: Remembered | None = None
    live: Live | None = None
    clusters: Clusters = field(default_factory=Clusters)
    seed: int = 0

    @property
    def staff(self) -> Mapping[Department, Collection[str]]:
        """Who is known to belong to which department, by whatever they are called."""
        return self.roster.staff if self.roster else {}

    @classmethod
    def of(cls, running: Running[Any]) -> Self:
        """The kit of a running service."""
        settings = running.settings
        return cls(
            Classifier(load_lexicon()), settings.public_url, roster=Roster.of(running),
            shelves=Shelves.of(running), figures=Remembered.of(running),
            live=Live.of(running), seed=_seed(settings.master_key_bytes),
        )  # fmt: skip

    def adopt(self, version: str, experience: Experience | None) -> None:
        """Classify by this version from now on."""
        self.classifier, self.version = self.classifier.taught(experience), version


def _seed(master_key: bytes) -> int:
    return int.from_bytes(blake2b(b"fingerprints", key=master_key, digest_size=8).digest(), "big")


def assess(event: ComplaintRegistered, concerned: Collection[Department], context: Context[Kit]) -> Assessment:
    """Category, severity, priority and department of a new complaint, with the words and rules that decided.

    The departments that are `concerned` do not answer it.
    """
    regulation = context.regulation(event.regulation, event.regulation_version)
    narrative = context.keyring.open(event.narrative, event.number)
    found = context.kit.classifier.classify(
        narrative, subject_line=event.subject_line, claim=event.claim, respondent=event.respondent,
        hint=event.hints.category,
    )  # fmt: skip
    traits = traits_of(event, narrative, context.kit.seed, context.now)
    cluster = context.kit.clusters.taking(traits, event.regulation, event.received_at, regulation.mass)
    text = f"{event.subject_line}\n{narrative}"
    grading = grade(regulation.severities, text, event.channel, event.complainant.tier)
    told = [found.severity, grading.severity, event.hints.severity or "general"]
    severity = gravest([*told, cluster.severity] if cluster else told)
    department, why = answering(found.category, concerned, regulation)
    return Assessment(
        category=found.category,
        severity=severity,
        priority=priority_of(severity, event.complainant.tier),
        department=department,
        confidence=found.confidence,
        because=[*found.because, *grading.because, *([cluster.reason] if cluster else []), *why],
        tags=found.tags,
        traits=traits.of(cluster.number) if cluster else traits,
    )


def answering(
    category: Category, concerned: Collection[Department], regulation: Regulation
) -> tuple[Department, list[str]]:
    """The department that answers a category, and why it is another one than usual: a complaint is about that one."""
    department = regulation.department_for(category)
    instead = regulation.beside(department, concerned)
    alternate = regulation.departments[department].alternate
    if instead == department or alternate is None:
        return department, []
    return instead, [f"it is about {department}, so {instead} answers it ({alternate.clause})"]


def brief(case: Case, context: Context[Kit]) -> Briefing:
    """What the department is told: the matter with personal data masked, and until when it has to answer."""
    person = context.keyring.person(case.complainant.sealed, case.number)
    regulation = context.regulation(case.regulation, case.regulation_version)
    counted, cluster = deadlines(case, context), case.traits.cluster

    def opened(sealed: Sealed) -> str:
        return mask_text(context.keyring.open(sealed, case.number), person)

    return Briefing(
        subject_line=mask_text(case.subject_line, person),
        narrative=opened(case.narrative),
        supplements=[opened(supplement) for supplement in case.supplements],
        complainant=MaskedComplainant(
            name=mask_name(person.get("name", "")),
            phone=mask_number(person.get("phone", "")),
            email=mask_email(person.get("email", "")),
            tier=case.complainant.tier,
            anonymous=case.complainant.anonymous,
        ),
        due={milestone: deadline.due_at for milestone, deadline in counted.items()},
        derivation={milestone: deadline.derivation() for milestone, deadline in counted.items()},
        asks={task.name: opened(task.asks) for task in case.tasks if task.is_open},
        hand_out_at=context.now if regulation.hands_out else None,
        link=f"{context.kit.public_url}/routing/cases/{case.number}",
        cluster_link=f"{context.kit.public_url}/routing/clusters/{cluster}" if cluster else "",
    )
