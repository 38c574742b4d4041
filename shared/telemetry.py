"""What a running service tells about itself: log lines and metrics, and the trace that it is part of.

Log events and metrics are listed in `docs/operations/telemetry.md`, which a test compares with the code.
"""

import logging
import sys
from contextvars import ContextVar
from typing import Any

import orjson
import structlog
from prometheus_client import Counter, Histogram

HTTP_REQUESTS = Counter("redress_http_requests_total", "Requests answered.", ["service", "route", "status"])
HTTP_SECONDS = Histogram(
    "redress_http_request_seconds", "Time to answer a request.", ["service"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip
MESSAGES = Counter("redress_messages_total", "Messages settled, by verdict.", ["service", "verdict"])
PUBLISHED = Counter("redress_messages_published_total", "Messages that the broker confirmed.", ["service"])
ALARM_LATENESS = Histogram(
    "redress_alarm_lateness_seconds",
    "How late an alarm rang.",
    ["service"],
    buckets=(0.5, 1, 2, 5, 10, 30, 60, 300, 3600),
)
SWEPT = Counter(
    "redress_outbox_swept_total", "Messages that a crash or an outage left behind, sent again.", ["service"]
)
REFUSED = Counter("redress_policies_refused_total", "Calendars and packs that were not taken in.", ["service"])

traceparent: ContextVar[str] = ContextVar("traceparent", default="")
"""The W3C trace context of what is being done, as `00-<trace id>-<span id>-<flags>`."""


service_name: ContextVar[str] = ContextVar("service_name", default="")
"""The service that does it, where one process runs several."""


def configure_logging(form: str = "json", level: str = "info") -> None:
    """Log to standard output, one event a line: JSON for machines, colours for people."""
    shared: list[Any] = [
        _say_where,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=shared + (_JSON if form == "json" else _CONSOLE),
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.BytesLoggerFactory() if form == "json" else structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s", stream=sys.stdout)
    logging.getLogger("aiormq").setLevel(logging.CRITICAL)


def log_aside() -> None:
    """Log to standard error, so that what a command answers stands alone on standard output."""
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))


def _say_where(_: Any, __: str, event: Any) -> Any:
    """Which service, and which trace: bound by nobody, read when a line is written."""
    if service := service_name.get():
        event.setdefault("service", service)
    if trace := traceparent.get():
        event["trace"] = trace[3:35]
    return event


def _render(_: Any, __: str, event: Any) -> bytes:
    return orjson.dumps(event, default=str)


# Tracebacks without local variables: they would put narratives, names and tokens into the log.
_TRACEBACK = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
_JSON: list[Any] = [structlog.processors.ExceptionRenderer(_TRACEBACK), _render]
_CONSOLE: list[Any] = [
    structlog.dev.ConsoleRenderer(pad_event_to=30, exception_formatter=structlog.dev.plain_traceback)
]
