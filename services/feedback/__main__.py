"""python -m services.feedback: the same as `redress serve feedback`."""

from shared.cli import serve

serve(["feedback"])
