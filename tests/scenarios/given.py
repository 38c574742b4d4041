"""The shipped packs as an officer asks them, and what the complainant reads under them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.contracts.event import Event
from shared.contracts.values import Channel, Severity
from shared.regulations import Regulation, load_regulations
from tests.feedback.builders import PigeonHole, a_context, after, registered, rung

PACKS = load_regulations()
SHANGHAI = ZoneInfo("Asia/Shanghai")


def pack(name: str) -> Regulation:
    """The newest version of a shipped pack."""
    return PACKS.get(name)


def limit(name: str, milestone: str, **conditions: Any) -> str:
    """What a pack promises for a milestone, with its clause: `5 working days (S15.5)`."""
    target = pack(name).targets_for(**conditions)[milestone]  # type: ignore[index]
    return f"{target.within} ({target.clause})"


def due(name: str, milestone: str, received: str, **conditions: Any) -> str:
    """When a milestone is due, both moments in Shanghai: `2026-10-13 18:00`."""
    received_at = datetime.fromisoformat(received).replace(tzinfo=SHANGHAI)
    deadline = pack(name).deadlines(received_at, **conditions)[milestone]  # type: ignore[index]
    return f"{deadline.due_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def admitted(name: str, *channels: Channel) -> list[Channel]:
    """Those of some channels that a pack takes complaints from."""
    return [channel for channel in channels if pack(name).admits(channel)]


def departments(name: str) -> dict[str, str]:
    """Which department answers each category, by the department's Chinese name."""
    regulation = pack(name)
    return {
        category: regulation.departments[rule.department].title["zh-CN"]
        for category, rule in regulation.categories.items()
    }


def alerted(name: str, severity: Severity) -> list[tuple[str, str]]:
    """Who is told at once of a severity, in the pack's own words, and within what time."""
    regulation = pack(name)
    return [
        (regulation.roles[alert.role]["zh-CN"] if alert.role in regulation.roles else alert.role, str(alert.within))
        for alert in regulation.alerts_for(severity)
    ]


def steps(name: str) -> list[str]:
    """The steps that a complainant is told, in Chinese."""
    return [step["zh-CN"] for step in pack(name).process]


async def letters(name: str, *events: Event) -> dict[str, str]:
    """What the complainant gets to read under a pack after these events, by the kind of letter."""
    pigeons = PigeonHole()
    await rung(after(registered(regulation=name), *events), a_context(messenger=pigeons))
    return {mailing.kind: mailing.body for mailing in pigeons.mailings}
