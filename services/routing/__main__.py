"""python -m services.routing"""

from services.routing.app import SERVICE
from shared.hosting import run

run(SERVICE)
