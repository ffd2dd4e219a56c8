"""aiokafka with tracebaton: the service of the module kafka_tracing.py, whose calls are unchanged."""

import contextlib
import sys
from importlib.metadata import version

from opentelemetry import context
from tracebaton import kafka_tracing

sys.modules["kafka_tracing"] = kafka_tracing

import over_aiokafka  # noqa: E402 (after the module that it calls)
import protocol  # noqa: E402


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
