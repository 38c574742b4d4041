"""Writing a digest: many notices for one recipient in one letter, the most urgent first."""

from collections.abc import Sequence
from datetime import datetime

from services.sla.digests import words
from services.sla.digests.contacts import Contact
from services.sla.model.supervision import GRAVITY
from services.sla.notices import Waiting
from shared.contracts.sla import NoticeKind
from shared.contracts.values import Department, Language, Role
from shared.messenger import Mailing, Recipient
from shared.regulations.words import MILESTONES, ROLES, SEVERITIES

AT_MOST = 100
"""How many notices a digest tells one by one; the others it counts."""

URGENCY: tuple[NoticeKind, ...] = ("alert", "raised", "written", "urge")


def write(
    role: Role, department: Department | None, contact: Contact, waiting: Sequence[Waiting], url: str, now: datetime
) -> Mailing:
    """The digest of these notices for one recipient; the same notices make the same letter."""
    ordered = sorted(waiting, key=_most_urgent_first)
    language, newest = contact.language, max(one.notice.at for one in waiting)
    lines = [_line(nth, one, url, language) for nth, one in enumerate(ordered[:AT_MOST], 1)]
    if rest := ordered[AT_MOST:]:
        link = f"{url}/sla/notices?role={role}&seen=false"
        lines.append(words.MORE[language].format(count=len(rest), link=link))
    head = words.HEAD[language].format(role=ROLES[role][language])
    return Mailing(
        number="",
        name=f"digest.{role}.{department or 'all'}.{newest:%Y%m%d%H%M%S%f}.{len(ordered)}",
        kind="digest",
        language=language,
        recipient=Recipient(email=contact.address),
        subject=words.SUBJECT[language].format(count=len(ordered)),
        body="\n\n".join([head, *lines]) + "\n",
        at=now,
    )


def _most_urgent_first(one: Waiting) -> tuple[int, int, datetime, str]:
    notice = one.notice
    return -GRAVITY.index(notice.severity), URGENCY.index(notice.kind), one.due_at or notice.at, one.number


def _line(nth: int, one: Waiting, url: str, language: Language) -> str:
    notice = one.notice
    return words.LINE[language].format(
        nth=nth,
        number=one.number,
        kind=words.KINDS[notice.kind][language],
        severity=SEVERITIES[notice.severity][language],
        about=_about(one, language),
        times=words.TIMES[language].format(times=notice.times) if notice.times > 1 else "",
        link=f"{url}/sla/clocks/{one.number}",
    )


def _about(one: Waiting, language: Language) -> str:
    notice = one.notice
    if notice.milestone and one.due_at:
        due = one.local(one.due_at).strftime(words.MOMENT)
        return words.DUE[language].format(milestone=MILESTONES[notice.milestone][language], due=due)
    return words.UNTIL[language].format(until=one.local(notice.until).strftime(words.MOMENT)) if notice.until else ""
