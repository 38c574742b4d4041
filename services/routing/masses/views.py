"""What staff see of a mass complaint: each as much of it as they see of its cases."""

from services.routing.masses.cluster import Cluster
from services.routing.masses.forms import ClusterLine, ClusterView, Sibling
from services.routing.masses.registry import Registry
from services.routing.model import Case
from services.routing.visibility import EVERYWHERE, sees
from shared.identity import Caller

SIBLINGS = 500
"""Cases of a cluster that are shown."""


async def line(cluster: Cluster, registry: Registry) -> ClusterLine:
    """One line of the list."""
    own = set(ClusterLine.model_fields) - {"cases_in_all"}
    return ClusterLine(**cluster.model_dump(include=own), cases_in_all=await registry.size(cluster.number))


async def seen(cluster: Cluster, registry: Registry, caller: Caller) -> list[Case]:
    """The cases of a cluster that exist for somebody; where there are none, neither does the cluster."""
    departments = None if caller.roles & EVERYWHERE else sorted(caller.departments)
    cases = await registry.members(cluster.number, SIBLINGS, departments)
    return [case for case in cases if sees(caller, case)]


async def view(cluster: Cluster, registry: Registry, caller: Caller) -> ClusterView:
    """The cluster with those of its cases that the caller sees."""
    cases = await seen(cluster, registry, caller)
    head = await line(cluster, registry)
    return ClusterView(**dict(head), cases=[_sibling(case) for case in cases], draft=cluster.draft)


async def around(case: Case, registry: Registry, caller: Caller) -> ClusterView | None:
    """The cluster that a case belongs to, if it does."""
    if not case.traits.cluster:
        return None
    return await view((await registry.clusters.get(case.traits.cluster)).present, registry, caller)


def _sibling(case: Case) -> Sibling:
    return Sibling(**case.model_dump(include=set(Sibling.model_fields)))
