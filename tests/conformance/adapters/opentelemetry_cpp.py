#!/usr/bin/env python3
"""OpenTelemetry for C++: its propagators, TraceState and Baggage, in the library that `install cpp` compiles.

    python3 opentelemetry_cpp.py target/kit/opentelemetry-cpp.so
"""

import ctypes
import sys

from peer import absent, baggage_of, carrier_of, members_of, parent_of, serve
from texts import bytes_of, text_of

SINK = ctypes.CFUNCTYPE(None, ctypes.c_char_p, *[ctypes.POINTER(ctypes.c_char), ctypes.c_size_t] * 2)
FORMATS = {"tracecontext", "b3", "b3multi", "jaeger"}
WRITTEN = {"name", "context", "formats", "headers"}
library = ctypes.CDLL(sys.argv[1])


class Text(ctypes.Structure):
    _fields_ = [("bytes", ctypes.c_char_p), ("size", ctypes.c_size_t)]

    def __init__(self, text):
        super().__init__(bytes_of(text), len(bytes_of(text)))


class Header(ctypes.Structure):
    _fields_ = [("name", Text), ("value", Text)]


def call(function, *arguments):
    """The parts that a function of the library gives, in their order: what each is, its key and its value."""
    parts = []

    def take(part, key, key_size, value, value_size):
        texts = ctypes.string_at(key, key_size), ctypes.string_at(value, value_size)
        parts.append((part.decode(), *map(text_of, texts)))

    getattr(library, function)(*arguments, SINK(take))
    return parts


def headers_of(carrier):
    headers = (Header * len(carrier))(*(Header(Text(name), Text(value)) for name, value in carrier.items()))
    return headers, ctypes.c_size_t(len(carrier))


def span_of(format_, carrier):
    """The span as trace_id, span_id and flags, empty if there is none, and the members of its tracestate."""
    parts = call("read_span", format_.encode(), *headers_of(carrier))
    span = {part: value for part, _, value in parts if part != "tracestate"}
    return span, [(key, value) for part, key, value in parts if part == "tracestate"]


def read(carrier):
    span, members = span_of("tracecontext", carrier)
    entries = call("read_baggage", *headers_of(carrier))
    return {
        "traceparent": parent_of(span["trace_id"], span["span_id"], int(span["flags"], 16)) if span else absent(),
        "tracestate": members_of(members) if span else absent(),
        "baggage": baggage_of((key, value, []) for _, key, value in entries),
    }


def choose(operation):
    """A span in one format: there is one or not, and it is sampled or not."""
    carrier, formats = carrier_of(operation["headers"]), operation["formats"]
    if len(formats) != 1 or formats[0] not in FORMATS:
        return {"skip": "no such function"}
    if carrier is None or len({name.lower() for name in carrier}) < len(carrier):
        return {"skip": "about the carrier"}
    span, _ = span_of(formats[0], carrier)
    if not span:
        return {"value": {"arrived_as": None, "trace_id": None, "span_id": None, "sampling": None}}
    sampling = "accept" if int(span["flags"], 16) & 1 else "deny"
    ids = {"trace_id": span["trace_id"], "span_id": span["span_id"]}
    return {"value": {"arrived_as": formats[0], **ids, "sampling": sampling}}


def written(operation):
    """What the propagators write to a record without headers; a second value of a name replaces the first."""
    formats = operation["formats"]
    if operation["headers"] or not set(formats) <= {*FORMATS, "baggage"} or operation.keys() - WRITTEN:
        return {"skip": "no such function"}
    context = headers_of(operation["context"])
    parts = [part for format_ in formats for part in call("write", format_.encode(), *context)]
    return {"value": list({name: [name, value] for _, name, value in parts}.values())}


def change(function):
    def changed(list_, key, value=""):
        return next((value for _, _, value in call(function, Text(list_), Text(key), Text(value))), None)

    return changed


CHANGES = ["tracestate_get", "tracestate_insert", "tracestate_delete", "baggage_get", "baggage_set", "baggage_remove"]
serve(read, {name: change(name) for name in CHANGES}, {"choose": choose, "inject_formats": written})
