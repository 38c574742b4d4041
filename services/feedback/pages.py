"""Feedback's web pages: the answer and what the complainant says to it, and the survey."""

from pathlib import Path

from aiohttp import web

from services.feedback.forms import ConversationView, SurveyView
from services.feedback.letters import SURVEY
from services.feedback.model import SILENCE, Conversation
from shared.privacy import TRACK
from shared.service import Running
from shared.web import Call, Route
from shared.web.pages import Pages, see_other

Feedback = Running[Conversation]

PAGES = Pages("feedback", Path(__file__).with_suffix(""))


async def conversation(call: Call[Feedback], shown: ConversationView) -> web.Response:
    """The answer, until when to say something to it, and what was said (S15.6)."""
    token, tokens = call.request.match_info["token"], call.service.tokens
    return PAGES.render(
        call.request,
        "conversation.html",
        shown=shown,
        link=token,
        tracking=token if (tokens.read(token) or ("", ""))[1] == TRACK else "",
        survey=tokens.issue(shown.number, SURVEY) if shown.status in ("agreed", "unsettled") else "",
        silent=shown.reason == SILENCE,
    )


async def replied(call: Call[Feedback], shown: ConversationView) -> web.Response:
    """Back to the answer, which now says what the complainant said."""
    return see_other(f"/feedback/conversations/{call.request.match_info['token']}")


async def survey(call: Call[Feedback], shown: SurveyView) -> web.Response:
    """The survey, thanks for having answered it, or that its time is over."""
    return PAGES.render(call.request, "survey.html", shown=shown, link=call.request.match_info["token"])


async def surveyed(call: Call[Feedback], shown: SurveyView) -> web.Response:
    """On to the thanks."""
    return see_other(f"/feedback/surveys/{call.request.match_info['token']}")


ROUTES = [
    Route("GET", "/conversations/{token}", conversation, page=True),
    Route("POST", "/conversations/{token}", replied, page=True),
    Route("GET", "/surveys/{token}", survey, page=True),
    Route("POST", "/surveys/{token}", surveyed, page=True),
]
