"""The routing service on one page."""

from services.routing.config import Settings
from services.routing.desk.roster import keep_roster
from services.routing.handlers import SUBSCRIPTIONS
from services.routing.kit import Kit
from services.routing.learning import school
from services.routing.masses import registry, watch
from services.routing.routes import EVERY_ROUTE
from services.routing.worklist import store
from shared.bus.wire import decode_reply
from shared.service import Service

SERVICE = Service(
    name="routing",
    title="Decides which department answers a complaint, and carries it until it is answered.",
    settings=Settings,
    collection="cases",
    subscriptions=SUBSCRIPTIONS,
    routes=EVERY_ROUTE,
    indexes=[*store.INDEXES, *school.INDEXES, *registry.INDEXES],
    queues={"department.replies": decode_reply},
    feeds_departments=True,
    opens_sealed=True,
    kit=Kit.of,
    rounds=[watch.walk],
    beside=[school.attend, keep_roster, watch.attend],
)
