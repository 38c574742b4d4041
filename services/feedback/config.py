"""What feedback can be told from outside."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from shared.messenger import PostalSettings


class Settings(PostalSettings):
    """Feedback's settings."""

    batch_size: int = Field(500, ge=1, le=2000, description="Messages handled in one batch at most.")
    batch_linger: timedelta = Field(
        timedelta(milliseconds=400),
        description="How long a batch waits to fill at most; the complainant does not wait for a letter.",
    )
    letter_delays: Annotated[tuple[timedelta, ...], NoDecode] = Field(
        tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360)),
        description="Growing pauses, in seconds and separated by commas, before a letter is tried again.",
    )

    @field_validator("letter_delays", mode="before")
    @classmethod
    def _split_letter_delays(cls, value: object) -> object:
        return [float(part) for part in value.split(",") if part] if isinstance(value, str) else value
