"""The conversation with one complainant: what they were told, what they think of the answer, how they judge us."""

from datetime import datetime
from typing import ClassVar, Literal, NamedTuple

from pydantic import BaseModel

from shared.aggregate import Staged, Transitions
from shared.contracts.feedback import (
    ComplaintClosed,
    OutcomeAgreed,
    OutcomeDelivered,
    OutcomeDisputed,
    ReceiptDelivered,
    ReceiptFailed,
    SurveyCompleted,
    SurveyExpired,
)
from shared.contracts.intake import ComplaintRegistered, SealedComplainant
from shared.contracts.values import Channel, Instant, Outcome, Sealed, Severity
from shared.errors import Fault, NotFound, NotYet
from shared.regulations import Regulation

Kind = Literal["receipt", "progress", "answer", "declined", "withdrawn", "closing", "reminder"]
View = Literal["agree", "dispute"]

FACE_TO_FACE: frozenset[Channel] = frozenset(
    {"hotline", "chat", "web", "wechat", "app", "visit", "front-desk", "duty-desk"}
)  # fmt: skip
"""Channels on which the complainant is there when the complaint is registered, and is given the receipt on the spot."""

SILENCE = "silence"
"""The reason of an agreement that nobody has spoken out."""


class AlreadyAnswered(Fault):
    """The complainant has said something else before; each question is answered once."""

    code = "already-answered"
    status = 409


class Superseded(Fault):
    """The link belongs to an earlier answer; a newer one has taken its place."""

    code = "superseded"
    status = 410


class SurveyClosed(Fault):
    """The time for the survey is over."""

    code = "survey-expired"
    status = 410


class Letter(BaseModel):
    """One letter to the complainant and the proof of what became of it (S6.7).

    `name` tells it from all others of the complaint: `receipt-1`, `answer-2`. `text` is what it has to tell beyond what
    the conversation knows: a reason, a step. `note` is the same where it is sealed.
    """

    name: str
    kind: Kind
    text: str = ""
    note: Sealed | None = None
    state: Literal["waiting", "sent", "failed", "recalled"] = "waiting"
    attempts: int = 0
    next_try_at: Instant | None = None
    via: str = ""
    settled_at: Instant | None = None
    reason: str = ""


class Attempt(NamedTuple):
    """What came of handing one letter to the messenger.

    `again` is tried once more at `again_at`; `unreachable` means that the messenger has no way to this person.
    """

    letter: str
    result: Literal["sent", "again", "failed", "unreachable"]
    via: str = ""
    reason: str = ""
    again_at: datetime | None = None


class Survey(BaseModel):
    """The satisfaction survey after closing (S3.6): asked once, answered once, or expired."""

    status: Literal["asked", "completed", "expired"] = "asked"
    due_at: Instant
    reminders: list[Instant] = []
    fingerprint: str = ""
    csat: int | None = None
    nps: int | None = None
    ces: int | None = None
    comment: Sealed | None = None


class Conversation(Staged):
    """Everything between one complainant and us, from the receipt to the survey."""

    TRANSITIONS: ClassVar[Transitions] = {
        "open": frozenset({"answered", "declined", "withdrawn"}),
        "answered": frozenset({"agreed", "disputed", "open", "declined", "withdrawn"}),
        "disputed": frozenset({"open", "declined", "withdrawn"}),
        "agreed": frozenset(),
        "declined": frozenset(),
        "withdrawn": frozenset(),
    }

    status: Literal["open", "answered", "disputed", "agreed", "declined", "withdrawn"]
    complainant: SealedComplainant
    reachable: bool
    channel: Channel
    regulation: str
    regulation_version: str
    received_at: Instant
    subject_line: str = ""
    written: bool = False
    severity: Severity = "general"
    letters: list[Letter] = []
    round: int = 0
    answer: Sealed | None = None
    outcome: Outcome | None = None
    delivered_at: Instant | None = None
    consent_until: Instant | None = None
    view: View | None = None
    view_reason: str = ""
    survey: Survey | None = None

    @classmethod
    def begin(cls, event: ComplaintRegistered, *, reachable: bool, at: datetime) -> "Conversation":
        """Begin the conversation about a new complaint; its receipt waits (S12.1).

        Whoever left no way to be answered was given the receipt at registration.
        """
        conversation = cls(
            number=event.number,
            status="open",
            complainant=event.complainant,
            reachable=reachable,
            channel=event.channel,
            regulation=event.regulation,
            regulation_version=event.regulation_version,
            received_at=event.received_at,
            subject_line=event.subject_line,
            written=event.written,
            severity=event.hints.severity or "general",
        )
        if reachable:
            conversation._write("receipt", at)
        else:
            conversation.record(ReceiptDelivered(via="in-hand", at=at))
        return conversation

    def waiting(self, at: datetime) -> list[Letter]:
        """The letters to be sent by now, oldest first."""
        return [letter for letter in self.letters if letter.next_try_at and letter.next_try_at <= at]

    def report_progress(self, step: str, note: Sealed | None, *, at: datetime) -> None:
        """Tell the complainant of a step (S5.5), unless the answer has overtaken it."""
        if self.status in ("open", "disputed"):
            self._write("progress", at, step, note)

    def put_answer(
        self, answer: Sealed, outcome: Outcome, round_: int, *, at: datetime, regulation: Regulation
    ) -> None:
        """Tell the complainant the answer and ask for their view (S15.6); who has no address finds it by tracking."""
        if self.is_final or round_ <= self.round:
            return
        if round_ > self.round + 1:
            raise NotYet(f"{self.number} has not had answer {round_ - 1} yet")
        self._follow("answered")
        self.round, self.answer, self.outcome = round_, answer, outcome
        self.delivered_at, self.view, self.view_reason = None, None, ""
        if self.reachable:
            self._write("answer", at)
        else:
            self._reach("tracking", at, regulation)

    def reopen(self) -> None:
        """The answer did not hold; another one will come."""
        if self._follow("open"):
            self._stop_waiting_for_consent()

    def decline(self, reason: str, *, at: datetime) -> None:
        """The complaint is not taken on; the complainant is told why (S7.2)."""
        if self._follow("declined"):
            self._close("declined", agreed=False)
            self._write("declined", at, reason)

    def withdraw(self, *, at: datetime) -> None:
        """The complainant does not pursue the matter, and gets that in writing."""
        if self._follow("withdrawn"):
            self._close("withdrawn", agreed=False)
            self._write("withdrawn", at)

    def note(self, attempt: Attempt, *, at: datetime, regulation: Regulation) -> None:
        """Keep what came of an attempt to send a letter; what was settled meanwhile stays as it is."""
        letter = next(letter for letter in self.letters if letter.name == attempt.letter)
        if letter.state != "waiting":
            return
        letter.attempts += 1
        letter.via, letter.reason = attempt.via, attempt.reason
        if attempt.result == "again":
            letter.next_try_at = attempt.again_at
        else:
            self._settle(letter, "sent" if attempt.result == "sent" else "failed", at)
            self._draw_consequences(letter, attempt, at, regulation)
        self._set_alarm()

    def agree(self, round_: int, *, at: datetime, regulation: Regulation, reason: str = "") -> None:
        """The complainant agrees with the answer; the complaint is closed and they are asked how we did.

        Saying the same again changes nothing. Raises `Superseded`, `AlreadyAnswered`, `WrongState`.
        """
        if self._has_said("agree", round_):
            return
        self._move("agreed")
        self._take_view("agree", reason, at, regulation)
        self.record(OutcomeAgreed(round=round_, reason=reason))
        self._close(self.outcome or "explained", agreed=True)
        self._ask_survey(at, regulation)

    def dispute(self, round_: int, *, reason: str, at: datetime, regulation: Regulation) -> None:
        """The complainant does not agree; negotiation goes on, one level up (S2.6, S12.4).

        Saying the same again changes nothing. Raises `Superseded`, `AlreadyAnswered`, `WrongState`.
        """
        if self._has_said("dispute", round_):
            return
        self._move("disputed")
        self._take_view("dispute", reason, at, regulation)
        self.record(OutcomeDisputed(round=round_, reason=reason))

    def complete_survey(self, said: SurveyCompleted, fingerprint: str) -> None:
        """Keep what the complainant says of us; the same again changes nothing.

        Raises `NotFound` where nothing was asked, `AlreadyAnswered`, `SurveyClosed`.
        """
        survey = self.asked_survey
        if survey.fingerprint == fingerprint:
            return
        if survey.status == "completed":
            raise AlreadyAnswered("The survey has been answered before.")
        if survey.status == "expired":
            raise SurveyClosed("The time for this survey is over.")
        survey.status, survey.fingerprint = "completed", fingerprint
        survey.csat, survey.nps, survey.ces, survey.comment = said.csat, said.nps, said.ces, said.comment
        self._recall("reminder")
        self.record(said)
        self._set_alarm()

    @property
    def asked_survey(self) -> Survey:
        """The survey. Raises `NotFound` where the complainant was not asked."""
        if self.survey is None:
            raise NotFound("There is no survey on this complaint.")
        return self.survey

    def ring(self, now: datetime, regulation: Regulation) -> None:
        """Do what has become due: silence counts as consent, the survey is reminded of and expires."""
        if self.status == "answered" and self.consent_until and self.consent_until <= now:
            self.agree(self.round, at=now, regulation=regulation, reason=SILENCE)
        if self.survey and self.survey.status == "asked":
            self._ring_survey(self.survey, now)
        self._set_alarm()

    def _ring_survey(self, survey: Survey, now: datetime) -> None:
        if survey.due_at <= now:
            survey.status = "expired"
            self._recall("reminder")
            self.record(SurveyExpired())
        elif survey.reminders and survey.reminders[0] <= now:
            survey.reminders = [moment for moment in survey.reminders if moment > now]
            self._write("reminder", now)

    def _has_said(self, view: View, round_: int) -> bool:
        if round_ != self.round:
            raise Superseded("A newer answer has taken the place of this one.")
        if self.view not in (view, None):
            raise AlreadyAnswered(f"Answer {round_} of {self.number} has had another reply before.", view=self.view)
        return self.view == view

    def _take_view(self, view: View, reason: str, at: datetime, regulation: Regulation) -> None:
        if self.delivered_at is None:
            self._reach("tracking", at, regulation)
        self.view, self.view_reason = view, reason
        self._stop_waiting_for_consent()

    def _stop_waiting_for_consent(self) -> None:
        self.consent_until = None
        self._recall("answer")
        self._set_alarm()

    def _draw_consequences(self, letter: Letter, attempt: Attempt, at: datetime, regulation: Regulation) -> None:
        if letter.kind == "receipt":
            self._receipt_settled(attempt, at)
        elif letter.kind == "answer" and attempt.result == "sent":
            self._reach(attempt.via, at, regulation)
        elif letter.kind == "answer":
            self._reach("tracking", at, regulation, attempt.reason)

    def _receipt_settled(self, attempt: Attempt, at: datetime) -> None:
        if attempt.result == "sent":
            self.record(ReceiptDelivered(via=attempt.via, at=at))
        elif attempt.result == "unreachable" and self.channel in FACE_TO_FACE:
            self.record(ReceiptDelivered(via="in-hand", at=at))
        else:
            self.record(ReceiptFailed(via=attempt.via, at=at, reason=attempt.reason))

    def _reach(self, via: str, at: datetime, regulation: Regulation, reason: str = "") -> None:
        """The answer is where the complainant can read it: the time for consent begins."""
        self.delivered_at = at
        self.consent_until = regulation.working_calendar.due_at(at, regulation.consent.silence)
        self.record(OutcomeDelivered(round=self.round, via=via, reason=reason))
        self._set_alarm()

    def _close(self, outcome: Outcome, *, agreed: bool) -> None:
        self.outcome = outcome
        self._recall("progress")
        self._stop_waiting_for_consent()
        self.record(ComplaintClosed(outcome=outcome, agreed=agreed, rounds=self.round))

    def _ask_survey(self, at: datetime, regulation: Regulation) -> None:
        calendar, survey = regulation.working_calendar, regulation.survey
        reminders = sorted(calendar.due_at(at, within) for within in survey.reminders)
        self.survey = Survey(due_at=calendar.due_at(at, survey.within), reminders=reminders)
        self._write("closing", at)

    def _write(self, kind: Kind, at: datetime, text: str = "", note: Sealed | None = None) -> None:
        """Put a letter into the tray, for whoever can be written to."""
        if self.reachable:
            nth = 1 + sum(letter.kind == kind for letter in self.letters)
            self.letters.append(Letter(name=f"{kind}-{nth}", kind=kind, text=text, note=note, next_try_at=at))
        self._set_alarm()

    def _recall(self, kind: Kind) -> None:
        for letter in self.letters:
            if letter.kind == kind and letter.state == "waiting":
                self._settle(letter, "recalled", None)

    def _settle(self, letter: Letter, state: Literal["sent", "failed", "recalled"], at: datetime | None) -> None:
        letter.state, letter.settled_at, letter.next_try_at = state, at, None

    def _set_alarm(self) -> None:
        survey = self.survey if self.survey and self.survey.status == "asked" else None
        self.wake_at(
            *(letter.next_try_at for letter in self.letters),
            self.consent_until,
            *([survey.due_at, *survey.reminders[:1]] if survey else []),
        )
