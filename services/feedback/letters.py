"""Writing letters: opens what is sealed and puts it into words, at the moment a letter is sent and not before."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from services.feedback import words
from services.feedback.model import SILENCE, Conversation, Kind, Letter
from shared.contracts.intake import SealedComplainant
from shared.contracts.routing import CaseProgressed
from shared.contracts.values import Language, Milestone
from shared.handling import Context
from shared.messenger import Mailing, Recipient
from shared.privacy import TRACK, Keyring
from shared.regulations import Regulation
from shared.worktime import Calendar, Duration

Values = dict[str, str]

SURVEY = "survey"
ANSWER = "answer"
"""With the round behind it (`answer-2`): the link in the letter of an answer is for that answer and no other."""
MOST_REMEMBERED = 1000
"""Promises whose words are kept: complaints that come in within the same second mostly share theirs."""


def recipient(complainant: SealedComplainant, number: str, keyring: Keyring) -> Recipient:
    """The complainant, opened. Raises `Unreadable`."""
    return Recipient.model_validate_json(keyring.open(complainant.sealed, number))


def remedies(regulation: Regulation, language: Language) -> str:
    """What else is open to a complainant who does not agree (S14.4)."""
    return (regulation.remedies.text if regulation.remedies else words.REMEDIES)[language]


def progress_told(event: CaseProgressed, language: Language, regulation: Regulation) -> str:
    """The step that was taken, and the time of reply that was agreed with it (S2.4)."""
    if event.promised_at is None:
        return event.step
    until = f"{regulation.working_calendar.local(event.promised_at):{words.MOMENT}}"
    return f"{event.step}\n{words.PROMISED[language].format(until=until)}"


@lru_cache(MOST_REMEMBERED)
def promised(
    limits: tuple[tuple[Milestone, Duration], ...], received_at: datetime, calendar: Calendar, language: Language
) -> str:
    """What the receipt promises to a complaint received at that second, and how each deadline was counted."""
    deadlines = {milestone: calendar.deadline(received_at, within) for milestone, within in limits}
    promises = [
        words.PROMISE[language].format(
            what=words.MILESTONES[milestone][language],
            until=f"{calendar.local(deadline.due_at):{words.MOMENT}}",
            how=deadline.explain(language),
        )
        for milestone, deadline in deadlines.items()
    ]
    return "\n".join(promises)


def write(conversation: Conversation, letter: Letter, context: Context[Any], public_url: str) -> Mailing:
    """A waiting letter in words. Raises `Unreadable` where the complainant's key was destroyed."""
    writing = _Writing(conversation, letter, context, public_url)
    return Mailing(
        number=conversation.number,
        name=letter.name,
        kind=letter.kind,
        language=writing.language,
        recipient=writing.recipient,
        subject=words.SUBJECTS[letter.kind][writing.language].format(number=conversation.number),
        body=writing.body(),
        at=context.now,
    )


class _Writing:
    """One letter being written."""

    def __init__(self, conversation: Conversation, letter: Letter, context: Context[Any], public_url: str) -> None:
        self.conversation, self.letter, self.context, self.public_url = conversation, letter, context, public_url
        self.language: Language = conversation.complainant.language
        self.recipient = recipient(conversation.complainant, conversation.number, context.keyring)
        self.regulation = context.regulation_of(conversation)
        self.calendar = self.regulation.working_calendar

    def body(self) -> str:
        """Greeting, what the letter has to say, and who says it."""
        kind, language = self.letter.kind, self.language
        values = {"number": self.conversation.number, "subject": self._subject(), **VALUES[kind](self)}
        parts = (
            words.GREETING[language].format(name=self.recipient.name or words.NAMELESS[language]),
            words.BODIES[kind][language].format(**values),
            words.CLOSE[language].format(office=words.OFFICE[language]),
        )
        return "\n\n".join(parts) + "\n"

    def receipt(self) -> Values:
        conversation = self.conversation
        targets = self.regulation.targets_for(
            severity=conversation.severity, written=conversation.written,
            channel=conversation.channel, tier=conversation.complainant.tier,
        )  # fmt: skip
        limits = tuple((name, target.within) for name, target in targets.items() if target.starts == "receipt")
        calendar = self.context.calendar(self.regulation.calendar, conversation.calendar_edition)
        received = conversation.received_at.replace(microsecond=0)
        steps = [f"{nth}. {step[self.language]}" for nth, step in enumerate(self.regulation.process, 1)]
        return {
            "received": self._moment(received),
            "promises": promised(limits, received, calendar, self.language),
            "process": "\n".join(steps),
        } | self.tracking()

    def progress(self) -> Values:
        note = self._open(self.letter.note) if self.letter.note else ""
        return {"step": self.letter.text, "note": note} | self.tracking()

    def answer(self) -> Values:
        conversation, answer = self.conversation, self.conversation.answer
        return {
            "round": str(conversation.round),
            "outcome": words.OUTCOMES[answer.outcome][self.language],
            "answer": self._open(answer.text),
            "link": self._link("/feedback/conversations/{}", f"{ANSWER}-{conversation.round}"),
            "until": self._moment(self.calendar.due_at(self.context.now, self.regulation.consent.silence)),
            "disagree": words.DISAGREE[answer.last][self.language],
            "remedies": remedies(self.regulation, self.language),
        }

    def declined(self) -> Values:
        return {"reason": self.letter.text, "remedies": words.REMEDIES[self.language]}

    def withdrawn(self) -> Values:
        return {}

    def closing(self) -> Values:
        answer = self.conversation.answer
        why = words.WHY_CLOSED[SILENCE if answer.reason == SILENCE else answer.view or "agree"][self.language]
        return {"why": why.format(remedies=remedies(self.regulation, self.language))} | self.survey()

    def survey(self) -> Values:
        until = self._moment(self.conversation.asked_survey.due_at)
        return {"until": until, "link": self._link("/feedback/surveys/{}", SURVEY)}

    def tracking(self) -> Values:
        return {"link": self._link(f"/intake/complaints/{self.conversation.number}?token={{}}", TRACK)}

    def _subject(self) -> str:
        subject = self.conversation.subject_line
        return words.ABOUT[self.language].format(subject=subject) if subject else ""

    def _link(self, path: str, purpose: str) -> str:
        return self.public_url + path.format(self.context.tokens.issue(self.conversation.number, purpose))

    def _open(self, sealed: str) -> str:
        return self.context.keyring.open(sealed, self.conversation.number)

    def _moment(self, moment: datetime) -> str:
        return f"{self.calendar.local(moment):{words.MOMENT}}"


VALUES: Mapping[Kind, Callable[[_Writing], Values]] = {
    "receipt": _Writing.receipt,
    "progress": _Writing.progress,
    "answer": _Writing.answer,
    "declined": _Writing.declined,
    "withdrawn": _Writing.withdrawn,
    "closing": _Writing.closing,
    "reminder": _Writing.survey,
}
"""What each kind of letter has to tell."""
