"""python -m services.sla"""

from services.sla.app import SERVICE
from shared.hosting import run

run(SERVICE)
