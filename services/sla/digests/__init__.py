"""Digests: the notices of a burst, gathered into one letter for each recipient."""

from services.sla.digests.office import Office, send_digests, tell_again

__all__ = ["Office", "send_digests", "tell_again"]
