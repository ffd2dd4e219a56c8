'use strict';

// Contexts of OpenTelemetry, made from the wire's and written as those.

const {
  ROOT_CONTEXT,
  baggageEntryMetadataFromString,
  createTraceState,
  isSpanContextValid,
  propagation,
  trace,
} = require('@opentelemetry/api');

// A remote parent and a baggage.
function make(wire) {
  let made = ROOT_CONTEXT;
  if (wire.trace_id !== null) {
    made = trace.setSpanContext(made, {
      traceId: wire.trace_id,
      spanId: wire.span_id,
      traceFlags: parseInt(wire.trace_flags, 16),
      traceState: wire.tracestate ? createTraceState(wire.tracestate) : undefined,
      isRemote: true,
    });
  }
  const entries = wire.baggage.map(({ key, value, metadata }) => [
    key,
    metadata ? { value, metadata: baggageEntryMetadataFromString(metadata) } : { value },
  ]);
  return propagation.setBaggage(made, propagation.createBaggage(Object.fromEntries(entries)));
}

function write(spanContext, baggage) {
  const members = (baggage?.getAllEntries() ?? []).map(([key, { value, metadata }]) => ({
    key,
    value,
    metadata: metadata?.toString() ?? '',
  }));
  if (!spanContext || !isSpanContextValid(spanContext)) {
    return { trace_id: null, span_id: null, trace_flags: null, tracestate: '', baggage: members };
  }
  return {
    trace_id: spanContext.traceId,
    span_id: spanContext.spanId,
    trace_flags: spanContext.traceFlags.toString(16).padStart(2, '0'),
    tracestate: spanContext.traceState?.serialize() ?? '',
    baggage: members,
  };
}

module.exports = { make, write };
