#!/usr/bin/env python3
"""OpenTelemetry for Python: its W3C propagators and its TraceState."""

import logging

from opentelemetry import baggage, trace
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.context import Context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.trace.span import TraceState
from peer import absent, baggage_of, members_of, parent_of, serve

logging.disable(logging.CRITICAL)


def read(carrier):
    context = W3CBaggagePropagator().extract(carrier, TraceContextTextMapPropagator().extract(carrier, Context()))
    span = trace.get_current_span(context).get_span_context()
    parent = parent_of(f"{span.trace_id:032x}", f"{span.span_id:016x}", int(span.trace_flags)) if span.is_valid else absent()
    entries = baggage.get_all(context)
    return {
        "traceparent": parent,
        "tracestate": members_of(span.trace_state.items()) if span.is_valid else absent(),
        "baggage": baggage_of((key, str(value), []) for key, value in entries.items()),
    }


def state(list_):
    return TraceState.from_header([list_])


def insert(list_, key, value):
    before = state(list_)
    return (before.update if key in before else before.add)(key, value).to_header()


def baggage_context(list_):
    return W3CBaggagePropagator().extract({"baggage": list_}, Context())


def write(context):
    carrier = {}
    W3CBaggagePropagator().inject(carrier, context)
    return carrier.get("baggage", "")


serve(
    read,
    {
        "tracestate_get": lambda list_, key: state(list_).get(key),
        "tracestate_insert": insert,
        "tracestate_delete": lambda list_, key: state(list_).delete(key).to_header(),
        "baggage_get": lambda list_, key: baggage.get_baggage(key, baggage_context(list_)),
        "baggage_set": lambda list_, key, value: write(baggage.set_baggage(key, value, baggage_context(list_))),
        "baggage_remove": lambda list_, key: write(baggage.remove_baggage(key, baggage_context(list_))),
    },
)
