"""What sla brings along at its start: the office that writes to the supervised, and the figures it remembers."""

from dataclasses import dataclass
from typing import Any, Self

from services.sla.digests import Office
from services.sla.remembered import Remembered
from shared.service import Running


@dataclass(frozen=True)
class Kit:
    """The office, and the figures that were counted last."""

    office: Office
    figures: Remembered

    @classmethod
    def of(cls, running: Running[Any]) -> Self:
        """The kit of a running service."""
        return cls(Office.of(running), Remembered.of(running))
