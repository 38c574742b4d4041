"""What sla can be told from outside."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field

from shared.messenger import PostalSettings


class Settings(PostalSettings):
    """SLA's settings."""

    batch_size: int = Field(500, ge=1, le=2000, description="Messages handled in one batch at most.")
    batch_linger: timedelta = Field(
        timedelta(milliseconds=1200),
        description="How long a batch waits to fill at most; nobody waits for a clock to be set.",
    )
    contacts: Path | None = Field(
        None, description="A YAML file with the addresses of supervision, such as `handler@quality: desk@example.org`."
    )
    digest_seconds: float = Field(
        10.0, ge=0, description="How long notices of supervision gather at least between two letters to a recipient."
    )
