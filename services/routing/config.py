"""What routing can be told from outside."""

from pydantic import Field

from shared.settings import Settings as Shared


class Settings(Shared):
    """Routing's settings."""

    heartbeat_seconds: float = Field(
        15.0, gt=0, description="How often whoever watches the worklist hears that the line is alive."
    )
