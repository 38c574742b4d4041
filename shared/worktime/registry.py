"""The calendars that a process knows, by name and edition."""

from collections.abc import Iterator, Mapping

from shared.worktime.calendar import Calendar
from shared.worktime.edition import STATUTORY, CalendarEdition


class Calendars:
    """The statutory calendar, and every edition entered since; of a name, the edition with the highest number counts.

    Editions come at run time, in any order and more than once: none is ever changed or taken away.
    """

    def __init__(self) -> None:
        self._editions: Mapping[str, Mapping[int, Calendar]] = {}
        self.enter(STATUTORY)

    def enter(self, edition: CalendarEdition) -> Calendar:
        """Take in an edition; at once, whoever asks for its name has it, unless a later one is there.

        Raises ValueError where another edition has this name and number already.
        """
        known = self._editions.get(edition.name, {})
        calendar = known.get(edition.version) or Calendar(edition)
        if calendar.edition != edition:
            raise ValueError(f"calendar {edition.name!r} has another edition {edition.version}; give it a new number")
        self._editions = {**self._editions, edition.name: {**known, edition.version: calendar}}
        return calendar

    def get(self, name: str, version: int | None = None) -> Calendar:
        """The calendar of a name, in the edition in force or in an older one; ValueError when there is none."""
        editions = self._editions.get(name)
        if editions is None:
            raise ValueError(f"there is no calendar {name!r}; there is {', '.join(self)}")
        wanted = max(editions) if version is None else version
        if wanted not in editions:
            numbers = ", ".join(map(str, sorted(editions)))
            raise ValueError(f"calendar {name!r} has no edition {version}; it has {numbers}")
        return editions[wanted]

    def __contains__(self, name: object) -> bool:
        return name in self._editions

    def __iter__(self) -> Iterator[str]:
        """The names of all calendars."""
        return iter(self._editions)


CALENDARS = Calendars()
"""The calendars that a pack can name in this process; a service enters the editions it learns of."""


def calendar_named(name: str, version: int | None = None) -> Calendar:
    """The calendar that a pack names, in the edition in force or in an older one; ValueError when there is none."""
    return CALENDARS.get(name, version)
