"""The sla service on one page."""

from services.sla import api, notices, pages, store, supervision
from services.sla.config import Settings
from services.sla.digests import send_digests, tell_again
from services.sla.handlers import SUBSCRIPTIONS
from services.sla.kit import Kit
from services.sla.policies import api as policies
from services.sla.policies import recount
from shared.service import Service

SERVICE = Service(
    name="sla",
    title="Keeps every promised deadline: warns, says when one is missed, and climbs the ladder of supervision.",
    settings=Settings,
    collection="clocks",
    subscriptions=SUBSCRIPTIONS,
    routes=[*api.ROUTES, *supervision.ROUTES, *policies.ROUTES, *pages.ROUTES],
    indexes=[*store.INDEXES, *notices.INDEXES, *recount.INDEXES],
    kit=Kit.of,
    rounds=[tell_again, send_digests, recount.carry_on],
)
