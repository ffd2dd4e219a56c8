"""OpenTelemetry's propagators, over the carrier of its Kafka instrumentations: a dictionary of text."""

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.propagators.aws import AwsXRayPropagator
from opentelemetry.propagators.b3 import B3MultiFormat, B3SingleFormat
from opentelemetry.propagators.jaeger import JaegerPropagator
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, ParentBased
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

LIBRARIES = (
    "opentelemetry-propagator-b3",
    "opentelemetry-propagator-jaeger",
    "opentelemetry-propagator-aws-xray",
    "opentelemetry-sdk",
)
PROPAGATORS = {
    "b3": B3SingleFormat(),
    "b3multi": B3MultiFormat(),
    "jaeger": JaegerPropagator(),
    "xray": AwsXRayPropagator(),
}
TRACER = TracerProvider(sampler=ParentBased(ALWAYS_ON)).get_tracer("formats")


def make(told):
    """A span context has one bit for the decision."""
    flags = TraceFlags(told["sampling"] in ("accept", "debug"))
    span = SpanContext(int(told["trace_id"], 16), int(told["span_id"], 16), is_remote=True, trace_flags=flags)
    return trace.set_span_in_context(NonRecordingSpan(span), Context())


def tell(context):
    span = trace.get_current_span(context).get_span_context()
    return {
        "trace_id": f"{span.trace_id:032x}",
        "span_id": f"{span.span_id:016x}",
        "sampling": "accept" if span.trace_flags.sampled else "deny",
    }


def inject(format, context):
    carrier = {}
    PROPAGATORS[format].inject(carrier, context)
    return [(name, value.encode()) for name, value in carrier.items()]


def extract(format, headers):
    carrier = {name: value.decode() for name, value in headers if value is not None}
    context = PROPAGATORS[format].extract(carrier, Context())
    return context if trace.get_current_span(context).get_span_context().is_valid else None


def child(context):
    with TRACER.start_as_current_span("process", context) as span:
        return trace.set_span_in_context(span, context)
