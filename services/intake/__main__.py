"""python -m services.intake"""

from services.intake.app import SERVICE
from shared.hosting import run

run(SERVICE)
