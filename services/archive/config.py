"""What archive can be told from outside."""

from datetime import timedelta

from pydantic import Field

from shared.settings import Settings as Shared


class Settings(Shared):
    """Archive's settings."""

    batch_size: int = Field(1000, ge=1, le=2000, description="Messages handled in one batch at most.")
    batch_linger: timedelta = Field(
        timedelta(seconds=2),
        description="How long a batch waits to fill at most; nobody waits for the archive, so it may take longer.",
    )
