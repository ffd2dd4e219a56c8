"""Elastic's agent, whose Kafka instrumentation writes the binary header and reads it."""

import os

from elasticapm.conf.constants import TRACEPARENT_BINARY_HEADER_NAME
from elasticapm.utils.disttracing import TraceParent, TracingOptions

LIBRARIES = ("elastic-apm",)


def make(told):
    options = TracingOptions(recorded=told["sampling"] == "accept")
    return TraceParent(0, told["trace_id"], told["span_id"], options)


def tell(context):
    recorded = context.trace_options.recorded
    return {
        "trace_id": context.trace_id,
        "span_id": context.span_id,
        "sampling": "accept" if recorded else "deny",
    }


def inject(format, context):
    if format == "elastic":
        return [(TRACEPARENT_BINARY_HEADER_NAME, context.to_binary())]
    return [("traceparent", context.to_string().encode())]


def extract(format, headers):
    if format == "elastic":
        found = [value for name, value in headers if name == TRACEPARENT_BINARY_HEADER_NAME]
        return TraceParent.from_binary(found[-1]) if found else None
    found = [value.decode() for name, value in headers if name == "traceparent"]
    return TraceParent.from_string(found[-1]) if found else None


def child(context):
    return context.copy_from(span_id=os.urandom(8).hex())
