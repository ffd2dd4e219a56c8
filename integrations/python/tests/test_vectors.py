"""Every row of the conformance vectors that reads headers."""

import json

from conftest import VECTORS, in_bytes, record, rows

import pytest
from opentelemetry import baggage, trace
from opentelemetry.trace import NonRecordingSpan, SpanContext

from tracebaton import _native
from tracebaton.kafka_tracing import extract_trace_context, inject_trace_context

ROWS = list(rows())
JOINED = json.loads((VECTORS / "joined.json").read_text())["rows"]


def test_there_are_rows():
    assert len(ROWS) > 500


@pytest.mark.parametrize("row", [row for row, _ in ROWS], ids=lambda row: row["id"])
def test_what_is_read(row):
    reads_as_expected(_native.extract(record(row["headers"])), row["expect"])


@pytest.mark.parametrize("row", JOINED, ids=lambda row: row["id"])
def test_what_is_read_of_lists_that_are_joined(row):
    headers = record(row["operation"]["headers"])
    reads_as_expected(_native.extract(headers, join_lists=True), row["expect"])
    members = _native.extract(headers, join_lists=True)[1]
    assert baggage.get_all(extract_trace_context(headers, join_lists=True)) == members


def reads_as_expected(carried, expected):
    span, members, _, refused = carried
    told = {name: {"rule": rule, "offset": offset} for name, rule, offset in refused}
    for name in ("traceparent", "tracestate", "baggage"):
        verdict = expected.get(name, {})
        if "verdict" in verdict:
            assert (name in told) == (verdict["verdict"] == "refused")
        if name in told:
            assert told[name] == {key: verdict.get(key, value) for key, value in told[name].items()}
    if expected.get("traceparent", {}).get("verdict") in ("refused", "absent"):
        assert span is None
    assert same_span(span, expected.get("traceparent", {}))
    if span and "members" in expected.get("tracestate", {}):
        assert span[4] == pairs(expected["tracestate"])
    if "members" in expected.get("baggage", {}):
        assert members == dict(pairs(expected["baggage"]))


def same_span(span, expected):
    told = span and {"trace_id": f"{span[0]:032x}", "span_id": f"{span[1]:016x}", "flags": f"{span[2]:02x}"}
    return all(told[name] == expected[name] for name in ("trace_id", "span_id", "flags") if name in expected)


def pairs(verdict):
    return [(in_bytes(it["key"]).decode(), in_bytes(it["value"]).decode()) for it in verdict["members"]]


@pytest.mark.parametrize("row, span_id", ROWS, ids=lambda it: it["id"] if isinstance(it, dict) else "")
def test_what_a_child_writes(row, span_id):
    """Through OpenTelemetry's types: the child of the received span, injected into the record that came."""
    if "child" not in row["expect"]:
        return
    headers = record(row["headers"])
    context = extract_trace_context(headers)
    parent = trace.get_current_span(context).get_span_context()
    if row["expect"]["child"] is None:
        assert not parent.is_valid
        return
    child = SpanContext(parent.trace_id, int(span_id, 16), False, parent.trace_flags, parent.trace_state)
    context = trace.set_span_in_context(NonRecordingSpan(child), context)
    assert inject_trace_context(headers, context) == record(row["expect"]["child"])


def test_a_dictionary_of_baggage_has_the_last_of_a_name():
    context = extract_trace_context([("baggage", b"k=1,k=2")])
    assert baggage.get_baggage("k", context) == "2"
