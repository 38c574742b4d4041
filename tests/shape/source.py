"""The source as it stands on disk, and what can be read from it without running it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVICES = ("archive", "feedback", "intake", "routing", "sla")
LEVELS = frozenset({"debug", "info", "warning", "error", "exception", "critical"})
METRICS = frozenset({"Counter", "Gauge", "Histogram", "Summary"})


def sources(*folders: str) -> list[Path]:
    """Every module below these folders of the project."""
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def module(path: Path) -> str:
    """The name that a source file is imported under."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def calls(*folders: str) -> Iterator[ast.Call]:
    """Every call that stands in the code."""
    for path in sources(*folders):
        yield from (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))


def log_events() -> dict[str, set[str]]:
    """Every log event of production code, with all keys that it is logged with anywhere."""
    events: dict[str, set[str]] = {}
    for call in calls("services", "shared"):
        if _logs(call.func) and call.args and isinstance(call.args[0], ast.Constant):
            keys = {word.arg for word in call.keywords if word.arg} - {"exc_info"}
            events.setdefault(str(call.args[0].value), set()).update(keys)
    return events


def metrics() -> dict[str, set[str]]:
    """Every metric of production code, with its labels."""
    return {
        ast.literal_eval(call.args[0]): set(ast.literal_eval(call.args[2]))
        for call in calls("services", "shared")
        if isinstance(call.func, ast.Name) and call.func.id in METRICS and isinstance(call.args[0], ast.Constant)
    }


def _logs(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr in LEVELS and isinstance(function.value, ast.Name) and function.value.id == "log"
    return isinstance(function, ast.Name) and function.id == "level"
