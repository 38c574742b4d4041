"""python -m services.archive"""

from services.archive.app import SERVICE
from shared.hosting import run

run(SERVICE)
