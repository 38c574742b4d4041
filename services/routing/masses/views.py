"""What staff see of a mass complaint: each as much of it as they see of its cases."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from services.routing.masses.cluster import Cluster
from services.routing.masses.forms import ClusterLine, ClusterView, Sibling
from services.routing.masses.registry import Registry
from services.routing.model import Case
from services.routing.visibility import EVERYWHERE, sees
from shared.conflict import is_about
from shared.identity import Caller

SIBLINGS = 500
"""Cases of a cluster that are shown."""
FEW = 10
"""Cases that are read at once until one is found that somebody sees: mostly it is the first."""


async def line(cluster: Cluster, registry: Registry) -> ClusterLine:
    """One line of the list."""
    own = set(ClusterLine.model_fields) - {"cases_in_all"}
    return ClusterLine(**cluster.model_dump(include=own), cases_in_all=await registry.size(cluster.number))


async def is_seen(cluster: Cluster, registry: Registry, caller: Caller) -> bool:
    """Whether a cluster exists for somebody: because one of its cases does, and none is about themselves."""
    against, concerned = await registry.respondents(cluster.number)
    if any(is_about(caller, respondent, concerned) for respondent in against):
        return False
    async with aclosing(_members(cluster, registry, caller, FEW)) as cases:
        async for case in cases:
            if sees(caller, case):
                return True
    return False


async def view(cluster: Cluster, registry: Registry, caller: Caller) -> ClusterView:
    """The cluster with those of its cases that the caller sees."""
    cases = [_sibling(case) async for case in _members(cluster, registry, caller, SIBLINGS) if sees(caller, case)]
    head = await line(cluster, registry)
    return ClusterView(**dict(head), cases=cases, draft=cluster.draft)


async def around(case: Case, registry: Registry, caller: Caller) -> ClusterView | None:
    """The cluster that a case belongs to, if it does, and if it exists for whoever asks."""
    if not case.traits.cluster:
        return None
    cluster = (await registry.clusters.get(case.traits.cluster)).present
    return await view(cluster, registry, caller) if await is_seen(cluster, registry, caller) else None


def _members(cluster: Cluster, registry: Registry, caller: Caller, at_once: int) -> AsyncGenerator[Case, None]:
    departments = None if caller.roles & EVERYWHERE else sorted(caller.departments)
    return registry.members(cluster.number, departments, SIBLINGS, at_once)


def _sibling(case: Case) -> Sibling:
    return Sibling(**case.model_dump(include=set(Sibling.model_fields)))
