package tracebaton.interop;

import java.util.List;
import java.util.Map;

/** What the driver and the program say to each other; names are snake_case on the wire. */
interface Wire {
    record Ready(boolean ready, String language, Map<String, String> libraries) {}

    record Command(String command, String topic, List<Message> records, String from, String to, int count) {}

    record Message(String key, String value, Trace context) {}

    /** A context: the ids and flags are null without a span context. */
    record Trace(String traceId, String spanId, String traceFlags, String tracestate, List<Member> baggage) {}

    record Member(String key, String value, String metadata) {}

    record Produced(List<Sent> produced, List<Finished> spans) {}

    record Sent(String key, Trace context) {}

    record Consumed(List<Received> consumed) {}

    record Relayed(List<Received> relayed, List<Finished> spans) {}

    record Received(String key, Trace context, String relation) {}

    record Finished(
            String traceId, String spanId, String parent, List<Linked> links, String name, String kind,
            long startUs, long endUs, String topic, String key, Long queueTimeMs, String timestampType) {}

    record Linked(String traceId, String spanId) {}

    record Failed(String error) {}
}
