"""Traces: one from the channel's POST to the last consumer, carried by `traceparent` (W3C Trace Context).

Where OpenTelemetry has a tracer provider, every request and every handled message is a span of it. Where it has none,
the trace is carried on all the same, so that log lines of one complaint can be found by it.
"""

import os
import random
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache

from opentelemetry import trace
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

_random = random.Random(os.urandom(16))
_propagator = TraceContextTextMapPropagator()


def new_traceparent() -> str:
    """A trace that begins here, as `00-<trace id>-<span id>-<flags>`."""
    return f"00-{_random.getrandbits(128):032x}-{_random.getrandbits(64):016x}-01"


def carried_on(parent: str) -> str:
    """The same trace as it came, as whoever adds no span to it hands it on; a new trace where `parent` is none."""
    return parent if _TRACEPARENT.fullmatch(parent) else new_traceparent()


@cache
def is_traced() -> bool:
    """Whether spans go anywhere: a tracer provider has been set. Asked once, because asking is slow."""
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


def span(name: str, parent: str, kind: SpanKind = SpanKind.CONSUMER) -> AbstractContextManager[str]:
    """Do something as a span of the trace that `parent` belongs to; gives the traceparent to carry on."""
    return _recorded(name, parent, kind) if is_traced() else nullcontext(carried_on(parent))


@contextmanager
def _recorded(name: str, parent: str, kind: SpanKind) -> Iterator[str]:
    context = _propagator.extract({"traceparent": parent})
    with trace.get_tracer("redress").start_as_current_span(name, context, kind):
        carrier: dict[str, str] = {}
        _propagator.inject(carrier)
        yield carrier.get("traceparent", parent)
