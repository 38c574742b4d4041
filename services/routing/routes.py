"""Everything that can be asked of routing over HTTP."""

from services.routing import api as case
from services.routing.desk import api as desk
from services.routing.masses import api as masses
from services.routing.teams import api as teams
from services.routing.worklist import api as worklist

EVERY_ROUTE = [*worklist.ROUTES, *desk.ROUTES, *case.ROUTES, *teams.ROUTES, *masses.ROUTES]
