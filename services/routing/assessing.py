"""What a new complaint is taken for: category, severity, priority, and the department that answers it, with reasons."""

from collections.abc import Collection

from services.routing.classifier import gravest
from services.routing.kit import Kit
from services.routing.masses.cluster import Member
from services.routing.masses.traits import Traits, traits_of
from services.routing.model import Assessment, priority_of
from shared.contracts.intake import ComplaintRegistered
from shared.contracts.values import Category, Department
from shared.handling import Context
from shared.regulations import Regulation

SURE_ENOUGH = 0.3
"""The confidence below which a dispatcher decides; among labelled complaints every second guess below it was wrong."""


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
    cluster = context.kit.clusters.taking(_member(event, traits), regulation.mass)
    text = f"{event.subject_line}\n{narrative}"
    grading = regulation.severity_of(text, event.channel, event.complainant.tier)
    told = [found.severity, grading.severity, event.hints.severity or "general"]
    severity = gravest([*told, cluster.severity] if cluster else told)
    department, why = who_answers(found.category, concerned, regulation)
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


def _member(event: ComplaintRegistered, traits: Traits) -> Member:
    """The complaint as one that may be like others."""
    return Member(
        event.number, event.regulation, event.regulation_version, event.received_at, traits.anchors, traits.fingerprint
    )


def who_answers(
    category: Category, concerned: Collection[Department], regulation: Regulation
) -> tuple[Department, list[str]]:
    """The department that answers a category, and why it is another one than usual: a complaint is about that one."""
    department = regulation.department_for(category)
    instead = regulation.beside(department, concerned)
    alternate = regulation.departments[department].alternate
    if instead == department or alternate is None:
        return department, []
    return instead, [f"it is about {department}, so {instead} answers it ({alternate.clause})"]
