package tracebaton.interop;

import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The records of a topic's one partition, one after the other. The iterator beneath is the instrumentation's: it begins
 * a span with each record and ends it when it is asked for more.
 */
final class Records<K, V> implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Consumer<K, V> consumer;
    private Iterator<ConsumerRecord<K, V>> polled = Collections.emptyIterator();

    Records(Consumer<K, V> consumer) {
        this.consumer = consumer;
    }

    ConsumerRecord<K, V> next() throws TimeoutException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!polled.hasNext()) {
            if (System.nanoTime() > end) {
                throw new TimeoutException("no record came within " + PATIENCE.toSeconds() + " s");
            }
            var records = consumer.poll(Duration.ofSeconds(1));
            for (var partition : records.partitions()) {
                polled = records.records(partition).iterator();
            }
        }
        return polled.next();
    }

    /** Ends the span of the last record. */
    @Override
    public void close() {
        polled.hasNext();
    }
}
