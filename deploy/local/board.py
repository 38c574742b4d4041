"""The board of `redress run`: what becomes of each complaint, as a live table or, off a terminal, as plain lines."""

from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from deploy.local.telling import last_told, said, status_of, told
from deploy.local.witness import Witness
from shared.contracts.event import Event

ZONE = ZoneInfo("Asia/Shanghai")
"""Where the shipped regulations count their working days."""

COLUMNS = ("number", "channel", "subject", "category", "severity", "department", "status", "due", "last")
DISPENSABLE = {"channel": 150, "category": 150, "department": 110, "severity": 110}
"""Columns that a terminal shows only from so many characters on."""

COLOURS = {
    "critical": "bold red", "major": "yellow", "registered": "white", "assigned": "cyan", "in-progress": "blue",
    "waiting": "magenta", "answered": "green", "disputed": "yellow", "reopened": "yellow", "closed": "green",
    "archived": "dim green", "declined": "dim", "withdrawn": "dim",
}  # fmt: skip

LEAST_WIDTHS = {"number": 18, "subject": 16, "status": 11, "due": 11}


class Board:
    """The newest complaints, each with what is known of it, for rich to render again and again."""

    def __init__(self, witness: Witness, console: Console, note: str) -> None:
        self._witness, self._console, self._note = witness, console, note

    def __rich__(self) -> RenderableType:
        """The board as it is now."""
        columns = [name for name in COLUMNS if self._console.width >= DISPENSABLE.get(name, 0)]
        table = Table(expand=True, box=None, padding=(0, 1, 0, 0), header_style="bold underline")
        for name in columns:
            ratio = {"subject": 3, "last": 4}.get(name)
            table.add_column(name, no_wrap=True, overflow="ellipsis", ratio=ratio, min_width=LEAST_WIDTHS.get(name))
        for number in self._witness.numbers()[-self._room() :]:
            row = self.row(number)
            table.add_row(*(Text(row[name], style=COLOURS.get(row[name], "")) for name in columns))
        return Group(table, Text(self._note, style="dim"))

    def row(self, number: str) -> dict[str, str]:
        """What the board shows of one complaint."""
        story = self._witness.story(number)
        due = said([e for e in story if getattr(e, "milestone", "") == "resolution"], "due_at", "sla.target-set")
        return {
            "number": number,
            "channel": said(story, "channel", "complaint.registered") or "",
            "subject": said(story, "subject_line", "complaint.registered") or "",
            "category": said(story, "category", "case.routed") or "",
            "severity": said(story, "severity", "case.routed") or "",
            "department": said(story, "department", "case.routed") or "",
            "status": status_of(story),
            "due": local(due) if due else "",
            "last": last_told(story),
        }

    def _room(self) -> int:
        return max(self._console.height - 4, 5)


def line(event: Event) -> str:
    """One event as a plain line."""
    return f"{event.time.astimezone(ZONE):%H:%M:%S}  {event.number}  {event.kind():<22}  {told(event)}"


def local(moment: datetime) -> str:
    """A moment as the company's clock shows it: `11-30 18:00`."""
    return f"{moment.astimezone(ZONE):%m-%d %H:%M}"
