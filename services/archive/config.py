"""What archive can be told from outside."""

from shared.settings import Settings as Shared


class Settings(Shared):
    """Archive's settings: those that every service has."""
