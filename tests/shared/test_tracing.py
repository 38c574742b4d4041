"""One trace runs from the channel's POST to the last consumer."""

from collections.abc import Iterator

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared import tracing

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """What a tracer provider that somebody has set gets to see."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    tracing.is_traced.cache_clear()
    yield exporter
    tracing.is_traced.cache_clear()


def test_without_a_tracer_the_trace_is_carried_on_all_the_same() -> None:
    with tracing.span("handle case.routed", PARENT) as carried:
        assert carried == PARENT


@pytest.mark.parametrize("broken", ["", "00-xyz", "nonsense-with-four-parts"])
def test_what_is_no_trace_context_begins_a_new_trace(broken: str) -> None:
    version, trace_id, span_id, flags = tracing.carried_on(broken).split("-")

    assert (version, len(trace_id), len(span_id), flags) == ("00", 32, 16, "01")


def test_with_a_tracer_each_step_is_a_span_of_the_same_trace(spans: InMemorySpanExporter) -> None:
    with tracing.span("POST /intake/complaints", PARENT) as posted:
        pass
    with tracing.span("handle complaint.registered", posted):
        pass

    post, handled = spans.get_finished_spans()
    assert f"{post.context.trace_id:032x}" == PARENT[3:35]
    assert handled.parent is not None
    assert handled.parent.span_id == post.context.span_id
