"""Runs a library that knows text maps instead of record headers: it gets the last value of each name, as text.

Rows that are about the carrier (other letter case, several headers of a name, null, bytes that are not text) are skipped,
since a carrier decides them and not the library.
"""

import json
import sys

from texts import bytes_of, text_of

NAMES = ("traceparent", "tracestate", "baggage")


def carrier_of(headers):
    """The headers as a text map, or None if the carrier decides how to read them."""
    carrier = {}
    for name, value in headers:
        if not isinstance(name, str) or not isinstance(value, str) or name in carrier:
            return None
        if name.lower() in NAMES and name not in NAMES:
            return None
        carrier[name] = value
    return carrier


def absent():
    return {"verdict": "absent"}


def parent_of(trace_id, span_id, flags):
    found = {"verdict": "accepted", "trace_id": trace_id, "span_id": span_id, "flags": f"{flags:02x}"}
    return {**found, "sampled": bool(flags & 1), "random": bool(flags & 2)}


def members_of(pairs):
    return {"verdict": "accepted", "members": [{"key": key, "value": value} for key, value in pairs]}


def baggage_of(members):
    listed = [{"key": key, "value": value, "properties": properties} for key, value, properties in members]
    return {"verdict": "accepted", "members": listed}


def answer(row, read, operations, on_records):
    if "headers" in row:
        carrier = carrier_of(row["headers"])
        return {"skip": "about the carrier"} if carrier is None else read(carrier)
    operation = row["operation"]
    if operation["name"] in on_records:
        return on_records[operation["name"]](operation)
    call = operations.get(operation["name"])
    if not call or "buffer" in operation:
        return {"skip": "no such function"}
    texts = [operation[name] for name in ("tracestate", "baggage", "key", "value") if name in operation]
    if not all(isinstance(text, str) for text in texts):
        return {"skip": "not text"}
    return {"value": text_of(call(*texts))}


def serve(read, operations, on_records=None):
    """`operations` take the texts of an operation. `on_records` take the whole operation, and return the whole answer."""
    for line in sys.stdin:
        try:
            answered = answer(json.loads(line), read, operations, on_records or {})
        except Exception as error:  # noqa: BLE001 an exception is the outcome of the library
            answered = {"error": type(error).__name__}
        print(json.dumps(answered), flush=True)
