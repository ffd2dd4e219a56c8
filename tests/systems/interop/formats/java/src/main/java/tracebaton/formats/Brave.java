package tracebaton.formats;

import brave.Tracing;
import brave.kafka.clients.KafkaTracing;
import brave.propagation.B3Propagation;
import brave.propagation.B3Propagation.Format;
import brave.propagation.CurrentTraceContext;
import brave.propagation.Propagation;
import brave.propagation.TraceContext;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/** Brave with its instrumentation of kafka-clients. */
final class Brave implements Tracer {
    private static final Propagation.Setter<Headers, String> SETTER =
            (headers, key, value) -> headers.add(key, value.getBytes(StandardCharsets.UTF_8));

    private final Map<String, Tracing> tracings = new HashMap<>();

    Brave() {
        var formats = Map.of("b3", Format.SINGLE_NO_PARENT, "b3multi", Format.MULTI);
        // Only one at a time is the current one.
        for (var format : formats.entrySet()) {
            var propagation = B3Propagation.newFactoryBuilder().injectFormat(format.getValue()).build();
            tracings.put(format.getKey(), Tracing.newBuilder()
                    .currentTraceContext(CurrentTraceContext.Default.create())
                    .propagationFactory(propagation)
                    .traceId128Bit(true)
                    .build());
        }
    }

    @Override
    public Map<String, String> libraries() {
        return Map.of("brave", version());
    }

    @Override
    public void inject(String format, Wire.Told told, Headers headers) {
        var context = TraceContext.newBuilder()
                .traceIdHigh(number(told.traceId().substring(0, 16)))
                .traceId(number(told.traceId().substring(16)))
                .spanId(number(told.spanId()));
        switch (told.sampling()) {
            case "accept" -> context.sampled(true);
            case "deny" -> context.sampled(false);
            case "debug" -> context.debug(true);
            default -> context.sampled(null);
        }
        tracings.get(format).propagation().injector(SETTER).inject(context.build(), headers);
    }

    /** The span that the instrumentation makes has the received one as its parent; it decides where nobody has. */
    @Override
    public Wire.Received relay(String format, ConsumerRecord<String, String> record, Headers headers) {
        var tracing = tracings.get(format);
        var extractor = tracing.propagation().extractor(
                (Headers carrier, String key) -> {
                    var header = carrier.lastHeader(key);
                    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
                });
        var received = extractor.extract(record.headers());
        var child = KafkaTracing.create(tracing).nextSpan(record).start();
        child.abandon();
        var context = received.context();
        if (context == null || child.context().parentIdAsLong() != context.spanId()) {
            return new Wire.Received(record.key(), null, null);
        }
        tracing.propagation().injector(SETTER).inject(child.context(), headers);
        return new Wire.Received(record.key(), told(context), told(child.context()));
    }

    /** The manifest of its jar has the version of an OSGi bundle alone. */
    private static String version() {
        var jar = Tracing.class.getProtectionDomain().getCodeSource().getLocation().getPath();
        return jar.replaceAll(".*/brave-(.*)\\.jar", "$1");
    }

    private static long number(String digits) {
        return HexFormat.fromHexDigitsToLong(digits);
    }

    private static Wire.Told told(TraceContext context) {
        var sampling = context.debug() ? "debug"
                : context.sampled() == null ? "defer" : context.sampled() ? "accept" : "deny";
        var trace = HexFormat.of().toHexDigits(context.traceIdHigh()) + HexFormat.of().toHexDigits(context.traceId());
        return new Wire.Told(trace, context.spanIdString(), sampling);
    }
}
