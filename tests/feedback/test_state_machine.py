"""Any life a conversation may lead keeps to its table and its promises."""

from contextlib import suppress
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.feedback.model import Answer, Attempt, Conversation
from shared.contracts.feedback import ComplaintClosed, OutcomeDelivered, SurveyCompleted, SurveyExpired
from shared.errors import Fault, NotYet
from tests.feedback.builders import MONDAY, REGULATION, registered, sealed

ENDS = {"agreed", "unsettled", "declined", "withdrawn"}
ANSWER = sealed("answer")


class ConversationLife(RuleBasedStateMachine):
    conversation: Conversation
    now: datetime

    @initialize(reachable=st.booleans())
    def register(self, reachable: bool) -> None:
        self.now = MONDAY
        self.conversation = Conversation.begin(registered(), reachable=reachable, at=MONDAY)
        self.status = "open"

    @rule(ahead=st.integers(0, 2), last=st.booleans())
    def resolve(self, ahead: int, last: bool) -> None:
        answer = Answer(text=ANSWER, outcome="upheld", last=last)
        with suppress(NotYet):
            round_ = self.conversation.round + ahead
            self.conversation.put_answer(answer, round_, at=self.now, regulation=REGULATION)

    @rule()
    def reopen(self) -> None:
        with suppress(NotYet):
            self.conversation.reopen()

    @rule()
    def progress(self) -> None:
        self.conversation.report_progress("inspection", None, at=self.now)

    @rule(behind=st.integers(0, 1))
    def agree(self, behind: int) -> None:
        with suppress(Fault):
            self.conversation.agree(self.conversation.round - behind, at=self.now, regulation=REGULATION)

    @rule(behind=st.integers(0, 1))
    def dispute(self, behind: int) -> None:
        with suppress(Fault):
            round_ = self.conversation.round - behind
            self.conversation.dispute(round_, reason="no", at=self.now, regulation=REGULATION)

    @rule(chance=st.integers(0, 11))
    def end_early(self, chance: int) -> None:
        """Seldom, so that most lives get further."""
        if chance == 0:
            self.conversation.decline("out of scope", at=self.now)
        if chance == 1:
            self.conversation.withdraw(at=self.now)

    @rule(csat=st.integers(1, 5))
    def answer_survey(self, csat: int) -> None:
        with suppress(Fault):
            self.conversation.complete_survey(SurveyCompleted(csat=csat), str(csat))

    @rule(result=st.sampled_from(["sent", "again", "failed", "unreachable"]))
    def send(self, result: str) -> None:
        again_at = self.now + timedelta(minutes=1) if result == "again" else None
        for letter in self.conversation.waiting(self.now):
            attempt = Attempt(letter.name, result, "email", "", again_at)  # type: ignore[arg-type]
            self.conversation.note(attempt, at=self.now, regulation=REGULATION)

    @precondition(lambda self: self.conversation.alarm_at is not None)
    @rule()
    def let_time_pass(self) -> None:
        assert self.conversation.alarm_at
        self.now = max(self.now, self.conversation.alarm_at)
        self.conversation.ring(self.now, REGULATION)

    @invariant()
    def follows_its_table(self) -> None:
        status = self.conversation.status
        assert status == self.status or status in Conversation.TRANSITIONS[self.status]
        self.status = status

    @invariant()
    def is_closed_exactly_when_it_has_come_to_an_end(self) -> None:
        assert self._count(ComplaintClosed) == (self.conversation.status in ENDS)

    @invariant()
    def is_delivered_once_a_round_at_most(self) -> None:
        rounds = [message.round for message in self.conversation.recorded if isinstance(message, OutcomeDelivered)]
        assert rounds == sorted(set(rounds))
        assert len(rounds) == sum(answer.delivered_at is not None for answer in self.conversation.answers)

    @invariant()
    def has_one_verdict_on_the_survey_at_most(self) -> None:
        verdicts = self._count(SurveyCompleted, SurveyExpired)
        survey = self.conversation.survey
        assert verdicts == (survey is not None and survey.status != "asked")

    @invariant()
    def is_woken_for_everything_it_waits_for(self) -> None:
        conversation = self.conversation
        moments = [letter.next_try_at for letter in conversation.letters if letter.state == "waiting"]
        moments += [conversation.answer.consent_until] if conversation.answers else []
        moments += [conversation.survey.next_moment] if conversation.survey else []
        assert conversation.alarm_at == min((moment for moment in moments if moment), default=None)

    @invariant()
    def survives_being_stored(self) -> None:
        state = self.conversation.model_dump()
        assert Conversation.model_validate(state).model_dump() == state

    def _count(self, *kinds: type) -> int:
        return sum(isinstance(message, kinds) for message in self.conversation.recorded)


ConversationLife.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestConversationLife = ConversationLife.TestCase
