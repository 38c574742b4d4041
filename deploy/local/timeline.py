"""The printed timeline of the demonstration: what was expected, what came, and when."""

import time
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

MARKS = {"story": ("✓", "green"), "clock": ("⏱", "yellow"), "failed": ("✗", "bold red")}


class Timeline:
    """Prints each step as it happens, with the seconds since it was begun."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._begun = time.monotonic()

    def tell(self, what: str, details: Iterable[str] = (), *, mark: str = "story") -> None:
        """Print one step, and below it what there is to say about it."""
        sign, style = MARKS[mark]
        head = Text.assemble((f"{time.monotonic() - self._begun:6.1f} s  ", "dim"), (f"{sign} ", style), (what, "bold"))
        self._console.print(head, soft_wrap=True)
        for detail in details:
            self._console.print(Text(f"            {detail}", style="dim"), soft_wrap=True)
