"""OpenTelemetry's context in the headers of Kafka records.

The two functions follow OpenTelemetry's global propagator. Its W3C parts, `tracecontext` and `baggage`, are read and
written by tracebaton, which keeps W3C's grammar to the last byte; other parts, such as B3, do their own work.
"""

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from opentelemetry import baggage, propagate, trace
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.context import Context, create_key, get_value, set_value
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.propagators.textmap import TextMapPropagator
from opentelemetry.trace import INVALID_SPAN_CONTEXT, NonRecordingSpan, SpanContext, TraceFlags, TraceState
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from tracebaton import _native
from tracebaton._others import extract_other, inject_other

__all__ = ["QueueTime", "extract_trace_context", "inject_trace_context", "queue_time"]

_logger = logging.getLogger(__name__)
_NOT_AVAILABLE = 0
_RECEIVED_BAGGAGE = create_key("tracebaton-received-baggage")


def inject_trace_context(
    headers: Iterable[Any] | None = None, context: Context | None = None
) -> list[tuple[str, bytes | None]]:
    """Writes the current context, or `context`, into the headers of a record, and returns them.

    A list is changed in place. Without headers, or with a tuple or `None` of a consumer, the result is a new list. The
    context replaces the one that the headers had. Headers of other names keep their order and bytes.

    Never raises for what is in the headers or in the context. A member of the baggage is left out, with a warning in the
    log, if its key is no token of HTTP or if the list would have more than 8192 bytes.

    >>> from opentelemetry import baggage
    >>> inject_trace_context([("baggage", b"tenant=7")], baggage.set_baggage("tenant", "8"))
    [('baggage', b'tenant=8')]
    """
    record = headers if isinstance(headers, list) else _pairs(headers)
    parts = _parts()
    own = [part for part in parts if _is_own(part)]
    if own:
        _inject_own(record, own, context)
    for part in parts:
        if part not in own:
            inject_other(part, record, context)
    return record


def extract_trace_context(headers: Iterable[Any] | None, *, join_lists: bool = False) -> Context:
    """The context that the headers of a record carry: the parent of the consumer's span, and baggage.

    `headers` are those that a client gives: a list or a tuple of `(name, value)`, or `None`. Values may be `None` or
    any bytes. The context is empty if the headers carry none, whatever context is current.

    If a name repeats, the last value counts. `join_lists` joins several `tracestate` or `baggage` headers with commas.
    Only use it for records of a bridge that copies each HTTP field to a header: in others, it restores old values.

    A header that breaks a rule of W3C is left out. The log tells its name, the rule and the offset at level DEBUG.

    >>> from opentelemetry import baggage
    >>> baggage.get_all(extract_trace_context([("baggage", b"user=Am%C3%A9lie"), ("key", None)]))
    mappingproxy({'user': 'Amélie'})
    """
    record = _pairs(headers)
    context = Context()
    extracted = None
    for part in _parts():
        if not _is_own(part):
            context = extract_other(part, record, context)
            continue
        extracted = extracted or _extract_own(record, join_lists)
        context = _with_span(extracted, context) if _is_trace_context(part) else _with_baggage(extracted, context)
    return context


class QueueTime(NamedTuple):
    """How long a record waited in its topic."""

    milliseconds: int
    """If the clock that set the timestamp is ahead of the consumer's, the time is too small, or even negative; if it is
    behind, the time is too large."""
    timestamp_type: str
    """The clock that set the timestamp: `create_time` of the producer, or `log_append_time` of the broker."""


def queue_time(message: Any, now: int | None = None) -> QueueTime | None:
    """How long a record of confluent-kafka, aiokafka or kafka-python waited, until `now` in milliseconds since 1970.

    `None` if the record has no timestamp.
    """
    if callable(message.timestamp):
        kind, timestamp = message.timestamp()
    else:
        timestamp = -1 if message.timestamp is None else message.timestamp
        kind = message.timestamp_type + 1 if timestamp >= 0 else _NOT_AVAILABLE
    now = time.time_ns() // 1_000_000 if now is None else now
    waited = _native.queue_time(timestamp, kind, now)
    return waited and QueueTime(*waited)


def _parts() -> Sequence[TextMapPropagator]:
    """What the global propagator is made of."""
    propagator = propagate.get_global_textmap()
    if isinstance(propagator, CompositePropagator):
        return getattr(propagator, "_propagators", None) or ()
    return [propagator]


def _is_trace_context(part: TextMapPropagator) -> bool:
    return type(part) is TraceContextTextMapPropagator


def _is_own(part: TextMapPropagator) -> bool:
    return _is_trace_context(part) or type(part) is W3CBaggagePropagator


def _inject_own(record: list[Any], own: Sequence[TextMapPropagator], context: Context | None) -> None:
    trace_context = [_is_trace_context(part) for part in own]
    span = trace.get_current_span(context).get_span_context() if any(trace_context) else INVALID_SPAN_CONTEXT
    parent = (span.trace_id, span.span_id, span.trace_flags, span.trace_state.to_header()) if span.is_valid else None
    members = None if all(trace_context) else dict(baggage.get_all(context))
    received = get_value(_RECEIVED_BAGGAGE, context)
    left_out = _native.inject(record, parent, members, received if isinstance(received, bytes) else b"")
    if left_out:
        _logger.warning("baggage: members left out because a key is no token or the list is too long: %d", left_out)


_Extracted: TypeAlias = "tuple[_native.Span | None, dict[str, str], bytes]"


def _extract_own(record: list[Any], join_lists: bool) -> _Extracted:
    span, members, received, refused = _native.extract(record, join_lists)
    for name, rule, offset in refused:
        _logger.debug("header %s is refused: %s at byte %d", name, rule, offset)
    return span, members, received


def _with_span(extracted: _Extracted, context: Context) -> Context:
    if extracted[0] is None:
        return context
    trace_id, span_id, flags, header, members = extracted[0]
    state = _ReceivedTraceState(header, members) if members else TraceState()
    span = SpanContext(trace_id, span_id, True, TraceFlags(flags), state)
    return trace.set_span_in_context(NonRecordingSpan(span), context)


class _ReceivedTraceState(TraceState):
    """A tracestate that is forwarded byte for byte. What changes it makes a `TraceState` of the members."""

    def __init__(self, header: str, members: list[tuple[str, str]]):
        super().__init__(members)
        self._header = header

    def to_header(self) -> str:
        return self._header


def _with_baggage(extracted: _Extracted, context: Context) -> Context:
    _, members, received = extracted
    for key, value in members.items():
        context = baggage.set_baggage(key, value, context)
    return set_value(_RECEIVED_BAGGAGE, received, context) if received else context


def _pairs(headers: Iterable[Any] | None) -> list[Any]:
    return list(headers.items() if isinstance(headers, Mapping) else headers or ())
