"""A browser without a screen: it asks for pages, reads them, and sends their forms as they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import aiohttp

BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
Attributes = dict[str, str | None]


@dataclass
class Shown:
    """One page as a browser has it: where it is, what it says, which elements it is made of."""

    status: int
    path: str
    headers: Any
    html: str
    text: str
    elements: list[tuple[str, Attributes]]

    def all(self, tag: str, **wanted: str) -> list[Attributes]:
        """The attributes of every element of a kind that has the wanted ones."""
        return [found for name, found in self.elements if name == tag and wanted.items() <= found.items()]

    def value(self, name: str) -> str:
        """What stands in an input."""
        return self.all("input", name=name)[0].get("value") or ""


class Browser:
    """Somebody's browser, in their language."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session

    async def open(self, path: str, language: str = "zh-CN", **headers: str) -> Shown:
        """Go to an address and wherever it leads."""
        return await self._ask("GET", path, language, headers)

    async def send(self, path: str, typed: dict[str, str], language: str = "zh-CN", **headers: str) -> Shown:
        """Send a form, and go wherever that leads."""
        return await self._ask("POST", path, language, headers, data=typed)

    async def _ask(self, method: str, path: str, language: str, headers: dict[str, str], **more: Any) -> Shown:
        headers = BROWSER | {"Accept-Language": language} | headers
        async with self.session.request(method, path, headers=headers, **more) as answer:
            html = await answer.text()
            reader = Reader()
            reader.feed(html)
            shown = str(answer.url.relative())
            return Shown(answer.status, shown, answer.headers, html, " ".join(reader.words), reader.elements)


class Reader(HTMLParser):
    """Takes a page apart into elements and words."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def unlabelled(page: Shown) -> Iterator[Attributes]:
    """The visible fields of a page that no label speaks of: neither one `for` them, nor one around them."""
    labelled = {label.get("for") for label in page.all("label")}
    for tag in ("input", "select", "textarea"):
        for found in page.all(tag):
            if found.get("type") not in ("hidden", "radio", "checkbox") and found.get("id") not in labelled:
                yield found
