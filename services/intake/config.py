"""What intake can be told from outside."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from shared.settings import Settings as Shared


class Settings(Shared):
    """Intake's settings."""

    number_block: int = Field(500, ge=1, le=10_000, description="How many complaint numbers a replica leases at once.")
    unlisted: Annotated[tuple[str, ...], NoDecode] = Field(
        ("demo",), description="Regulations that the public form does not offer, separated by commas."
    )
    form_limit: int = Field(20, ge=1, description="How often one address may send the public form in ten minutes.")
    trusted_proxies: int = Field(
        0,
        ge=0,
        description="How many proxies in front of us add to X-Forwarded-For; without any the header is not believed.",
    )
    batch_size: int = Field(500, ge=1, le=2000, description="Messages handled in one batch at most.")
    batch_linger: timedelta = Field(
        timedelta(seconds=1),
        description="How long a batch waits to fill at most; what the tracking page shows next is in no hurry.",
    )

    @field_validator("unlisted", mode="before")
    @classmethod
    def _split_names(cls, value: object) -> object:
        return [name.strip() for name in value.split(",")] if isinstance(value, str) else value
