package tracebaton.formats;

import java.util.List;
import java.util.Map;

/** What the driver and the program say to each other; names are snake_case on the wire. */
interface Wire {
    record Ready(boolean ready, String language, Map<String, String> libraries) {}

    record Command(
            String command, String format, String topic, List<Message> records, String from, String to, int count) {}

    record Message(String key, String value, Told context) {}

    /** A context; sampling is accept, deny, defer or debug. */
    record Told(String traceId, String spanId, String sampling) {}

    record Sent(int sent) {}

    record Relayed(List<Received> relayed) {}

    /** The context that was read, and that of the child which was sent; both are null if none was read. */
    record Received(String key, Told context, Told sent) {}

    record Failed(String error) {}
}
