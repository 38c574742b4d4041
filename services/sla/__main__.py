"""python -m services.sla: the same as `redress serve sla`."""

from shared.cli import serve

serve(["sla"])
