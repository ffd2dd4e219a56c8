"""The module of two functions that many Python services have around OpenTelemetry's global propagator."""

from opentelemetry import propagate


def inject_trace_context(headers):
    """Appends the current context to a list of (name, value)."""
    carrier = {}
    propagate.inject(carrier)
    for name, value in carrier.items():
        headers.append((name, value.encode("utf-8")))


def extract_trace_context(headers):
    """The context that a list of (name, value) carries."""
    carrier = {name: value.decode("utf-8") for name, value in headers}
    return propagate.extract(carrier)
