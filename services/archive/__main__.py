"""python -m services.archive: the same as `redress serve archive`."""

from shared.cli import serve

serve(["archive"])
