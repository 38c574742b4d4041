"""Where letters to complainants end up on this machine: in a box that can be looked into instead of the mail."""

import re
from pathlib import Path

from deploy.local.keys import write_private
from deploy.local.news import News
from shared.messenger import Mailing


class Letterbox:
    """A messenger that keeps every letter; given a folder, it also puts each there as a text file."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._letters: dict[tuple[str, str], Mailing] = {}
        self._news = News()

    async def send(self, mailing: Mailing) -> str:
        """Keep the letter and say which way it went."""
        self._letters[mailing.number, mailing.name] = mailing
        if self._folder:
            text = f"To: {mailing.recipient.name or '-'}\nSubject: {mailing.subject}\n\n{mailing.body}"
            write_private(self._folder / f"{mailing.number}.{mailing.name}.txt", text)
        self._news.arrived()
        return "letterbox"

    async def link(self, number: str, name: str, *, within: float) -> str:
        """The link in a letter, once it has come. Raises `TimeoutError` after `within` seconds."""
        return await self._news.until(lambda: self._link(number, name), within=within)

    def _link(self, number: str, name: str) -> str | None:
        letter = self._letters.get((number, name))
        found = re.search(r"https?://\S+", letter.body) if letter else None
        return found[0] if found else None
