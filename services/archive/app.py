"""The archive service on one page."""

from services.archive.api import ROUTES
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
    routes=ROUTES,
    indexes=INDEXES,
    opens_sealed=True,
    kit=lambda running: Terms(running.settings.master_key_bytes),
)
