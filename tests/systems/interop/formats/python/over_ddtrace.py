"""Datadog's tracer, whose Kafka integration hands the headers to these two functions."""

import os

os.environ.update(
    DD_INSTRUMENTATION_TELEMETRY_ENABLED="false",
    DD_REMOTE_CONFIGURATION_ENABLED="false",
    DD_TRACE_STARTUP_LOGS="false",
    DD_TRACE_REPORT_HOSTNAME="false",
)

from ddtrace._trace.context import Context  # noqa: E402
from ddtrace.internal.settings._config import config  # noqa: E402
from ddtrace.propagation.http import HTTPPropagator  # noqa: E402
from ddtrace.trace import tracer  # noqa: E402

LIBRARIES = ("ddtrace",)
STYLES = {"b3": "b3", "b3multi": "b3multi", "datadog": "datadog", "tracecontext": "tracecontext"}
PRIORITIES = {"accept": 1, "deny": 0, "defer": None, "debug": 2}


def make(told):
    priority = PRIORITIES[told["sampling"]]
    return Context(int(told["trace_id"], 16), int(told["span_id"], 16), sampling_priority=priority)


def tell(context):
    names = {priority: name for name, priority in PRIORITIES.items()}
    return {
        "trace_id": f"{context.trace_id:032x}",
        "span_id": f"{context.span_id:016x}",
        "sampling": names[context.sampling_priority],
    }


def inject(format, context):
    config._propagation_style_inject = [STYLES[format]]
    headers = {}
    HTTPPropagator.inject(context, headers)
    return [(name, value.encode()) for name, value in headers.items()]


def extract(format, headers):
    config._propagation_style_extract = [STYLES[format]]
    context = HTTPPropagator.extract(dict(headers))
    return context if context.trace_id and context.span_id else None


def child(context):
    with tracer.start_span("process", child_of=context) as span:
        return span.context
