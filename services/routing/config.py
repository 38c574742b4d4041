"""What routing can be told from outside."""

from shared.settings import Settings as Shared


class Settings(Shared):
    """Routing's settings."""
