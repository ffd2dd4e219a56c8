"""Contexts of the protocol, and OpenTelemetry's."""

from opentelemetry import baggage, trace
from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, TraceState


def to_opentelemetry(told):
    """A remote parent and a baggage. Metadata is left out: OpenTelemetry for Python has none."""
    context = Context()
    if told["trace_id"] is not None:
        parent = SpanContext(
            trace_id=int(told["trace_id"], 16),
            span_id=int(told["span_id"], 16),
            is_remote=True,
            trace_flags=TraceFlags(int(told["trace_flags"], 16)),
            trace_state=TraceState.from_header([told["tracestate"]]),
        )
        context = trace.set_span_in_context(NonRecordingSpan(parent), context)
    for member in told["baggage"]:
        context = baggage.set_baggage(member["key"], member["value"], context)
    return context


def of_span(span, context):
    """A span context, and the baggage of a context."""
    valid = span.is_valid
    return {
        "trace_id": trace.format_trace_id(span.trace_id) if valid else None,
        "span_id": trace.format_span_id(span.span_id) if valid else None,
        "trace_flags": f"{span.trace_flags:02x}" if valid else None,
        "tracestate": span.trace_state.to_header() if valid else "",
        "baggage": [
            {"key": key, "value": str(value), "metadata": ""}
            for key, value in baggage.get_all(context).items()
        ],
    }


def of_context(context):
    """The span context and the baggage of a context."""
    return of_span(trace.get_current_span(context).get_span_context(), context)


def relation(received, span):
    """What a received span context is to the span of its consumer, sampled or not."""
    if not received.is_valid:
        return "none"
    if any(link.context.span_id == received.span_id for link in getattr(span, "links", ())):
        return "link"
    return "parent" if span.get_span_context().trace_id == received.trace_id else "none"
