"""Everything that can be asked of routing over HTTP."""

from services.routing.api import ROUTES
from services.routing.desk_api import DESK_ROUTES
from services.routing.masses_api import MASS_ROUTES
from services.routing.teams_api import TEAM_ROUTES
from services.routing.worklist_api import WORKLIST_ROUTES

EVERY_ROUTE = [*WORKLIST_ROUTES, *DESK_ROUTES, *ROUTES, *TEAM_ROUTES, *MASS_ROUTES]
