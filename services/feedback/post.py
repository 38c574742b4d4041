"""The post room: takes the letters that wait, has them written, and hands them to the messenger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from services.feedback.config import Settings
from services.feedback.letters import write
from services.feedback.model import Attempt, Conversation, Letter
from shared.handling import Context
from shared.messenger import Messenger, NotSent, Refused, Unreachable, messenger_for
from shared.privacy import Unreadable
from shared.service import Running

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class PostRoom:
    """What sending letters takes; `delays` are the growing pauses before a letter is tried again."""

    messenger: Messenger
    public_url: str
    delays: Sequence[timedelta]

    async def send_waiting(self, conversation: Conversation, context: Context["PostRoom"]) -> list[Attempt]:
        """Send every letter that is due, in order; returns what came of each."""
        return [await self._send(conversation, letter, context) for letter in conversation.waiting(context.now)]

    async def _send(self, conversation: Conversation, letter: Letter, context: Context["PostRoom"]) -> Attempt:
        try:
            via = await self.messenger.send(write(conversation, letter, context, self.public_url))
        except Unreadable as error:
            return Attempt(letter.name, "failed", "none", str(error))
        except NotSent as error:
            attempt = self._failed(letter, error, context)
            log.warning(
                "letter_not_sent", number=conversation.number, letter=letter.name, result=attempt.result,
                attempts=letter.attempts + 1, reason=attempt.reason,
            )  # fmt: skip
            return attempt
        return Attempt(letter.name, "sent", via)

    def _failed(self, letter: Letter, error: NotSent, context: Context["PostRoom"]) -> Attempt:
        if isinstance(error, Unreachable):
            return Attempt(letter.name, "unreachable", error.via, str(error))
        if isinstance(error, Refused) or letter.attempts >= len(self.delays):
            return Attempt(letter.name, "failed", error.via, str(error))
        return Attempt(letter.name, "again", error.via, str(error), context.now + self.delays[letter.attempts])


def post_room(running: Running[Conversation]) -> PostRoom:
    """The post room of a running feedback service."""
    settings = running.settings
    if not isinstance(settings, Settings):
        raise TypeError("feedback runs with its own settings")
    return PostRoom(messenger_for(settings), settings.public_url.rstrip("/"), settings.letter_delays)
