"""Who of a department is on duty."""

from pydantic import BaseModel, ConfigDict

from shared.aggregate import Aggregate
from shared.contracts.values import Instant


class Colleague(BaseModel):
    """A member of staff as they last said where they are; `since` is when they said it."""

    model_config = ConfigDict(frozen=True)

    person: str
    full_name: str = ""
    on_duty: bool
    since: Instant


class Duty(Aggregate):
    """The people of one department; what other aggregates have as a complaint's number is its name here."""

    colleagues: list[Colleague] = []

    def note(self, colleague: Colleague) -> None:
        """Somebody says that they are on duty, or are not."""
        others = [other for other in self.colleagues if other.person != colleague.person]
        self.colleagues = sorted([*others, colleague], key=lambda one: (one.since, one.person))

    @property
    def present(self) -> list[Colleague]:
        """Those on duty, whoever came first in front."""
        return [colleague for colleague in self.colleagues if colleague.on_duty]
