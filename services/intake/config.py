"""What intake can be told from outside."""

from datetime import timedelta

from pydantic import Field

from shared.settings import Settings as Shared


class Settings(Shared):
    """Intake's settings."""

    number_block: int = Field(500, ge=1, le=10_000, description="How many complaint numbers a replica leases at once.")

    batch_size: int = Field(500, ge=1, le=2000, description="Messages handled in one batch at most.")
    batch_linger: timedelta = Field(
        timedelta(seconds=1),
        description="How long a batch waits to fill at most; what the tracking page shows next is in no hurry.",
    )
