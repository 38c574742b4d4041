"""A clock that tests set."""

from datetime import datetime, timedelta

from shared.clock import now
from shared.contracts.values import to_instant


class SetClock:
    """Answers the moment it was set to, the present at first, and stands still until it is moved on."""

    def __init__(self, moment: datetime | None = None) -> None:
        self._moment = to_instant(moment) if moment else now()

    def __call__(self) -> datetime:
        """The moment it stands at, in UTC."""
        return self._moment

    def advance(self, **by: float) -> datetime:
        """Move on by so much (`hours=3`, as `timedelta` takes it); returns the new moment."""
        self._moment = to_instant(self._moment + timedelta(**by))
        return self._moment
