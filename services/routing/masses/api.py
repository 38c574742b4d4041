"""Mass complaints over HTTP: the clusters, who belongs to them, and the draft that their handlers may take over."""

from functools import partial

from services.routing.api import DEPARTMENT, READERS, Routing
from services.routing.keeping import amend
from services.routing.masses.cluster import Cluster, Draft
from services.routing.masses.forms import ClusterLine, ClusterQuery, ClusterView, DraftBody
from services.routing.masses.registry import LATEST_FIRST, Registry
from services.routing.masses.views import is_seen, line, view
from shared.errors import NotFound
from shared.paging import Listing
from shared.web import Call, Page, Route


async def list_clusters(call: Call[Routing], query: ClusterQuery) -> Page[ClusterLine]:
    """The mass complaints, those that went on last first; only those that one sees a case of."""
    registry = Registry(call.service)
    listing = Listing(registry.clusters.collection, LATEST_FIRST, Cluster.model_validate)
    visible = partial(is_seen, registry=registry, caller=call.caller)
    shown, following = await listing.page({}, query.limit, query.cursor, visible)
    return Page(items=[await line(cluster, registry) for cluster in shown], next=following)


async def show_cluster(call: Call[Routing]) -> ClusterView:
    """One mass complaint: why it is one, those of its cases that one sees, the draft."""
    registry = Registry(call.service)
    return await view(await _cluster(call, registry), registry, call.caller)


async def write_draft(call: Call[Routing], body: DraftBody) -> ClusterView:
    """Offer an answer to the handlers of all cases; each complainant still gets one of their own."""
    registry, now = Registry(call.service), call.service.clock()
    await _cluster(call, registry)
    draft = Draft(**body.model_dump(), by=call.caller.name, at=now)
    cluster = await amend(registry.clusters, call.number, partial(Cluster.write_draft, draft=draft), now)
    return await view(cluster, registry, call.caller)


ROUTES = [
    Route("GET", "/clusters", list_clusters, READERS),
    Route("GET", "/clusters/{number}", show_cluster, READERS),
    Route("PUT", "/clusters/{number}/draft", write_draft, DEPARTMENT),
]


async def _cluster(call: Call[Routing], registry: Registry) -> Cluster:
    """The cluster in the path; to whoever sees none of its cases it does not exist (404, not 403)."""
    cluster = (await registry.clusters.get(call.number)).present
    if not await is_seen(cluster, registry, call.caller):
        raise NotFound(f"There is no cluster {call.number}.")
    return cluster
