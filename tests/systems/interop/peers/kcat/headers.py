"""A context of the protocol as the text of three headers, and back."""

import re
from urllib.parse import quote, unquote

TRACEPARENT = re.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")


def of_context(context):
    """The headers to write: (name, text)."""
    headers = []
    if context["trace_id"] is not None:
        text = "-".join(("00", context["trace_id"], context["span_id"], context["trace_flags"]))
        headers.append(("traceparent", text))
    if context["tracestate"]:
        headers.append(("tracestate", context["tracestate"]))
    if context["baggage"]:
        headers.append(("baggage", ",".join(map(_text, context["baggage"]))))
    return headers


def to_context(headers):
    """What the last header of each name says."""
    last = {name: text for name, text in headers if text is not None}
    parts = TRACEPARENT.fullmatch(last.get("traceparent", ""))
    trace_id, span_id, trace_flags = parts.groups() if parts else (None, None, None)
    return {
        "trace_id": trace_id,
        "span_id": span_id,
        "trace_flags": trace_flags,
        "tracestate": last.get("tracestate", ""),
        "baggage": [_member(text) for text in last.get("baggage", "").split(",") if "=" in text],
    }


def _text(member):
    properties = f";{member['metadata']}" if member["metadata"] else ""
    return f"{member['key']}={quote(member['value'], safe='')}{properties}"


def _member(text):
    pair, _, properties = text.partition(";")
    key, _, value = pair.partition("=")
    return {"key": key.strip(), "value": unquote(value.strip()), "metadata": properties.strip()}
