"""python -m services.feedback"""

from services.feedback.app import SERVICE
from shared.hosting import run

run(SERVICE)
