"""Instana's propagator for Kafka; its tracer does nothing without an agent."""

import os

os.environ["INSTANA_TRACING_DISABLE"] = "True"

from instana.propagators.kafka_propagator import KafkaPropagator  # noqa: E402
from instana.span_context import SpanContext  # noqa: E402
from instana.util.ids import generate_id  # noqa: E402
from opentelemetry import trace  # noqa: E402
from opentelemetry.trace import NonRecordingSpan  # noqa: E402

LIBRARIES = ("instana",)


def make(told):
    return of(int(told["trace_id"], 16), int(told["span_id"], 16), told["sampling"] != "deny")


def of(trace_id, span_id, sampled):
    return SpanContext(
        trace_id=trace_id, span_id=span_id, is_remote=True, level=int(sampled), long_trace_id=f"{trace_id:032x}"
    )


def tell(context):
    trace_id = int(context.long_trace_id, 16) if context.long_trace_id else context.trace_id
    return {
        "trace_id": f"{trace_id:032x}",
        "span_id": f"{context.span_id:016x}",
        "sampling": "accept" if context.level else "deny",
    }


def inject(_format, context):
    headers = []
    KafkaPropagator().inject(context, headers, disable_w3c_trace_context=True)
    return headers


def extract(_format, headers):
    context = KafkaPropagator().extract(headers, disable_w3c_trace_context=True)
    found = context and trace.get_current_span(context).get_span_context()
    return found if found and found.trace_id and found.span_id else None


def child(context):
    told = tell(context)
    return of(int(told["trace_id"], 16), generate_id(), told["sampling"] == "accept")
