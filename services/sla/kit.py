"""What sla brings along at its start: the office that writes to the supervised, and the figures it remembers."""

from dataclasses import dataclass, field
from typing import Any, Self

from services.sla.digests import Office
from shared.remembered import Remembered
from shared.service import Running


@dataclass
class Kit(Office):
    """The office, and the figures that were counted last."""

    figures: Remembered = field(kw_only=True)

    @classmethod
    def of(cls, running: Running[Any]) -> Self:
        """The kit of a running service."""
        return cls(**vars(Office.of(running)), figures=Remembered.of(running))
