"""Casework: a case held against what its regulation demands before the answer, and who has to approve it."""

from collections.abc import Collection, Iterator, Sequence

from services.routing.casework.wording import lacking
from services.routing.kit import Kit
from services.routing.model import AnswerIncomplete, Case, StepsMissing
from shared.contracts.departments import Resolution, Summary
from shared.contracts.routing import Decision
from shared.contracts.values import Outcome
from shared.errors import Invalid
from shared.handling import Context
from shared.regulations.casework import AnswerField, Matter, StepRule, Wording

NOT_THEIRS: dict[Outcome, str] = {
    "withdrawn": "a complaint is withdrawn by the complainant",
    "declined": "whether a complaint is admissible the office decides",
}
"""Outcomes that are no answer of a department's, and why."""

Fault = dict[str, str]
"""Where in the answer something is missing, and what: `{"pointer": "#/finding", "detail": …}`."""


def resolve(case: Case, resolution: Resolution, *, by: str, context: Context[Kit]) -> None:
    """Answer the case, or propose the answer to those who have to approve it.

    Raises `StepsMissing` and `AnswerIncomplete`, `Invalid` for an outcome that is not theirs to give, and whatever the
    case itself refuses.
    """
    case.must_be_at_work()
    if resolution.outcome in NOT_THEIRS:
        raise Invalid(f"{case.number} cannot be answered as {resolution.outcome}: {NOT_THEIRS[resolution.outcome]}.")
    regulation, matter = context.regulation_of(case), _matter(case, resolution.outcome)
    _must_be_on_record(case, regulation.casework.missing(matter))
    wanted = [] if resolution.wording_checked else regulation.casework.wording_of(matter)
    unsaid = _unsaid(case, resolution, wanted, context)
    _must_be_complete(case, resolution, regulation.casework.duties_of(matter), unsaid)
    case.resolve(
        resolution,
        context.seal(_told(resolution), case),
        by=by,
        at=context.now,
        chain=[approval.role for approval in regulation.casework.chain(matter)],
        last=regulation.is_last(case.round),
    )


def missing(case: Case, outcome: Outcome, context: Context[Kit]) -> list[StepRule]:
    """The steps without which there is no such outcome, as the regulation lists them."""
    return context.regulation_of(case).casework.missing(_matter(case, outcome))


def review(
    case: Case, decision: Decision, reason: str, *, by: str, roles: Collection[str], context: Context[Kit]
) -> None:
    """An approver agrees to the proposed answer or returns it; what they write on it is sealed."""
    case.must_not_be_about(by)
    if decision == "return":
        case.send_back(by=by, roles=roles, note=context.seal(reason, case), at=context.now)
    else:
        note = context.seal(reason, case) if reason else None
        case.approve(by=by, roles=roles, note=note, at=context.now)


def sum_up(case: Case, summary: Summary, *, by: str, context: Context[Kit]) -> None:
    """Put on record what a closed matter came from and what is to be learnt from it (S3.5)."""
    case.must_not_be_about(by)
    case.sum_up(context.seal(f"{summary.causes}\n\n{summary.lessons}", case), by=by, at=context.now)


def _must_be_on_record(case: Case, missing: list[StepRule]) -> None:
    if missing:
        named = ", ".join(f"{rule.step} ({rule.clause})" for rule in missing)
        raise StepsMissing(
            f"{case.number} has no note on record of {named}.",
            missing=[rule.model_dump(include={"step", "title", "clause"}) for rule in missing],
        )


def _must_be_complete(
    case: Case, resolution: Resolution, duties: dict[AnswerField, str], unsaid: Sequence[Fault]
) -> None:
    faults = [*_faults(resolution, duties), *unsaid]
    if faults:
        lacking = "; ".join(fault["detail"] for fault in faults)
        raise AnswerIncomplete(f"{case.number} cannot be {resolution.outcome} like this: {lacking}.", errors=faults)


def _faults(resolution: Resolution, duties: dict[AnswerField, str]) -> Iterator[Fault]:
    for field, clause in duties.items():
        if not getattr(resolution, field).strip():
            yield {"pointer": f"#/{field}", "detail": f"{field} is required by {clause}"}
    if "referred_to" in duties and resolution.referred_to not in resolution.answer:
        detail = f"the answer must say to whom the complaint was passed on ({duties['referred_to']})"
        yield {"pointer": "#/answer", "detail": detail}


def _unsaid(case: Case, resolution: Resolution, rules: Sequence[Wording], context: Context[Kit]) -> list[Fault]:
    """What the answer itself lacks, told by its words (S6.8, S10.4)."""
    text = _told(resolution)
    found = lacking(text, rules, case.tags, lambda answer: context.kit.classifier.classify(answer).tags)
    return [{"pointer": "#/answer", "detail": what} for what in found]


def _told(resolution: Resolution) -> str:
    """What the complainant reads: the answer, and the finding that it rests on."""
    return "\n\n".join(part for part in (resolution.answer, resolution.finding) if part)


def _matter(case: Case, outcome: Outcome) -> Matter:
    return Matter(case.severity, case.category, outcome, case.on_record)
