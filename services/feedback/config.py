"""What feedback can be told from outside."""

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from shared.settings import Settings as Shared


class Settings(Shared):
    """Feedback's settings."""

    batch_size: int = Field(500, ge=1, le=2000, description="Messages handled in one batch at most.")
    batch_linger: timedelta = Field(
        timedelta(milliseconds=400),
        description="How long a batch waits to fill at most; letters wait for the next tick anyway.",
    )
    messenger: Literal["console", "smtp"] = Field(
        description="How letters go out: `smtp` by mail; `console` writes to nobody, it only logs, for trying out."
    )
    smtp_url: SecretStr | None = Field(
        None, description="The mail server, `smtp://user:password@host:587` (STARTTLS) or `smtps://…:465` (TLS)."
    )
    mail_from: str = Field("", description="The address that letters come from.")
    letter_delays: Annotated[tuple[timedelta, ...], NoDecode] = Field(
        tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360)),
        description="Growing pauses, in seconds and separated by commas, before a letter is tried again.",
    )

    @field_validator("letter_delays", mode="before")
    @classmethod
    def _split_letter_delays(cls, value: object) -> object:
        return [float(part) for part in value.split(",") if part] if isinstance(value, str) else value

    @model_validator(mode="after")
    def _smtp_is_complete(self) -> Self:
        if self.messenger == "smtp" and not (self.smtp_url and "@" in self.mail_from):
            raise ValueError("REDRESS_MESSENGER=smtp needs REDRESS_SMTP_URL and an address in REDRESS_MAIL_FROM")
        return self
