"""What moving open complaints to another version of their regulation would do to their deadlines, over HTTP."""

from pydantic import Field

from services.sla.effect import Effect, open_clocks
from services.sla.model import Clock
from services.sla.rules import Rules
from shared.identity import staff
from shared.service import Running
from shared.web import Body, Call, Line, Route

Sla = Running[Clock]

NOT_ENDED = {"$ne": "ended"}
"""What is closed is not moved, although it may still have to be filed."""


class Origin(Body):
    """The version that complaints are moved from; all older ones where none is named."""

    origin: Line = Field("", alias="from")


class MoveEffect(Effect):
    """What the move would do; `refused` complaints stay, because the version does not have their department."""

    regulation: str
    version: str
    refused: int = 0


async def show_effect(call: Call[Sla], query: Origin) -> MoveEffect:
    """How many open clocks a move to this version would move, and which would be late at once; nothing is moved."""
    service, now, path = call.service, call.service.clock(), call.request.match_info
    regulation = service.regulations.get(path["name"], path["version"])
    effect = MoveEffect(regulation=regulation.name, version=regulation.version)
    versions = {"$in": service.regulations.origins(regulation, query.origin)}
    concerned = {"state.regulation": regulation.name, "state.regulation_version": versions, "state.status": NOT_ENDED}
    async for clock in open_clocks(service, concerned):
        if clock.department and clock.department not in regulation.departments:
            effect.refused += 1
        else:
            effect.add(clock.number, clock.go_over(Rules(regulation), regulation.version, now, now), now)
    return effect


ROUTES = [Route("GET", "/regulations/{name}/moves/{version}", show_effect, staff())]
