import unittest

from opentelemetry import context, trace

import contexts
import headers
from kafka_tracing import extract_trace_context, inject_trace_context

CONTEXT = {
    "trace_id": "0af7651916cd43dd8448eb211c80319c",
    "span_id": "b7ad6b7169203331",
    "trace_flags": "03",
    "tracestate": "rojo=1,congo=2",
    "baggage": [{"key": "user", "value": "Amélie, a=b;c%", "metadata": "ttl=30;tier"}],
}
NOTHING = {"trace_id": None, "span_id": None, "trace_flags": None, "tracestate": "", "baggage": []}


def without_metadata(told):
    return told | {"baggage": [member | {"metadata": ""} for member in told["baggage"]]}


class OpenTelemetry(unittest.TestCase):
    def test_all_but_metadata_comes_back(self):
        self.assertEqual(contexts.of_context(contexts.to_opentelemetry(CONTEXT)), without_metadata(CONTEXT))
        self.assertEqual(contexts.of_context(contexts.to_opentelemetry(NOTHING)), NOTHING)

    def test_a_parent_is_remote(self):
        parent = trace.get_current_span(contexts.to_opentelemetry(CONTEXT)).get_span_context()
        self.assertTrue(parent.is_remote)

    def test_the_module_carries_a_context(self):
        token = context.attach(contexts.to_opentelemetry(CONTEXT))
        carried = [("traceparent", b"stale")]
        inject_trace_context(carried)
        context.detach(token)
        self.assertEqual(
            [name for name, _ in carried], ["traceparent", "traceparent", "tracestate", "baggage"]
        )
        self.assertEqual(contexts.of_context(extract_trace_context(carried)), without_metadata(CONTEXT))

    def test_relations(self):
        received = trace.get_current_span(contexts.to_opentelemetry(CONTEXT)).get_span_context()
        self.assertEqual(contexts.relation(received, trace.NonRecordingSpan(received)), "parent")
        self.assertEqual(contexts.relation(received, trace.INVALID_SPAN), "none")
        self.assertEqual(contexts.relation(trace.INVALID_SPAN_CONTEXT, trace.INVALID_SPAN), "none")


class Headers(unittest.TestCase):
    def test_all_comes_back(self):
        self.assertEqual(headers.to_context(headers.of_context(CONTEXT)), CONTEXT)
        self.assertEqual(headers.to_context(headers.of_context(NOTHING)), NOTHING)

    def test_the_last_of_a_name_counts(self):
        stale = [("traceparent", "00-" + "1" * 32 + "-" + "2" * 16 + "-00"), ("baggage", "a=b")]
        self.assertEqual(headers.to_context(stale + headers.of_context(CONTEXT)), CONTEXT)

    def test_baggage_as_others_write_it(self):
        told = headers.to_context([("baggage", "a = Am%C3%A9lie ; p = 1 ; q , b=c+d")])["baggage"]
        expected = [("a", "Amélie", "p = 1 ; q"), ("b", "c+d", "")]
        self.assertEqual([(it["key"], it["value"], it["metadata"]) for it in told], expected)
