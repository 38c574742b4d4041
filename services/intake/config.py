"""What intake can be told from outside."""

from pydantic import Field

from shared.settings import Settings as Shared


class Settings(Shared):
    """Intake's settings."""

    number_block: int = Field(200, ge=1, le=10_000, description="How many complaint numbers a replica leases at once.")
