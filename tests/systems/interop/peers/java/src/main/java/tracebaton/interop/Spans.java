package tracebaton.interop;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the spans of the instrumentation say. */
final class Spans {
    private static final AttributeKey<String> TOPIC = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> KEY = AttributeKey.stringKey("messaging.kafka.message.key");
    private static final AttributeKey<Long> QUEUE_TIME = AttributeKey.longKey("messaging.kafka.queue_time_ms");
    private static final AttributeKey<String> TIMESTAMP_TYPE = AttributeKey.stringKey("messaging.kafka.timestamp_type");

    private Spans() {}

    /** Says in the record's span how long it waited. */
    static void waited(ConsumerRecord<?, ?> record) {
        Span.current()
                .setAttribute(QUEUE_TIME, System.currentTimeMillis() - record.timestamp())
                .setAttribute(TIMESTAMP_TYPE, record.timestampType().name().toLowerCase(Locale.ROOT));
    }

    /** What the received span is to the current one. A span that is not sampled can only be asked for its trace. */
    static String relation(SpanContext received) {
        var current = Span.current();
        if (!received.isValid() || !current.getSpanContext().isValid()) {
            return "none";
        }
        if (!(current instanceof ReadableSpan span)) {
            return current.getSpanContext().getTraceId().equals(received.getTraceId()) ? "parent" : "none";
        }
        if (span.getParentSpanContext().equals(received)) {
            return "parent";
        }
        return span.toSpanData().getLinks().stream().anyMatch(link -> link.getSpanContext().equals(received)) ? "link" : "none";
    }

    static List<Wire.Finished> write(List<SpanData> spans) {
        return spans.stream().map(Spans::write).toList();
    }

    private static Wire.Finished write(SpanData span) {
        var said = span.getAttributes();
        var links = span.getLinks().stream()
                .map(link -> new Wire.Linked(link.getSpanContext().getTraceId(), link.getSpanContext().getSpanId()))
                .toList();
        return new Wire.Finished(
                span.getTraceId(),
                span.getSpanId(),
                span.getParentSpanContext().isValid() ? span.getParentSpanId() : null,
                links,
                span.getName(),
                span.getKind().name().toLowerCase(Locale.ROOT),
                span.getStartEpochNanos() / 1000,
                span.getEndEpochNanos() / 1000,
                said.get(TOPIC),
                said.get(KEY),
                said.get(QUEUE_TIME),
                said.get(TIMESTAMP_TYPE));
    }
}
