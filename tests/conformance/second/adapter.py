#!/usr/bin/env python3
"""The second implementation as a program for the kit: every row about W3C's headers."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from adapters.texts import bytes_of, headers_of, text_of

from second import trace_context as codec


def verdict(of):
    found = {"verdict": of.kind, "index": of.index, "rule": of.rule, "offset": of.offset}
    return {name: value for name, value in found.items() if value is not None}


def pair(key, value):
    return {"key": text_of(key)} if value is None else {"key": text_of(key), "value": text_of(value)}


def listed(headers):
    return [[text_of(name), text_of(value)] for name, value in headers]


def read(headers, joined=False):
    """The verdicts, and the headers of a forward."""
    context = codec.extract(headers, joined)
    parent, state, baggage = map(verdict, (context.traceparent, context.tracestate, context.baggage))
    if context.span:
        span = context.span
        parent.update(version=span.version, trace_id=span.trace_id.decode(), span_id=span.span_id.decode())
        parent.update(flags=f"{span.flags:02x}", sampled=span.sampled, random=span.random)
    if context.tracestate.accepted:
        state["members"] = [pair(key, value) for key, value, _ in codec.tracestate_members(context.tracestate.value)]
    if context.baggage.accepted:
        members, baggage["skipped"] = codec.baggage_read(context.baggage.value)
        baggage["members"] = [
            {**pair(key, value.encode()), "properties": [pair(k, v and v.encode()) for k, v in properties]}
            for key, value, properties in members
        ]
    forwarded = list(headers)
    codec.forward(context, forwarded)
    return context, {"traceparent": parent, "tracestate": state, "baggage": baggage, "forward": listed(forwarded)}


def of_headers(headers, span_id):
    context, answer = read(headers)
    child, after = codec.child(context, span_id), list(headers)
    if child:
        codec.inject(child, after)
    return {**answer, "child": listed(after) if child else None}


def context_of(values):
    return codec.extract([(name.encode(), bytes_of(value)) for name, value in values.items()])


def span(context):
    if context is None:
        return None
    state = context.tracestate.value if codec.has_members(context.tracestate) else b""
    return {"traceparent": context.span.write().decode(), "tracestate": text_of(state)}


def step(of):
    ((kind, entry),) = of.items()
    return kind, bytes_of(entry["key"]), bytes_of(entry.get("value"))


def change(operation):
    name = operation["name"]
    texts = {key: bytes_of(operation[key]) for key in ("tracestate", "baggage", "key", "value") if key in operation}
    limits = {key: operation[key] for key in ("limit", "buffer") if key in operation}
    if name == "tracestate_insert":
        return text_of(codec.tracestate_insert(texts["tracestate"], texts["key"], texts["value"], **limits))
    if name == "baggage_build":
        return text_of(codec.baggage_build(map(step, operation["steps"]), **limits))
    if name == "queue_time":
        found = codec.queue_time(operation["timestamp"], operation["kind"], operation["consumed"])
        return found and {"milliseconds": found[0], "kind": found[1]}
    if name in ("span_context_child", "restart"):
        context = context_of({key: operation[key] for key in ("traceparent", "tracestate") if key in operation})
        if name == "restart":
            ids = [operation["trace_id"].encode(), operation["span_id"].encode()]
            return span(codec.restart(context, *ids, operation["sampled"], operation["random"]))
        return span(codec.child(context, operation["span_id"].encode(), operation.get("sampled")))
    if name == "trust":
        context = codec.extract(headers_of(operation["headers"]))
        parent, link, baggage = codec.trust(context, operation["choice"], operation.get("sampled"))
        kept = baggage.value if codec.has_members(baggage) else b""
        return {"parent": span(parent), "link": span(link), "baggage": text_of(kept)}
    return text_of(getattr(codec, name)(*texts.values(), **limits))


def write(operation):
    """inject and strip: the outcome or the error, and the headers of the record."""
    headers, limits = headers_of(operation["headers"]), {"read_only": operation.get("read_only", False)}
    answer = {}
    try:
        if operation["name"] == "strip":
            codec.strip(headers, **limits)
        else:
            limits.update(carries=operation.get("carries"), keep="existing" in operation, capacity=operation.get("capacity"))
            answer["outcome"] = codec.inject(context_of(operation["context"]), headers, **limits)
    except codec.CarrierError as error:
        answer["error"] = str(error)
    return {**answer, "value": listed(headers)}


def answer(row):
    if "headers" in row:
        return of_headers(headers_of(row["headers"]), row["span_id"].encode())
    operation = row["operation"]
    name = operation["name"]
    is_of_w3c = name == "strip" and operation.get("formats") == ["tracecontext", "baggage"]
    if name in ("choose", "format_of", "inject_formats", "raw_headers") or name == "strip" and not is_of_w3c:
        return {"skip": "other formats"}
    if name == "extract_joined":
        return read(headers_of(operation["headers"]), joined=True)[1]
    if name in ("inject", "strip"):
        return write(operation)
    try:
        return {"value": change(operation)}
    except codec.Refused as error:
        answered, list_name = {"error": error.rule}, name.split("_")[0]
        if list_name in operation and not name.endswith("_get"):
            answered["value"] = operation[list_name]
        return answered


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
