"""How a letter leaves the house: printed on the console where we run locally, or by mail.

Letters to complainants go this way, and the digests of supervision to those who have to act.
"""

import asyncio
import re
import smtplib
import ssl
import time
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Literal, Protocol, Self
from urllib.parse import unquote, urlsplit

import structlog
from pydantic import BaseModel, Field, SecretStr, model_validator

from shared.contracts.values import Language
from shared.privacy import mask_email, mask_name, mask_number, mask_text
from shared.settings import Settings

log = structlog.get_logger(__name__)

TIMEOUT_SECONDS = 10.0
"""How long the mail server may take over one step of the dialogue."""
REST_SECONDS = 15.0
"""How long a mail server that did not answer is left alone, so that it holds up one letter and not thousands."""

_ADDRESS = re.compile(r"[^\s@,;:<>()\"\\]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class PostalSettings(Settings):
    """How a service that writes to people sends its letters."""

    messenger: Literal["console", "smtp"] = Field(
        description="How letters go out: `smtp` by mail; `console` writes to nobody, it only logs, for trying out."
    )
    smtp_url: SecretStr | None = Field(
        None, description="The mail server, `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465` (TLS)."
    )
    mail_from: str = Field("", description="The address that letters come from.")

    @model_validator(mode="after")
    def _smtp_is_complete(self) -> Self:
        if self.messenger == "smtp" and not (self.smtp_url and "@" in self.mail_from):
            raise ValueError("REDRESS_MESSENGER=smtp needs REDRESS_SMTP_URL and an address in REDRESS_MAIL_FROM")
        return self


class NotSent(Exception):
    """The letter did not go out; another time it may."""

    via = "email"


class Refused(NotSent):
    """The letter was refused for good; trying again is no use."""


class Unreachable(NotSent):
    """This messenger has no way to this person."""

    via = "none"


class Recipient(BaseModel):
    """Whom a letter is for: the complainant, opened, or a member of staff."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""

    @property
    def has_address(self) -> bool:
        """Whether there is any way to answer them."""
        return bool(self.email or self.phone or self.address)

    @property
    def masked(self) -> str:
        """Their best address as the log may show it."""
        if self.email:
            return mask_email(self.email)
        return mask_number(self.phone) if self.phone else mask_name(self.address)


@dataclass(frozen=True)
class Mailing:
    """One letter, written: what a messenger carries.

    `number` is the complaint that it is about, empty where it is about several; `name` tells it from the others.
    """

    number: str
    name: str
    kind: str
    language: Language
    recipient: Recipient
    subject: str
    body: str
    at: datetime

    @property
    def id(self) -> str:
        """What tells it from every other letter."""
        return ".".join(filter(None, (self.number, self.name)))


class Messenger(Protocol):
    """Carries letters."""

    async def send(self, mailing: Mailing) -> str:
        """Send it and say which way it went. Raises `NotSent`, `Refused`, `Unreachable`."""


class ConsoleMessenger:
    """Logs that a letter went out, for local running; neither text nor person is in the log."""

    async def send(self, mailing: Mailing) -> str:
        """Log the letter."""
        log.info(
            "letter_printed", number=mailing.number, letter=mailing.name, kind=mailing.kind,
            language=mailing.language, recipient=mailing.recipient.masked,
        )  # fmt: skip
        return "console"


class SmtpMessenger:
    """Sends letters by mail (RFC 5321); a password never travels without TLS."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self._tls = parts.scheme == "smtps"
        self._host, self._port = parts.hostname or "localhost", parts.port or (465 if self._tls else 587)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender
        self._domain = sender.rpartition("@")[2].rstrip(">")
        self._resting_until = 0.0

    async def send(self, mailing: Mailing) -> str:
        """Hand the letter to the mail server."""
        if not _ADDRESS.fullmatch(mailing.recipient.email) or not mailing.recipient.email.isascii():
            raise Unreachable("there is no mail address to write to")
        self._must_not_rest()
        await asyncio.to_thread(self._deliver, self._message(mailing))
        log.info("letter_sent", number=mailing.number, letter=mailing.name, recipient=mailing.recipient.masked)
        return "email"

    def _must_not_rest(self) -> None:
        if time.monotonic() < self._resting_until:
            raise NotSent("the mail server did not answer a moment ago")

    def _message(self, mailing: Mailing) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, mailing.recipient.email, mailing.subject
        message["Date"] = format_datetime(mailing.at)
        # The same letter sent again after a crash has the same id, so that mail servers and readers can tell.
        message["Message-ID"] = f"<{mailing.id}@{self._domain}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: keeps holiday notices from answering
        message["Content-Language"] = mailing.language
        message.set_content(mailing.body, cte="base64")
        return message

    def _deliver(self, message: EmailMessage) -> None:
        """Talk to the server, in a thread of its own; not at all where another thread has just found it silent."""
        self._must_not_rest()
        try:
            with self._connect() as server:
                self._introduce(server)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPDataError as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            self._resting_until = time.monotonic() + REST_SECONDS
            raise NotSent(_without_persons(str(error) or type(error).__name__)) from error

    def _connect(self) -> smtplib.SMTP:
        if self._tls:
            return smtplib.SMTP_SSL(
                self._host, self._port, self._domain, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        return smtplib.SMTP(self._host, self._port, self._domain, timeout=TIMEOUT_SECONDS)

    def _introduce(self, server: smtplib.SMTP) -> None:
        server.ehlo()
        if not self._tls and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif not self._tls and self._user:
            raise smtplib.SMTPNotSupportedError("the mail server offers no TLS, so it is not given the password")
        if self._user:
            server.login(self._user, self._password)


def messenger_for(settings: PostalSettings) -> Messenger:
    """The messenger that the settings name."""
    if settings.messenger == "smtp" and settings.smtp_url:
        return SmtpMessenger(settings.smtp_url.get_secret_value(), settings.mail_from)
    return ConsoleMessenger()


def _refusal(code: int, words: bytes | str) -> NotSent:
    """A 4xx reply is for now, a 5xx reply is for good (RFC 5321, 4.2.1)."""
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return (Refused if code >= 500 else NotSent)(_without_persons(f"{code} {text}"))


def _without_persons(words: str) -> str:
    """What a mail server said, without the addresses it likes to repeat, and not at length."""
    return mask_text(words, {})[:200]
