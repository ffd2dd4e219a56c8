package tracebaton.formats;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/** What a library does with the headers of a record. */
interface Tracer {
    Map<String, String> libraries();

    /** Writes a context. */
    void inject(String format, Wire.Told context, Headers headers);

    /** Reads a context, and writes that of a child. */
    Wire.Received relay(String format, ConsumerRecord<String, String> record, Headers headers);
}
