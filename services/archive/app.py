"""The archive service on one page."""

from services.archive import api, pages
from services.archive.config import Settings
from services.archive.handlers import SUBSCRIPTIONS
from services.archive.index import Terms
from services.archive.store import INDEXES
from shared.service import Service

SERVICE = Service(
    name="archive",
    title="Keeps the whole record of every complaint, catalogued and searchable, for as long as the law wants it.",
    settings=Settings,
    collection="records",
    subscriptions=SUBSCRIPTIONS,
    routes=[*api.ROUTES, *pages.ROUTES],
    indexes=INDEXES,
    kit=lambda running: Terms(running.settings.master_key_bytes),
)
