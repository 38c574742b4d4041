import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.message import EmailMessage

import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from services.feedback.config import Settings
from services.feedback.letters import write
from shared.contracts.feedback import ReceiptDelivered
from shared.messenger import (
    ConsoleMessenger,
    Mailing,
    NotSent,
    Refused,
    SmtpMessenger,
    Unreachable,
    messenger_for,
)
from tests.feedback.builders import LI, MONDAY, NUMBER, a_context, after, registered, rung

MASTER_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


@dataclass
class MailServer:
    """A mail server that speaks just enough SMTP to take, or refuse, what it is sent."""

    to_recipient: str = "250 OK"
    to_data: str = "250 OK"
    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def listening(self, port: int = 0) -> AsyncIterator["MailServer"]:
        """Answer on a local port."""
        server = await asyncio.start_server(self._talk, "127.0.0.1", port)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            yield self

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        replies = {"RCPT": self.to_recipient, "DATA": "354 go on", "QUIT": "221 bye"}
        writer.write(b"220 ready\r\n")
        while line := (await reader.readline()).decode().strip():
            verb = line[:4].upper()
            writer.write(f"{replies.get(verb, '250 OK')}\r\n".encode())
            if verb == "RCPT":
                self.recipients.append(line.partition(":")[2].strip("<>"))
            if verb == "DATA":
                await self._take(reader, writer)
            if verb == "QUIT":
                break
        writer.close()
        await writer.wait_closed()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raw = await reader.readuntil(b"\r\n.\r\n")
        message = email.message_from_bytes(raw[:-5], policy=email.policy.default)
        self.messages.append(message)  # type: ignore[arg-type]
        writer.write(f"{self.to_data}\r\n".encode())

    def messenger(self) -> SmtpMessenger:
        """A messenger that sends through this server."""
        return SmtpMessenger(f"smtp://127.0.0.1:{self.port}", "Redress <office@redress.example>")


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with MailServer().listening() as server:
        yield server


def a_mailing(**person: str) -> Mailing:
    """The receipt of a complaint."""
    conversation = after(registered(LI | person))
    return write(conversation, conversation.letters[0], a_context(), "https://complaints.example")


async def test_a_letter_goes_by_mail_to_the_complainant_and_nobody_else(server: MailServer):
    assert await server.messenger().send(a_mailing()) == "email"

    assert server.recipients == ["li.ming@example.com"]


async def test_the_mail_can_be_read_in_chinese_and_its_subject_names_the_number(server: MailServer):
    await server.messenger().send(a_mailing())

    [message] = server.messages
    assert message["Subject"] == f"【{NUMBER}】投诉回执"
    assert message.get_content().startswith("李明：您好！")


async def test_the_same_letter_sent_twice_has_the_same_message_id(server: MailServer):
    await server.messenger().send(a_mailing())
    await server.messenger().send(a_mailing())

    assert {message["Message-ID"] for message in server.messages} == {f"<{NUMBER}.receipt-1@redress.example>"}


@pytest.mark.parametrize(
    "address",
    ["", "not an address", "a@example.com, b@example.com", "a@example.com\r\nBcc: b@example.com", "李@example.com"],
)
async def test_what_is_not_one_mail_address_is_not_written_to(server: MailServer, address: str):
    with pytest.raises(Unreachable):
        await server.messenger().send(a_mailing(email=address))

    assert server.messages == []


@pytest.mark.parametrize("replies", [{"to_recipient": "550 no such user"}, {"to_data": "554 not wanted"}])
async def test_a_reply_in_the_five_hundreds_is_for_good(replies: dict[str, str]):
    async with MailServer(**replies).listening() as server:
        with pytest.raises(Refused):
            await server.messenger().send(a_mailing())


@pytest.mark.parametrize("replies", [{"to_recipient": "450 greylisted"}, {"to_data": "452 full"}])
async def test_a_reply_in_the_four_hundreds_is_for_now(replies: dict[str, str]):
    async with MailServer(**replies).listening() as server:
        with pytest.raises(NotSent) as caught:
            await server.messenger().send(a_mailing())

    assert not isinstance(caught.value, Refused)


async def test_what_the_mail_server_said_is_kept_without_the_address_it_repeats():
    async with MailServer(to_recipient="550 <li.ming@example.com> unknown").listening() as server:
        with pytest.raises(Refused) as caught:
            await server.messenger().send(a_mailing())

    assert str(caught.value) == "550 <l***@example.com> unknown"


async def test_a_password_is_not_given_to_a_server_without_tls(server: MailServer):
    messenger = SmtpMessenger(f"smtp://user:secret@127.0.0.1:{server.port}", "office@redress.example")

    with pytest.raises(NotSent, match="offers no TLS"):
        await messenger.send(a_mailing())


async def test_a_server_that_is_down_is_left_alone_for_a_moment():
    async with MailServer().listening() as server:
        messenger = server.messenger()
    with pytest.raises(NotSent):
        await messenger.send(a_mailing())

    with pytest.raises(NotSent, match="a moment ago"):
        await messenger.send(a_mailing())


async def test_a_receipt_goes_out_when_the_mail_server_is_back():
    conversation = after(registered())
    async with MailServer().listening() as server:
        pass
    await rung(conversation, a_context(messenger=server.messenger()))
    assert conversation.alarm_at == MONDAY + timedelta(minutes=1)

    async with server.listening(server.port):
        await rung(conversation, a_context(conversation.alarm_at, server.messenger()))

    assert conversation.recorded == [ReceiptDelivered(via="email", at=MONDAY + timedelta(minutes=1))]
    assert len(server.messages) == 1


async def test_the_console_shows_that_a_letter_went_out_and_neither_person_nor_link():
    mailing = replace(a_mailing(), kind="answer")

    with capture_logs() as lines:
        via = await ConsoleMessenger().send(mailing)

    assert via == "console"
    assert lines == [
        {
            "event": "letter_printed", "log_level": "info", "number": NUMBER, "letter": "receipt-1", "kind": "answer",
            "language": "zh-CN", "recipient": "l***@example.com",
        }
    ]  # fmt: skip


def some_settings(**more: object) -> Settings:
    """Settings of feedback."""
    given = {"mongodb_url": "mongodb://db", "amqp_url": "amqp://mq", "master_key": MASTER_KEY} | more
    return Settings(**given)  # type: ignore[arg-type]


def test_nobody_is_written_to_only_where_somebody_has_said_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("REDRESS_MESSENGER", raising=False)

    with pytest.raises(ValidationError, match="messenger"):
        some_settings()


def test_letters_are_printed_where_that_is_set():
    assert isinstance(messenger_for(some_settings(messenger="console")), ConsoleMessenger)


def test_letters_go_by_mail_where_a_mail_server_is_set():
    settings = some_settings(messenger="smtp", smtp_url="smtp://mail", mail_from="office@redress.example")

    assert isinstance(messenger_for(settings), SmtpMessenger)


@pytest.mark.parametrize("missing", [{"mail_from": "office@redress.example"}, {"smtp_url": "smtp://mail"}])
def test_mail_without_server_or_sender_stops_the_service_at_its_start(missing: dict[str, str]):
    with pytest.raises(ValidationError, match="REDRESS_SMTP_URL"):
        some_settings(messenger="smtp", **missing)


def test_the_pauses_between_attempts_are_read_as_seconds():
    settings = some_settings(messenger="console", letter_delays="1,2.5", retry_delays="3")

    assert settings.letter_delays == (timedelta(seconds=1), timedelta(seconds=2.5))
    assert settings.retry_delays == (timedelta(seconds=3),)
