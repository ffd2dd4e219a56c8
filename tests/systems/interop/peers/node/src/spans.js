'use strict';

// What the spans of the instrumentation say.

const { SpanKind, trace } = require('@opentelemetry/api');

const QUEUE_TIME = 'messaging.kafka.queue_time_ms';
const TIMESTAMP_TYPE = 'messaging.kafka.timestamp_type';

// Says in the record's span how long it waited.
function waited(timestamp, timestampType) {
  const span = trace.getActiveSpan();
  span?.setAttribute(QUEUE_TIME, Date.now() - Number(timestamp));
  if (timestampType) {
    span?.setAttribute(TIMESTAMP_TYPE, timestampType);
  }
}

// What the received span is to the current one. A span that is not sampled can only be asked for its trace.
function relation(received) {
  const span = trace.getActiveSpan();
  if (!span || !received) {
    return 'none';
  }
  if (!span.isRecording()) {
    return span.spanContext().traceId === received.traceId ? 'parent' : 'none';
  }
  const same = other => other?.traceId === received.traceId && other.spanId === received.spanId;
  if (same(span.parentSpanContext)) {
    return 'parent';
  }
  return span.links.some(link => same(link.context)) ? 'link' : 'none';
}

function write(span) {
  return {
    trace_id: span.spanContext().traceId,
    span_id: span.spanContext().spanId,
    parent: span.parentSpanContext?.spanId ?? null,
    links: span.links.map(({ context }) => ({ trace_id: context.traceId, span_id: context.spanId })),
    name: span.name,
    kind: SpanKind[span.kind].toLowerCase(),
    start_us: microseconds(span.startTime),
    end_us: microseconds(span.endTime),
    topic: span.attributes['messaging.destination.name'] ?? null,
    key: span.attributes['messaging.kafka.message.key'] ?? null,
    queue_time_ms: span.attributes[QUEUE_TIME] ?? null,
    timestamp_type: span.attributes[TIMESTAMP_TYPE] ?? null,
  };
}

function microseconds([seconds, nanoseconds]) {
  return seconds * 1_000_000 + Math.floor(nanoseconds / 1000);
}

module.exports = { waited, relation, write };
