"""Regulation packs: what a complaint regulation asks for, as data that the engine reads.

Code holds mechanisms, packs hold numbers and names. Each `*.yaml` here is one pack, one version of one regulation;
operators mount folders with their own beside these, which may build on them. A pack is validated when it is loaded: a
wrong one names file, line, key and reason. A complaint stays under the version that it was registered with, unless an
administrator moves it. `docs/regulations.md` tells how to write one.

    regulations = load_regulations()                      # the shipped packs; more folders as arguments
    regulation = regulations.get("service-quality")       # the newest version
    regulation.department_for("product")                  # "quality"
    regulation.severity_of("孩子触电了", "hotline")         # Grading(severity="critical", because=(...))
    regulation.targets_for(severity="major")              # {"resolution": Target(within=3 working days), ...}
    regulation.deadlines(received_at, severity="major")   # {"resolution": Deadline(due_at=...), ...}
    regulation.ladder_for("major")                        # (Rise(rung="urge", after=1 hour), ...)
    regulation.alerts_for("major")                        # (Alert(role="supervisor", within=30 minutes), ...)
"""

from shared.regulations.folder import PackFolder
from shared.regulations.loader import load_regulation, load_regulations
from shared.regulations.model import Regulation
from shared.regulations.parts import Grading, Retention, Target
from shared.regulations.registry import Regulations, UnknownRegulation
from shared.regulations.sources import RegulationError

__all__ = [
    "Grading",
    "PackFolder",
    "Regulation",
    "RegulationError",
    "Regulations",
    "Retention",
    "Target",
    "UnknownRegulation",
    "load_regulation",
    "load_regulations",
]
