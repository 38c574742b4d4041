"""The web form: what was typed into it, read as a registration through the channel `web`."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from services.intake.forms import Registration
from shared.regulations import Regulations
from shared.web.submitted import validated

FIELDS = frozenset({
    "regulation", "subject_line", "narrative", "occurred_at", "place", "claim", "respondent", "product.name",
    "product.batch", "complainant.name", "complainant.phone", "complainant.email", "complainant.address",
    "complainant.anonymous",
})  # fmt: skip
"""What the public may say of a complaint; how important or severe it is, is not for the form to say."""

DEFAULTS = {"channel": "web", "regulation": "service-quality", "complainant.anonymous": "no"}

CONTACT = ("complainant.name", "complainant.phone", "complainant.email", "complainant.address")


def read_registration(typed: Mapping[str, str], offered: Regulations) -> Registration:
    """What was typed, as a registration. Raises `InvalidBody`, or `UnknownRegulation` where that is not on offer."""
    given = DEFAULTS | {name: value.strip() for name, value in typed.items() if name in FIELDS}
    regulation = offered.get(given["regulation"])
    if given["complainant.anonymous"] == "yes":
        given |= dict.fromkeys(CONTACT, "")
    if moment := given.get("occurred_at"):
        given["occurred_at"] = _in_zone(moment, regulation.working_calendar.zone)
    return validated(given, Registration)


def _in_zone(moment: str, zone: ZoneInfo) -> str:
    """A moment as the browser gives it, without an offset, where the office is; what is no moment stays as it is."""
    try:
        local = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return moment if local.tzinfo else local.replace(tzinfo=zone).isoformat()
