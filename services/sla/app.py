"""The sla service on one page."""

from services.sla import api, pages
from services.sla.config import Settings
from services.sla.handlers import SUBSCRIPTIONS
from services.sla.remembered import Remembered
from services.sla.store import INDEXES
from shared.service import Service

SERVICE = Service(
    name="sla",
    title="Keeps every promised deadline: warns, says when one is missed, and climbs the ladder of supervision.",
    settings=Settings,
    collection="clocks",
    subscriptions=SUBSCRIPTIONS,
    routes=[*api.ROUTES, *pages.ROUTES],
    indexes=INDEXES,
    kit=Remembered.of,
)
