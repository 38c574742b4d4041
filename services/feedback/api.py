"""Feedback's HTTP face: the answer and what the complainant says to it, and the survey."""

from services.feedback.forms import ConversationView, Question, Reply, SurveyForm, SurveyView
from services.feedback.letters import ANSWER, SURVEY, remedies
from services.feedback.model import Conversation
from services.feedback.post import PostRoom
from services.feedback.words import OUTCOMES, QUESTIONS
from shared.contracts.feedback import SurveyCompleted
from shared.contracts.values import Language
from shared.errors import NotFound
from shared.handling import Context
from shared.privacy import TRACK
from shared.service import Running
from shared.web import Call, Route

Feedback = Running[Conversation]

SCALES = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}


async def read_answer(call: Call[Feedback]) -> ConversationView:
    """The answer, and until when the complainant may say whether they agree."""
    number, purpose = _link(call)
    document = await call.service.repository.get(number)
    return _view(document.present, purpose, await call.service.context(document), call.language)


async def reply(call: Call[Feedback], body: Reply) -> ConversationView:
    """Agree with the answer or dispute it, once per answer; saying the same again changes nothing (S2.6, S15.6)."""
    number, purpose = _link(call)

    def command(conversation: Conversation, context: Context[PostRoom]) -> None:
        round_ = _round(conversation, purpose, body.round)
        regulation = context.regulation_of(conversation)
        if body.view == "agree":
            conversation.agree(round_, at=context.now, regulation=regulation, reason=body.reason)
        else:
            conversation.dispute(round_, reason=body.reason, at=context.now, regulation=regulation)

    await call.service.change(number, command)
    return await read_answer(call)


async def read_survey(call: Call[Feedback]) -> SurveyView:
    """The questions of the survey, and until when it is open."""
    number = _survey_link(call)
    return _survey((await call.service.repository.get(number)).present, call.language)


async def answer_survey(call: Call[Feedback], body: SurveyForm) -> SurveyView:
    """Answer the survey, once; the same answers again change nothing."""
    number = _survey_link(call)
    fingerprint = call.service.tokens.fingerprint(body.model_dump_json().encode())

    def command(conversation: Conversation, context: Context[PostRoom]) -> None:
        comment = context.seal(body.comment, conversation) if body.comment else None
        said = SurveyCompleted(csat=body.csat, nps=body.nps, ces=body.ces, comment=comment)
        conversation.complete_survey(said, fingerprint)

    return _survey(await call.service.change(number, command), call.language)


ROUTES = [
    Route("GET", "/conversations/{token}", read_answer),
    Route("POST", "/conversations/{token}", reply),
    Route("GET", "/surveys/{token}", read_survey),
    Route("POST", "/surveys/{token}", answer_survey),
]


def _link(call: Call[Feedback]) -> tuple[str, str]:
    """(number, purpose) of the token in the path. Raises `NotFound` for one that is not ours."""
    link = call.service.tokens.read(call.request.match_info["token"])
    if link is None:
        raise NotFound("This link is not one of ours, or it is not complete.")
    return link


def _survey_link(call: Call[Feedback]) -> str:
    number, purpose = _link(call)
    if purpose not in (SURVEY, TRACK):
        raise NotFound("This link does not lead to a survey.")
    return number


def _round(conversation: Conversation, purpose: str, read: int | None = None) -> int:
    """The round that a link is for: an answer's own, or for the tracking link what was read, or what counts now."""
    kind, _, nth = purpose.partition("-")
    if purpose == TRACK:
        return read or conversation.round
    if kind != ANSWER:
        raise NotFound("This link does not lead to an answer.")
    return int(nth)


def _view(conversation: Conversation, purpose: str, context: Context[PostRoom], language: Language) -> ConversationView:
    round_ = _round(conversation, purpose)
    answer = conversation.answer_of(round_) if round_ else None
    return ConversationView(
        number=conversation.number,
        subject_line=conversation.subject_line,
        language=language,
        status=conversation.status,
        round=round_,
        outcome=answer.outcome if answer else None,
        outcome_text=OUTCOMES[answer.outcome][language] if answer else "",
        answer=context.keyring.open(answer.text, conversation.number) if answer else "",
        until=answer.consent_until if answer else None,
        last=answer.last if answer else False,
        remedies=remedies(context.regulation_of(conversation), language),
        view=answer.view if answer else None,
        reason=answer.reason if answer else "",
    )


def _survey(conversation: Conversation, language: Language) -> SurveyView:
    survey = conversation.asked_survey
    return SurveyView(
        number=conversation.number, status=survey.status, due_at=survey.due_at, questions=_questions(language)
    )


def _questions(language: Language) -> list[Question]:
    return [
        Question(name=name, text=text[language], required=name == "csat", least=least, most=most)
        for name, text in QUESTIONS.items()
        for least, most in [SCALES.get(name, (None, None))]
    ]
