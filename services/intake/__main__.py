"""python -m services.intake: the same as `redress serve intake`."""

from shared.cli import serve

serve(["intake"])
