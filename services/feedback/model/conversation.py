"""The conversation with one complainant: what they were told, what they think of the answer, how they judge us."""

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import Field

from services.feedback.model.answer import Answer, Superseded
from services.feedback.model.letter import Attempt, Kind, Letter
from services.feedback.model.survey import Survey
from shared.aggregate import Governed, Transitions
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
from shared.errors import NotFound, NotYet, WrongState
from shared.privacy import key_id_of
from shared.regulations import Regulation

State = Literal["open", "answered", "disputed", "agreed", "unsettled", "declined", "withdrawn"]

FACE_TO_FACE: frozenset[Channel] = frozenset(
    {"hotline", "chat", "web", "wechat", "app", "visit", "front-desk", "duty-desk"}
)
"""Channels on which the complainant is there when the complaint is registered, and is given the receipt on the spot."""

SILENCE = "silence"
"""The reason of an agreement that nobody has spoken out."""


class Conversation(Governed):
    """Everything between one complainant and us, from the receipt to the survey; each answer begins a round."""

    TRANSITIONS: ClassVar[Transitions] = {
        "open": frozenset({"answered", "declined", "withdrawn"}),
        "answered": frozenset({"agreed", "disputed", "unsettled", "open", "declined", "withdrawn"}),
        "disputed": frozenset({"open", "declined", "withdrawn"}),
        "agreed": frozenset(),
        "unsettled": frozenset(),
        "declined": frozenset(),
        "withdrawn": frozenset(),
    }

    status: State
    complainant: SealedComplainant
    reachable: bool
    channel: Channel
    received_at: Instant
    subject_line: str = ""
    written: bool = False
    severity: Severity = "general"
    calendar_edition: int | None = None
    letters: list[Letter] = Field(default_factory=list)
    answers: list[Answer] = Field(default_factory=list)
    survey: Survey | None = None

    @classmethod
    def begin(cls, event: ComplaintRegistered, *, reachable: bool, at: datetime) -> "Conversation":
        """Begin the conversation about a new complaint; its receipt waits (S12.1).

        Whoever left no way to be answered was given the receipt at registration.
        """
        conversation = cls(
            number=event.number,
            key_id=key_id_of(event.complainant.sealed),
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
            calendar_edition=event.calendar_edition,
        )
        conversation._write("receipt", at)
        if not reachable:
            conversation.record(ReceiptDelivered(via="in-hand", at=at))
        return conversation

    @property
    def round(self) -> int:
        """How many answers there have been; 0 before the first."""
        return len(self.answers)

    @property
    def answer(self) -> Answer:
        """The answer that counts now. Raises `WrongState` before the first."""
        if not self.answers:
            raise WrongState(f"{self.number} has not been answered yet.", state=self.status)
        return self.answers[-1]

    def answer_of(self, round_: int) -> Answer:
        """The answer of this round.

        Raises `Superseded` where a later one counts now, and `WrongState` where it has not been given yet.
        """
        if round_ > self.round:
            raise WrongState(f"{self.number} has had {self.round} answers, not {round_}.", state=self.status)
        if round_ != self.round:
            raise Superseded("A newer answer has taken the place of this one; please use the latest letter.")
        return self.answer

    @property
    def asked_survey(self) -> Survey:
        """The survey. Raises `NotFound` where the complainant was not asked."""
        if self.survey is None:
            raise NotFound("There is no survey on this complaint.")
        return self.survey

    def waiting(self, at: datetime) -> list[Letter]:
        """The letters to be sent by now, oldest first."""
        return [letter for letter in self.letters if letter.next_try_at and letter.next_try_at <= at]

    def report_progress(self, step: str, note: Sealed | None, *, at: datetime) -> None:
        """Tell the complainant of a step (S5.5), unless the answer has overtaken it."""
        if self.status in ("open", "disputed"):
            self._write("progress", at, step, note)

    def put_answer(self, answer: Answer, round_: int, *, at: datetime, regulation: Regulation) -> None:
        """Tell the complainant the answer and ask for their view (S15.6); without an address they find it by tracking.

        Raises `NotYet` where it has overtaken an earlier answer, or the reopening before it.
        """
        if self.is_final or round_ <= self.round:
            return
        if round_ > self.round + 1:
            raise NotYet(f"{self.number} has had {self.round} answers, not {round_ - 1}")
        self._follow("answered")
        self.answers.append(answer)
        self._write("answer", at)
        if not self.reachable:
            self._reach("tracking", at, regulation)

    def reopen(self) -> None:
        """The answer did not hold; another one will come."""
        if self._follow("open"):
            self._let_go_of_answer()

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

    def agree(self, round_: int, *, at: datetime, regulation: Regulation, reason: str = "") -> None:
        """The complainant agrees: the complaint is closed and they are asked how we did (S3.6).

        Saying the same again changes nothing. Raises `Superseded`, `AlreadyAnswered`, `WrongState`.
        """
        answer = self.answer_of(round_)
        if answer.already("agree"):
            return
        self._move("agreed")
        self._read_by(at, regulation)
        answer.viewed("agree", reason)
        self.record(OutcomeAgreed(round=round_, reason=reason))
        self._finish(answer, at, regulation)

    def dispute(self, round_: int, *, reason: str, at: datetime, regulation: Regulation) -> None:
        """The complainant does not agree; negotiation goes on, one level up (S2.6, S12.4), unless this was the last.

        Saying the same again changes nothing. Raises `Superseded`, `AlreadyAnswered`, `WrongState`.
        """
        answer = self.answer_of(round_)
        if answer.already("dispute"):
            return
        self._move("unsettled" if answer.last else "disputed")
        self._read_by(at, regulation)
        answer.viewed("dispute", reason)
        self.record(OutcomeDisputed(round=round_, reason=reason))
        self._let_go_of_answer()
        if answer.last:
            self._finish(answer, at, regulation)

    def complete_survey(self, said: SurveyCompleted, fingerprint: str) -> None:
        """Keep what the complainant says of us; the same again changes nothing.

        Raises `NotFound` where nothing was asked, `AlreadyAnswered`, `SurveyClosed`.
        """
        if self.asked_survey.complete(said, fingerprint):
            self._recall("reminder")
            self.record(said)

    def note(self, attempt: Attempt, *, at: datetime, regulation: Regulation) -> None:
        """Keep what came of an attempt to send a letter; what was settled meanwhile stays as it is."""
        letter = next(letter for letter in self.letters if letter.name == attempt.letter)
        if letter.state == "waiting" and letter.tried(attempt, at):
            self._draw_consequences(letter.kind, attempt, at, regulation)
        self._set_alarm()

    def ring(self, now: datetime, regulation: Regulation) -> None:
        """Do what has become due: silence counts as consent, the survey is reminded of and expires."""
        if self.status == "answered" and self.answer.ran_out(now):
            self.agree(self.round, at=now, regulation=regulation, reason=SILENCE)
        if self.survey and self.survey.expire(now):
            self._recall("reminder")
            self.record(SurveyExpired())
        if self.survey and self.survey.remind(now):
            self._write("reminder", now)
        self._set_alarm()

    def _read_by(self, at: datetime, regulation: Regulation) -> None:
        """Whoever replies has read the answer, even where its letter is still on the way."""
        if self.answer.delivered_at is None:
            self._reach("tracking", at, regulation)

    def _reach(self, via: str, at: datetime, regulation: Regulation, reason: str = "") -> None:
        """The answer is where the complainant can read it: the time to object begins."""
        self.answer.delivered_at = at
        self.answer.consent_until = regulation.working_calendar.due_at(at, regulation.consent.silence)
        self.record(OutcomeDelivered(round=self.round, via=via, reason=reason))
        self._set_alarm()

    def _draw_consequences(self, kind: Kind, attempt: Attempt, at: datetime, regulation: Regulation) -> None:
        """What follows from a settled letter; an answer that no letter carries is there to be read by tracking."""
        match kind, attempt.result:
            case "receipt", "sent":
                self.record(ReceiptDelivered(via=attempt.via, at=at))
            case "receipt", "unreachable" if self.channel in FACE_TO_FACE:
                self.record(ReceiptDelivered(via="in-hand", at=at))
            case "receipt", _:
                self.record(ReceiptFailed(via=attempt.via, at=at, reason=attempt.reason))
            case "answer", "sent":
                self._reach(attempt.via, at, regulation)
            case "answer", _:
                self._reach("tracking", at, regulation, attempt.reason)

    def _let_go_of_answer(self) -> None:
        """Nobody waits for consent to the answer any more."""
        if self.answers:
            self.answer.consent_until = None
        self._recall("answer")

    def _finish(self, answer: Answer, at: datetime, regulation: Regulation) -> None:
        """The last word on the answer is spoken: the complaint is closed, and the complainant asked how we did."""
        self._close(answer.outcome, agreed=answer.view == "agree")
        self.survey = Survey.ask(at, regulation)
        self._write("closing", at)

    def _close(self, outcome: Outcome, *, agreed: bool) -> None:
        self._let_go_of_answer()
        self._recall("progress")
        self.record(ComplaintClosed(outcome=outcome, agreed=agreed, rounds=self.round))

    def _write(self, kind: Kind, at: datetime, text: str = "", note: Sealed | None = None) -> None:
        """Put a letter into the tray, for whoever can be written to."""
        if self.reachable:
            nth = 1 + sum(letter.kind == kind for letter in self.letters)
            self.letters.append(Letter(name=f"{kind}-{nth}", kind=kind, text=text, note=note, next_try_at=at))
        self._set_alarm()

    def _recall(self, kind: Kind) -> None:
        for letter in self.letters:
            if letter.kind == kind:
                letter.recall()
        self._set_alarm()

    def _set_alarm(self) -> None:
        """Be woken for the next letter, the end of the time to object, or the survey."""
        self.wake_at(
            *(letter.next_try_at for letter in self.letters),
            self.answers[-1].consent_until if self.answers else None,
            self.survey.next_moment if self.survey else None,
        )
