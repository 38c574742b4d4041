"""python -m services.routing: the same as `redress serve routing`."""

from shared.cli import serve

serve(["routing"])
