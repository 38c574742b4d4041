"""The intake service on one page."""

from services.intake import api, moves, pages
from services.intake.config import Settings
from services.intake.handlers import SUBSCRIPTIONS
from services.intake.kit import Kit
from services.intake.store import INDEXES, channel_lookup
from shared.service import Service

SERVICE = Service(
    name="intake",
    title="Takes complaints in, gives receipts, shows complainants how far their matter has got.",
    settings=Settings,
    collection="complaints",
    subscriptions=SUBSCRIPTIONS,
    routes=[*api.ROUTES, *pages.ROUTES],
    indexes=[*INDEXES, *moves.INDEXES],
    kit=Kit.of,
    channels=channel_lookup,
    rounds=[moves.carry_on],
)
