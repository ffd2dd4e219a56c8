"""What a service sees of the two functions, on good days and bad ones."""

import logging
import threading

import pytest
from opentelemetry import baggage, context, propagate, trace
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.propagators.textmap import TextMapPropagator
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from tracebaton.kafka_tracing import QueueTime, extract_trace_context, inject_trace_context, queue_time

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
SPAN = SpanContext(0x0AF7651916CD43DD8448EB211C80319C, 0xB7AD6B7169203331, False, TraceFlags(1))
CURRENT = trace.set_span_in_context(NonRecordingSpan(SPAN))


def span_of(headers):
    return trace.get_current_span(extract_trace_context(headers)).get_span_context()


@pytest.mark.parametrize(
    "headers",
    [
        [("traceparent", PARENT.encode())],
        (("traceparent", PARENT.encode()),),
        [["traceparent", PARENT.encode()]],
        [("TraceParent", PARENT)],
        [(b"traceparent", bytearray(PARENT.encode()))],
        {"traceparent": PARENT.encode()},
        iter([("traceparent", PARENT.encode())]),
        [("traceparent", b"00-none"), ("traceparent", PARENT.encode()), ("traceparent", None)],
        [("id", b"\xff\x00"), ("\ud800", b""), (b"\xff", b""), ("key", 7), "traceparent", (), None, ("traceparent", PARENT)],
    ],
)
def test_whatever_a_client_gives_is_read(headers):
    span = span_of(headers)
    assert (span.trace_id, span.is_remote) == (SPAN.trace_id, True)


@pytest.mark.parametrize("headers", [None, [], (), {}, [("traceparent", None)], [("traceparent", b"\xff")], [("traceparent",)]])
def test_nothing_is_an_empty_context(headers):
    token = context.attach(CURRENT)
    try:
        assert extract_trace_context(headers) == {}
    finally:
        context.detach(token)


def test_a_refused_header_is_told_without_its_value(caplog):
    with caplog.at_level(logging.DEBUG):
        assert not span_of([("traceparent", PARENT.upper().encode())]).is_valid
    assert caplog.messages == ["header traceparent is refused: trace_id at byte 4"]


def test_the_list_is_changed_and_returned():
    headers = [("Traceparent", b"00-stale"), ("key", None), ("baggage", b"tenant=7")]
    assert inject_trace_context(headers, CURRENT) is headers
    assert headers == [("key", None), ("traceparent", PARENT.encode())]


@pytest.mark.parametrize("headers", [None, (), {}])
def test_without_a_list_there_is_a_new_one(headers):
    assert inject_trace_context(headers, CURRENT) == [("traceparent", PARENT.encode())]


def test_the_current_context_is_the_default():
    token = context.attach(CURRENT)
    try:
        assert inject_trace_context() == [("traceparent", PARENT.encode())]
    finally:
        context.detach(token)


def test_without_a_span_a_trace_is_kept():
    headers = [("traceparent", PARENT.encode()), ("baggage", b"tenant=7")]
    assert inject_trace_context(list(headers), context.Context()) == headers


BAGGAGE = b"user=Am%C3%A9lie;ttl=30 , region=eu"


@pytest.mark.parametrize(
    "change, written",
    [
        (lambda it: it, BAGGAGE),
        (lambda it: baggage.set_baggage("region", "us", it), b"user=Am%C3%A9lie;ttl=30,region=us"),
        (lambda it: baggage.set_baggage("new", 7, it), b"user=Am%C3%A9lie;ttl=30,region=eu,new=7"),
        (lambda it: baggage.remove_baggage("user", it), b"region=eu"),
        (lambda it: baggage.set_baggage("a b", "1", it), b"user=Am%C3%A9lie;ttl=30,region=eu"),
        (lambda it: baggage.set_baggage("user", "x" * 9000, it), b"region=eu"),
        (lambda it: baggage.set_baggage("user", "\ud800", it), b"region=eu"),
    ],
)
def test_members_that_were_not_changed_keep_their_bytes(change, written):
    received = extract_trace_context([("baggage", BAGGAGE)])
    assert inject_trace_context(context=change(received)) == [("baggage", written)]


def test_a_member_that_cannot_be_written_is_told(caplog):
    assert inject_trace_context(context=baggage.set_baggage("a b", "secret")) == []
    assert caplog.messages == ["baggage: members left out because a key is no token or the list is too long: 1"]


def test_a_tracestate_is_sent_on_byte_for_byte():
    headers = [("traceparent", PARENT.encode()), ("tracestate", b"congo=1 ,\trojo=2,")]
    received = extract_trace_context(headers)
    assert inject_trace_context(context=received) == headers
    state = trace.get_current_span(received).get_span_context().trace_state
    assert state.update("rojo", "3").to_header() == "rojo=3,congo=1"


class Other(TextMapPropagator):
    """Another format, in a header of its own."""

    fields = {"x-other"}

    def extract(self, carrier, context=None, getter=None):
        values = getter.get(carrier, "x-other")
        return baggage.set_baggage("other", values[0], context) if values else context

    def inject(self, carrier, context=None, setter=None):
        setter.set(carrier, "x-other", "1")


class Broken(TextMapPropagator):
    fields = set()

    def extract(self, carrier, context=None, getter=None):
        raise ValueError(getter.keys(carrier))

    def inject(self, carrier, context=None, setter=None):
        raise ValueError


HEADERS = [("traceparent", PARENT.encode()), ("baggage", b"tenant=7"), ("X-Other", b"2"), ("x-other", b"\xff")]


@pytest.mark.parametrize(
    "propagator, has_parent, members, written",
    [
        (TraceContextTextMapPropagator(), True, {}, ["baggage", "X-Other", "x-other", "traceparent"]),
        (W3CBaggagePropagator(), False, {"tenant": "7"}, ["traceparent", "X-Other", "x-other", "baggage"]),
        (CompositePropagator([]), False, {}, ["traceparent", "baggage", "X-Other", "x-other"]),
        (Other(), False, {"other": "2"}, ["traceparent", "baggage", "x-other"]),
        (
            CompositePropagator([Broken(), W3CBaggagePropagator(), Other(), TraceContextTextMapPropagator()]),
            True,
            {"tenant": "7", "other": "2"},
            ["traceparent", "baggage", "x-other"],
        ),
    ],
)
def test_the_global_propagator_decides(global_propagator, propagator, has_parent, members, written):
    global_propagator(propagator)
    received = extract_trace_context(HEADERS)
    assert trace.get_current_span(received).get_span_context().is_valid == has_parent
    assert baggage.get_all(received) == members
    assert [name for name, _ in inject_trace_context(list(HEADERS), received)] == written


def test_it_agrees_with_the_propagator_where_both_write():
    current = baggage.set_baggage("user", "Amélie, 100%", CURRENT)
    ours = dict(inject_trace_context(context=current))
    theirs = {}
    propagate.inject(theirs, current)
    assert ours["traceparent"].decode() == theirs["traceparent"]
    read = [propagate.extract({k: v.decode() for k, v in ours.items()}), extract_trace_context(list(theirs.items()))]
    assert [dict(baggage.get_all(it)) for it in read[:1]] == [{"user": "Amélie, 100%"}]
    assert trace.get_current_span(read[1]).get_span_context() == trace.get_current_span(read[0]).get_span_context()


class Confluent:
    def __init__(self, kind, milliseconds):
        self.timestamp = lambda: (kind, milliseconds)


class AioKafka:
    def __init__(self, timestamp, timestamp_type):
        self.timestamp, self.timestamp_type = timestamp, timestamp_type


@pytest.mark.parametrize(
    "message, waited",
    [
        (Confluent(1, 1_000), QueueTime(250, "create_time")),
        (Confluent(2, 2_000), QueueTime(-750, "log_append_time")),
        (Confluent(0, 0), None),
        (Confluent(0, -1), None),
        (AioKafka(1_000, 0), QueueTime(250, "create_time")),
        (AioKafka(1_000, 1), QueueTime(250, "log_append_time")),
        (AioKafka(-1, 0), None),
        (AioKafka(None, None), None),
    ],
)
def test_queue_time(message, waited):
    assert queue_time(message, now=1_250) == waited


def test_threads_never_mix_contexts():
    failures = []

    def work(thread):
        for number in range(1, 500):
            trace_id = thread << 64 | number
            headers = [("traceparent", f"00-{trace_id:032x}-{number:016x}-01".encode()), ("baggage", b"t=%d" % thread)]
            after = inject_trace_context(list(headers), extract_trace_context(headers))
            if after != headers:
                failures.append(after)

    threads = [threading.Thread(target=work, args=(thread,)) for thread in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
