"""The feedback service on one page."""

from services.feedback import api, pages
from services.feedback.config import Settings
from services.feedback.handlers import SUBSCRIPTIONS
from services.feedback.post import post_room
from shared.service import Service

SERVICE = Service(
    name="feedback",
    title="Tells complainants what becomes of their complaint, asks whether they agree, and closes it.",
    settings=Settings,
    collection="conversations",
    subscriptions=SUBSCRIPTIONS,
    routes=[*api.ROUTES, *pages.ROUTES],
    opens_sealed=True,
    kit=post_room,
)
