#!/usr/bin/env python3
"""A minimal adapter: tells the kit what a library reads. Copy it, and replace `read` by calls of yours.

    tests/conformance/run --rows 'traceparent-*' python3 tests/conformance/adapters/minimal.py
"""

import json
import re
import sys

VALID = re.compile(rb"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.S)


def read(value):
    """The library: a traceparent as version, trace id, span id and flags, or None."""
    match = VALID.fullmatch(value)
    if not match or match[1] == b"00" and match[5] is not None:
        return None
    return int(match[1], 16), match[2].decode(), match[3].decode(), int(match[4], 16) & 3


def bytes_of(text):
    return bytes.fromhex(text["hex"]) if isinstance(text, dict) else text.encode()


def answer(row):
    if "headers" not in row:
        return {"skip": "this library only reads"}
    values = [bytes_of(value) for name, value in row["headers"] if value is not None and bytes_of(name).lower() == b"traceparent"]
    if not values:
        return {"traceparent": {"verdict": "absent"}}
    found = read(values[-1])
    if not found:
        return {"traceparent": {"verdict": "refused"}}
    version, trace_id, span_id, flags = found
    parent = {"verdict": "accepted", "version": version, "trace_id": trace_id, "span_id": span_id}
    return {"traceparent": {**parent, "flags": f"{flags:02x}", "sampled": bool(flags & 1), "random": bool(flags & 2)}}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
