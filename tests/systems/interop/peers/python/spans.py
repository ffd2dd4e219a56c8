"""The spans that OpenTelemetry's SDK finishes, told with the record that each is about."""

from opentelemetry import trace
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased


class Spans:
    """The SDK, as OpenTelemetry's global one."""

    def __init__(self, service):
        provider = TracerProvider(
            resource=Resource.create({SERVICE_NAME: service}), sampler=ParentBased(ALWAYS_ON)
        )
        self.exporter = InMemorySpanExporter()
        provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        trace.set_tracer_provider(provider)
        self.records = {}

    def about(self, span, record):
        """Says which record the span of a span context is about."""
        self.records[span.span_id] = record

    def finished(self):
        """The spans that finished since the last time."""
        spans = [self._told(span) for span in self.exporter.get_finished_spans()]
        self.exporter.clear()
        self.records.clear()
        return spans

    def _told(self, span):
        return {
            "trace_id": trace.format_trace_id(span.context.trace_id),
            "span_id": trace.format_span_id(span.context.span_id),
            "parent": trace.format_span_id(span.parent.span_id) if span.parent else None,
            "links": [
                {
                    "trace_id": trace.format_trace_id(link.context.trace_id),
                    "span_id": trace.format_span_id(link.context.span_id),
                }
                for link in span.links
            ],
            "name": span.name,
            "kind": span.kind.name.lower(),
            "start_us": span.start_time // 1000,
            "end_us": span.end_time // 1000,
            **NOTHING,
            **self.records.get(span.context.span_id, {}),
        }


NOTHING = {"topic": None, "key": None, "queue_time_ms": None, "timestamp_type": None}


def sent(topic, key):
    """What a producer's span is about."""
    return {"topic": topic, "key": key}


def received(topic, key, waited, log_append_time):
    """What a consumer's span is about."""
    return {
        "topic": topic,
        "key": key,
        "queue_time_ms": waited,
        "timestamp_type": "log_append_time" if log_append_time else "create_time",
    }
