"""aiokafka with tracebaton: the service of the module kafka_tracing.py, whose calls are unchanged."""

import contextlib
import sys
from importlib.metadata import version
from urllib.parse import quote

from opentelemetry import context, trace
from tracebaton import kafka_tracing

sys.modules["kafka_tracing"] = kafka_tracing

import contexts  # noqa: E402 (after the module that they call)
import over_aiokafka  # noqa: E402
import protocol  # noqa: E402


BAGGAGE_OCTETS = "!#$&'()*-./:<=>?@[]^_`{|}~"
"""What tracebaton writes unencoded in a value, beside letters and digits."""


def to_opentelemetry(told, of=contexts.to_opentelemetry):
    """With the properties of baggage, which OpenTelemetry for Python has no type for: as if they had been received."""
    values = [(it["key"], quote(it["value"], safe=BAGGAGE_OCTETS), it["metadata"]) for it in told["baggage"]]
    members = (f"{key}={value}" + (metadata and f";{metadata}") for key, value, metadata in values)
    received = kafka_tracing.extract_trace_context([("baggage", ",".join(members))])
    return trace.set_span_in_context(trace.get_current_span(of(told)), received)


def of_context(received, of=contexts.of_context):
    """With the properties that are forwarded."""
    told = of(received)
    forwarded = dict(kafka_tracing.inject_trace_context([], received)).get("baggage", b"").decode()
    properties = {}
    for member in forwarded.split(","):
        pair, *rest = member.split(";")
        properties[pair.partition("=")[0].strip()] = ";".join(part.strip() for part in rest)
    for member in told["baggage"]:
        member["metadata"] = properties[member["key"]]
    return told


contexts.to_opentelemetry = to_opentelemetry
contexts.of_context = of_context


class Program(over_aiokafka.Program):
    @contextlib.contextmanager
    def _processing(self, record, received):
        """In the received context as a whole, so that its baggage is forwarded."""
        token = context.attach(received)
        try:
            with super()._processing(record, received) as span:
                yield span
        finally:
            context.detach(token)


libraries = {name: version(name) for name in ("tracebaton", "aiokafka", "opentelemetry-api")}
protocol.serve("Python", libraries, Program(*protocol.arguments()))
